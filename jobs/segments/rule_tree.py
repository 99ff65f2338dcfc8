"""A few rules that explain the segments: a small decision tree, trained on half of a sample and tested on the rest."""

import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from jobs.core import tables

LEAVES_PER_SEGMENT = 2
MIN_LEAF = 5  # customers of the training half in a leaf
FORMATS = {
    "balance": "₹ {:,.0f}",
    "amount_mean": "₹ {:,.0f}",
    "age": "{:.1f}",
    "gap_mean": "{:.1f} days",
    "gap_max": "{:.0f} days",
}
"""Units; everything else is a plain number."""
LABELS = {
    "amount_mean": "mean amount",
    "gap_mean": "mean time between payments",
    "gap_max": "longest pause",
    "amount_variation": "variation of amounts",
    "city_changes": "share of changes of city",
    "share_night": "share at night",
    "share_morning": "share in the morning",
    "share_afternoon": "share in the afternoon",
    "share_evening": "share in the evening",
    "share_saturday": "share on Saturdays",
    "share_sunday": "share on Sundays",
}
"""Features whose column name is no phrase."""
NUMBER = "{:.2f}"
UNBOUNDED = (float("-inf"), float("inf"))
Bounds = dict[str, tuple[float, float]]
"""For each feature the exclusive lower and the inclusive upper bound, in the feature's unit."""


def rule_rows(customers: pd.DataFrame, features: list[str], seed: int) -> pd.DataFrame:
    """Return the rows of segment_rules; no rows if fewer than two customers have all features.

    Args:
        customers: a sample ordered by hash, with columns segment and the features.
        features: the features of the model.
        seed: seed of the tree.

    """
    columns = tables.columns("segment_rules")
    complete = customers.dropna(subset=features).reset_index(drop=True)
    training, test = complete.iloc[::2], complete.iloc[1::2]
    if test.empty:
        return pd.DataFrame(columns=columns)
    leaves = max(2, LEAVES_PER_SEGMENT * complete["segment"].nunique())
    tree = DecisionTreeClassifier(max_leaf_nodes=leaves, min_samples_leaf=MIN_LEAF, random_state=seed)
    tree.fit(training[features].to_numpy(), training["segment"])
    is_correct = tree.predict(test[features].to_numpy()) == test["segment"]
    test_leaves = tree.apply(test[features].to_numpy())
    by_leaf = is_correct.groupby(test_leaves).agg(["size", "mean"])
    bounds = leaf_bounds(tree, features)
    rows = [
        {
            "segment": _leaf_segment(tree, leaf),
            "rule": describe_bounds(bounds[leaf]),
            "customers": by_leaf.loc[leaf, "size"],
            "purity": by_leaf.loc[leaf, "mean"],
            "accuracy": is_correct.mean(),
        }
        for leaf in by_leaf.index
    ]
    rows.sort(key=lambda row: (-row["customers"], row["rule"]))
    return pd.DataFrame([{"position": position, **row} for position, row in enumerate(rows, 1)], columns=columns)


def leaf_bounds(tree: DecisionTreeClassifier, features: list[str]) -> dict[int, Bounds]:
    """Return the bounds that lead to each leaf, by node number."""
    nodes, leaves = tree.tree_, {}
    pending: list[tuple[int, Bounds]] = [(0, {})]
    while pending:
        node, bounds = pending.pop()
        is_leaf = nodes.children_left[node] < 0
        if is_leaf:
            leaves[node] = bounds
            continue
        name, threshold = features[nodes.feature[node]], float(nodes.threshold[node])
        low, high = bounds.get(name, UNBOUNDED)
        pending.append((nodes.children_left[node], {**bounds, name: (low, threshold)}))
        pending.append((nodes.children_right[node], {**bounds, name: (threshold, high)}))
    return leaves


def describe_bounds(bounds: Bounds) -> str:
    """Describe the bounds, such as `balance over ₹ 5,000, at most ₹ 9,000 and age at most 30.5`."""
    conditions = []
    for name, (low, high) in sorted(bounds.items()):
        limits = []
        if low > UNBOUNDED[0]:
            limits.append(f"over {FORMATS.get(name, NUMBER).format(low)}")
        if high < UNBOUNDED[1]:
            limits.append(f"at most {FORMATS.get(name, NUMBER).format(high)}")
        conditions.append(f"{LABELS.get(name, name)} {', '.join(limits)}")
    return " and ".join(conditions) or "every customer"


def _leaf_segment(tree: DecisionTreeClassifier, leaf: int) -> str:
    return str(tree.classes_[tree.tree_.value[leaf][0].argmax()])
