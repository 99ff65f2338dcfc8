"""Membership in a few rules: a small decision tree, learned on one half of a sample and tested on the other."""

import pandas as pd
from sklearn.tree import DecisionTreeClassifier

LEAVES_EACH = 2  # leaves of the tree for each segment
UNITS = {"balance": "₹ {:,.0f}", "amount_mean": "₹ {:,.0f}", "age": "{:.1f}"}
WORDS = {"balance": "balance", "amount_mean": "mean amount", "age": "age"}
COLUMNS = ("position", "segment", "rule", "customers", "purity", "accuracy")
Bounds = dict[str, tuple[float, float]]


def rules(some: pd.DataFrame, features: list[str], seed: int) -> pd.DataFrame:
    """The rows of segment_rules; none for fewer than two customers of whom all features are known.

    Args:
        some: customers in the order of a hash, with their segment and the features.
        features: those of the model.
        seed: of the tree.

    """
    known = some.dropna(subset=features).reset_index(drop=True)
    learned, tested = known.iloc[::2], known.iloc[1::2]
    if tested.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    leaves = max(2, LEAVES_EACH * known["segment"].nunique())
    tree = DecisionTreeClassifier(max_leaf_nodes=leaves, min_samples_leaf=5, random_state=seed)
    tree.fit(learned[features].to_numpy(), learned["segment"])
    right = tree.predict(tested[features].to_numpy()) == tested["segment"]
    met = right.groupby(tree.apply(tested[features].to_numpy())).agg(["size", "mean"])
    bounds = leaf_bounds(tree, features)
    rows = [(*_leaf(tree, leaf, bounds[leaf]), *met.loc[leaf]) for leaf in met.index]
    rows.sort(key=lambda row: (-row[2], row[1]))
    return pd.DataFrame([(p, *row, right.mean()) for p, row in enumerate(rows, 1)], columns=list(COLUMNS))


def leaf_bounds(tree: DecisionTreeClassifier, features: list[str]) -> dict[int, Bounds]:
    """For each leaf the open lower and closed upper bound of each feature that leads to it."""
    nodes, found = tree.tree_, {}
    open_nodes: list[tuple[int, Bounds]] = [(0, {})]
    while open_nodes:
        node, bounds = open_nodes.pop()
        if nodes.children_left[node] < 0:
            found[node] = bounds
            continue
        name, cut = features[nodes.feature[node]], float(nodes.threshold[node])
        low, high = bounds.get(name, (float("-inf"), float("inf")))
        open_nodes.append((nodes.children_left[node], {**bounds, name: (low, cut)}))
        open_nodes.append((nodes.children_right[node], {**bounds, name: (cut, high)}))
    return found


def in_words(bounds: Bounds) -> str:
    """`balance over ₹ 5,000, at most ₹ 9,000 and age at most 30.5`."""
    said = []
    for name, (low, high) in sorted(bounds.items()):
        over = [f"over {UNITS[name].format(low)}"] if low > float("-inf") else []
        most = [f"at most {UNITS[name].format(high)}"] if high < float("inf") else []
        said.append(f"{WORDS[name]} {', '.join(over + most)}")
    return " and ".join(said) or "every customer"


def _leaf(tree: DecisionTreeClassifier, leaf: int, bounds: Bounds) -> tuple[str, str]:
    return str(tree.classes_[tree.tree_.value[leaf][0].argmax()]), in_words(bounds)
