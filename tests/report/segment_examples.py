"""Example rows of the segment tables: two segments, the smaller holding most of the money; and no segments."""

import pandas as pd

NAMES = pd.DataFrame(
    [
        ("A", "Everyday customers", "Most of them.", 80, 0.8, 2000.0, 0.2, 300.0, 0.3, 160, "1F"),
        ("B", "Top balance", "A few.", 20, 0.2, 8000.0, 0.8, 700.0, 0.7, 20, "2E"),
    ],
    columns=[
        "segment",
        "name",
        "description",
        "customers",
        "share",
        "balance_sum",
        "balance_share",
        "amount_sum",
        "amount_share",
        "transactions",
        "checksum",
    ],
)
_SHARES = {
    "gender": {"F": (0.5, 0.25), "M": (0.25, 0.75), "unknown": (0.25, 0.0)},
    "age_band": {"under 25": (0.5, 0.0), "25-34": (0.25, 0.25), "35-44": (0.0, 0.75), "unknown": (0.25, 0.0)},
    "city": {"NEW DELHI": (0.4, 0.7), "unknown": (0.2, 0.0), "PUNE": (0.1, 0.0), "all others": (0.3, 0.3)},
    "day_part": {"morning": (0.25, 0.75), "evening": (0.75, 0.25)},
    "weekday": {"monday": (0.5, 0.5), "sunday": (0.5, 0.5)},
}
GROUPS = pd.DataFrame(
    [
        (segment, dimension, position, value, 1, shares[index])
        for dimension, values in _SHARES.items()
        for position, (value, shares) in enumerate(values.items(), 1)
        for index, segment in enumerate("AB")
    ],
    columns=["segment", "dimension", "position", "value", "members", "share"],
)
UNKNOWN = float("nan")
_MEASURED = (0.5, 0.7, 0.05, 0.9, 0.61, 0.85, UNKNOWN, 0.01)
CLUSTERINGS = pd.DataFrame(
    [
        (1, "money", "winsorised", "k-means", 5, 0.69, 0.12, *_MEASURED, "accepted", True),
        (2, "money", "winsorised", "k-means", 4, 0.65, 0.15, *_MEASURED, "accepted", False),
        (3, "money", "log", "k-means", 5, 0.33, 0.25, *_MEASURED, "not stable", False),
        (4, "money", "winsorised", "Ward", 4, 0.71, 0.13, *_MEASURED, "shown for the hierarchy, does not scale", False),
        (
            5,
            "transactions",
            "raw",
            "baseline",
            6,
            0.48,
            0.15,
            0.5,
            0.7,
            0.0001,
            0.9,
            UNKNOWN,
            UNKNOWN,
            UNKNOWN,
            0.01,
            "published analysis",
            False,
        ),
    ],
    columns=[
        "position",
        "features",
        "treatment",
        "algorithm",
        "k",
        "silhouette",
        "silhouette_common",
        "within",
        "davies_bouldin",
        "smallest_share",
        "stability",
        "null_silhouette",
        "null_stability",
        "membership",
        "seconds",
        "verdict",
        "chosen",
    ],
)
LINES = pd.DataFrame(
    [
        (merge, point, x, y)
        for merge, height in ((1, 2.0), (2, 3.0), (3, 5.0), (4, 9.0))
        for point, (x, y) in enumerate([(merge, 0.0), (merge, height), (merge + 1, height), (merge + 1, 0.0)], 1)
    ],
    columns=["branch", "point", "x", "y"],
)
DECIDED = pd.DataFrame(
    [
        {
            "reason": None,
            "algorithm": "k-means",
            "features": ["balance", "amount_mean"],
            "k": 5,
            "treatment": "winsorised",
            "silhouette": 0.691,
            "silhouette_squared": 0.83,
            "silhouette_common": 0.117,
            "smallest_share": 0.21,
            "stability": 0.98,
            "natural": True,
            "null_silhouette": 0.61,
            "null_stability": 0.85,
            "explanation": "2 of 4 clusterings meet the rule.",
            "left_out": None,
        }
    ]
)
REASON = "Only 5 of 7 customers are known well enough; 100 are needed, so there are no segments."
PROFILES = pd.DataFrame(
    [("A", "balance", 80, 25.0, 0.0, 1.0, 20.0, 90.0, 99.0), ("B", "regularity", 0, *[None] * 6)],
    columns=["segment", "feature", "known", "centre", "minimum", "p05", "median", "p95", "maximum"],
)
CONCENTRATION = pd.DataFrame(
    [("balance", 0.01, 1, 0.4), ("balance", 0.1, 10, 0.75), ("amount_sum", 0.01, 1, 0.2), ("amount_sum", 0.1, 10, 0.5)],
    columns=["measure", "top", "customers", "held"],
)
RULES = pd.DataFrame(
    [(1, "A", "balance at most ₹ 99", 40, 0.95, 0.96)],
    columns=["position", "segment", "rule", "customers", "purity", "accuracy"],
)
MOVES = pd.DataFrame(
    [("A", "A", 70), ("A", "B", 10), (None, "A", 20)], columns=["from_segment", "to_segment", "customers"]
)
CLEANING = pd.DataFrame(
    [(1, "amount_positive", "transactions", 30, 2, 0, 28, "Transactions without an amount carry no information.")],
    columns=["position", "step", "unit", "before", "removed", "changed", "after", "why"],
)
_REWARD = "Reward; offer new products first."
TIERS = pd.DataFrame(
    [
        ("rfm", 1, "Champions", "Paid often.", 20, 0.2, 8e3, 0.8, 700.0, 0.7, 3.5, 2.0, 40.0, _REWARD, "A1"),
        ("rfm", 10, "Hibernating", "Paid little.", 80, 0.8, 2e3, 0.2, 300.0, 0.3, 1.0, 60.0, 900.0, "Call.", "B2"),
        ("value", 11, "Platinum", "The top.", 100, 1.0, 1e4, 1.0, 1e3, 1.0, 1.5, 48.4, 940.0, "Assign.", "C3"),
    ],
    columns=[
        "scheme",
        "position",
        "tier",
        "meaning",
        "customers",
        "share",
        "balance_sum",
        "balance_share",
        "amount_sum",
        "amount_share",
        "transactions_mean",
        "recency_mean",
        "value_at_stake",
        "next_action",
        "checksum",
    ],
)
MIGRATION = pd.DataFrame(
    [
        ("rfm", "Champions", "Champions", 15, 6000.0),
        ("rfm", "Champions", "Hibernating", 5, 500.0),
        ("rfm", "Hibernating", "Hibernating", 60, 1500.0),
        ("rfm", None, "Champions", 20, 2000.0),
    ],
    columns=["scheme", "from_tier", "to_tier", "customers", "balance_sum"],
)
SEGMENTS = {
    "tier_profiles": TIERS,
    "tier_migration": MIGRATION,
    "segment_names": NAMES,
    "segment_groups": GROUPS,
    "clusterings": CLUSTERINGS,
    "segment_dendrogram": LINES,
    "segment_decisions": DECIDED,
    "segment_profiles": PROFILES,
    "segment_rules": RULES,
    "segment_movement": MOVES,
    "customer_cleaning": CLEANING,
    "segment_concentration": CONCENTRATION,
}
NO_SEGMENTS = {
    **{name: table.head(0) for name, table in SEGMENTS.items()},
    "customer_cleaning": CLEANING,
    "segment_decisions": DECIDED.assign(reason=REASON, k=0),
    "tier_profiles": TIERS,
    "tier_migration": MIGRATION,
}
