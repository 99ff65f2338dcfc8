"""Which load of a data set is in its table now; the others in load_runs are history."""

from collections.abc import Mapping

import pandas as pd


def current_loads(loads: pd.DataFrame, published: Mapping[str, str]) -> pd.DataFrame:
    """The load of each data set's table as it is, in the order of their names.

    Args:
        loads: rows of load_runs.
        published: the fingerprint of each table, which begins with its file's checksum.

    """
    pairs = zip(loads["dataset"], loads["sha256"], strict=True)
    valid = [published.get(dataset, "").startswith(str(sha256)[:12]) for dataset, sha256 in pairs]
    current = loads[pd.Series(valid, index=loads.index, dtype=bool)].sort_values("loaded_at")
    return current.drop_duplicates("dataset", keep="last").sort_values("dataset")
