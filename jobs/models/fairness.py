"""Compares how models treat groups of clients: age bands, and sexes where the data has them.

Equal opportunity difference (Hardt, Price, Srebro 2016): a group's true positive rate minus that of the best-served
group.
"""

from collections.abc import Collection

import pandas as pd

from jobs.core.tables import columns

MIN_POSITIVES = 50
"""Clients with the outcome that a group needs to be compared; smaller groups are only counted."""


def fairness(rows: pd.DataFrame, attributes: Collection[str], threshold: float) -> pd.DataFrame:
    """Return rows of the table fairness: rates of each group of each attribute.

    Args:
        rows: `label`, `probability` by models that hadn't seen the client, and `group_<attribute>`.
        attributes: "age", "sex".
        threshold: probability from which the bank acts.

    """
    selected = rows["probability"] >= threshold
    parts = [_group_rates(rows, attribute, selected) for attribute in attributes]
    names = columns("fairness", partitions=False)
    return pd.concat(parts, ignore_index=True)[names] if parts else pd.DataFrame(columns=names)


def _group_rates(rows: pd.DataFrame, attribute: str, selected: "pd.Series[bool]") -> pd.DataFrame:
    group = rows[f"group_{attribute}"].fillna("not known")
    clients = pd.DataFrame(
        {
            "label": rows["label"],
            "selected": selected.astype(float),
            "probability": rows["probability"],
            "hit": selected.astype(float) * rows["label"],
        }
    )
    rates = clients.groupby(group).agg(
        clients=("label", "size"),
        positives=("label", "sum"),
        selected=("selected", "sum"),
        mean_probability=("probability", "mean"),
        hits=("hit", "sum"),
    )
    negatives = rates["clients"] - rates["positives"]
    rates["selection_rate"] = rates["selected"] / rates["clients"]
    rates["true_positive_rate"] = rates["hits"] / rates["positives"].where(rates["positives"] > 0)
    rates["false_positive_rate"] = (rates["selected"] - rates["hits"]) / negatives.where(negatives > 0)
    compared = rates["true_positive_rate"].where(rates["positives"] >= MIN_POSITIVES)
    rates["equal_opportunity_difference"] = compared - compared.max()
    return rates.rename_axis("group_name").reset_index().assign(attribute=attribute)
