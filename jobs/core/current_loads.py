"""Which load of each data set its table holds now; the other rows of load_runs are history."""

from collections.abc import Mapping

import pandas as pd


def current_loads(loads: pd.DataFrame, published: Mapping[str, str]) -> pd.DataFrame:
    """The current load of each data set, sorted by data set.

    Args:
        loads: rows of load_runs.
        published: fingerprint by table; it starts with the checksum of the loaded file.

    """
    pairs = zip(loads["dataset"], loads["sha256"], strict=True)
    valid = [published.get(dataset, "").startswith(str(sha256)[:12]) for dataset, sha256 in pairs]
    current = loads[pd.Series(valid, index=loads.index, dtype=bool)].sort_values("loaded_at")
    return current.drop_duplicates("dataset", keep="last").sort_values("dataset")
