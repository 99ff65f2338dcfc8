"""Whether groups of clients are treated alike: by age band and sex, where the data has them.

Equal opportunity difference, Hardt, Price, Srebro (2016): how much less often than the best-served group a group's
clients with the outcome are found.
"""

from collections.abc import Collection

import pandas as pd

LEAST = 50  # clients with the outcome: a group with fewer is counted, and not compared


def fairness(rows: pd.DataFrame, attributes: Collection[str], threshold: float) -> pd.DataFrame:
    """Rates of each group of each attribute, from scores of models that had not seen the client.

    Args:
        rows: label, probability, and `group_<attribute>`.
        attributes: age, sex, …
        threshold: from which probability the bank acts.

    """
    found = [_groups(rows, name, rows["probability"] >= threshold) for name in attributes]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)


COLUMNS = [
    *("attribute", "group_name", "clients", "positives", "selected", "selection_rate", "true_positive_rate"),
    *("false_positive_rate", "mean_probability", "equal_opportunity_difference"),
]


def _groups(rows: pd.DataFrame, attribute: str, selected: "pd.Series[bool]") -> pd.DataFrame:
    group = rows[f"group_{attribute}"].fillna("not known")
    cells = pd.DataFrame({"label": rows["label"], "selected": selected.astype(float), "p": rows["probability"]})
    found = cells.groupby(group).agg(
        clients=("label", "size"),
        positives=("label", "sum"),
        selected=("selected", "sum"),
        mean_probability=("p", "mean"),
    )
    hits = (cells["selected"] * cells["label"]).groupby(group).sum()
    found["selection_rate"] = found["selected"] / found["clients"]
    found["true_positive_rate"] = hits / found["positives"].where(found["positives"] > 0)
    negatives = found["clients"] - found["positives"]
    found["false_positive_rate"] = (found["selected"] - hits) / negatives.where(negatives > 0)
    rated = found["true_positive_rate"].where(found["positives"] >= LEAST)
    found["equal_opportunity_difference"] = rated - rated.max()
    found = found.rename_axis("group_name").reset_index()
    return found.assign(attribute=attribute)[COLUMNS]
