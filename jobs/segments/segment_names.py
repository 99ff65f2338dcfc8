"""Names of segments, based on the features in which a segment differs most from all customers.

For each feature, the median customer of a segment has a percentile among all customers: 0.9 means that nine out of ten
customers have less. The features whose percentile is farthest from the middle make the name.
"""

from collections import Counter
from collections.abc import Mapping

import pandas as pd

WORDS = {
    "balance": ("hardly any balance", "small balance", "good balance", "large balance", "top balance"),
    "amount_mean": ("tiny payments", "small payments", "good payments", "large payments", "top payments"),
    "age": ("youngest", "younger", "older", "older", "oldest"),
    "gap_mean": ("very frequent payers", "frequent payers", "infrequent payers", "rare payers", "very rare payers"),
    "gap_max": ("", "", "long pauses", "long pauses", "very long pauses"),
    "regularity": ("bursts of payments", "irregular", "regular", "very regular", "like clockwork"),
    "trend": ("fading", "declining", "growing", "growing", "growing fast"),
    "amount_variation": (
        "constant amounts",
        "steady amounts",
        "varying amounts",
        "volatile amounts",
        "volatile amounts",
    ),
    "city_changes": ("one city", "", "several cities", "travellers", "constant travellers"),
    "share_night": ("", "", "nights", "nights", "nights"),
    "share_morning": ("", "", "mornings", "mornings", "mornings"),
    "share_afternoon": ("", "", "afternoons", "afternoons", "afternoons"),
    "share_evening": ("", "", "evenings", "evenings", "evenings"),
    "share_saturday": ("", "", "Saturdays", "Saturdays", "Saturdays"),
    "share_sunday": ("", "", "Sundays", "Sundays", "Sundays"),
}
LOW_LIMITS = (0.12, 0.35)
"""Up to these percentiles the first and the second word apply."""
HIGH_LIMITS = (0.65, 0.85, 0.95)
"""From these percentiles the third, fourth and fifth word apply. There is no word for the middle."""
WORDS_PER_NAME = 2  # longer names only where two segments would have the same
MIN_KNOWN_SHARE = 0.5  # features that are known for fewer customers name nobody
MIDDLE = "everyday customers"


def segment_names(customers: pd.DataFrame) -> dict[str, str]:
    """Return a unique name for each segment.

    Args:
        customers: a sample with columns segment and features of WORDS.

    """
    percentiles = median_percentiles(customers)
    words = {segment: distinctive_words(dict(percentiles.loc[segment])) for segment in percentiles.index}
    names = {segment: _join(phrases[:WORDS_PER_NAME]) for segment, phrases in words.items()}
    uses = Counter(names.values())
    names |= {segment: _join(words[segment]) for segment, name in names.items() if uses[name] > 1}
    uses = Counter(names.values())
    return {segment: name if uses[name] == 1 else f"{name} ({segment})" for segment, name in names.items()}


def median_percentiles(customers: pd.DataFrame) -> pd.DataFrame:
    """Return the median percentile (0 to 1) of each segment in each feature, one row per segment."""
    known = [name for name in WORDS if name in customers and customers[name].notna().mean() >= MIN_KNOWN_SHARE]
    percentiles = customers[known].rank(pct=True)
    return percentiles.groupby(customers["segment"]).median().dropna(how="all")


def distinctive_words(percentiles: Mapping[str, float]) -> list[str]:
    """Return the words for all features that are not in the middle, the most extreme feature first."""
    by_extremeness = sorted(percentiles, key=lambda name: -abs(percentiles[name] - 0.5))
    return [word for name in by_extremeness if (word := word_for(name, percentiles[name]))]


def word_for(feature: str, percentile: float) -> str:
    """Return the word for a percentile, or '' for the middle and for NaN."""
    words = WORDS[feature]
    low_words, high_words = words[: len(LOW_LIMITS)], words[len(LOW_LIMITS) :]
    for limit, word in zip(LOW_LIMITS, low_words, strict=True):
        if percentile <= limit:
            return word
    for limit, word in reversed([*zip(HIGH_LIMITS, high_words, strict=True)]):
        if percentile >= limit:
            return word
    return ""


def describe(row: pd.Series, medians: pd.Series) -> str:
    """Describe a segment in two sentences.

    Args:
        row: share, balance_share and amount_share, from 0 to 1.
        medians: medians of the segment's customers: balance and amount_mean in rupees, age in years. NaN is left out.

    """
    shares = (
        f"{row['share']:.1%} of customers, with {row['balance_share']:.1%} of balances and "
        f"{row['amount_share']:.1%} of transaction value."
    )
    phrases = {
        "balance": "balance ₹ {:,.0f}",
        "amount_mean": "payment ₹ {:,.0f}",
        "age": "age {:.0f}",
    }
    known = [phrase.format(medians[name]) for name, phrase in phrases.items() if pd.notna(medians[name])]
    return f"{shares} Typical: {', '.join(known)}." if known else shares


def _join(phrases: list[str]) -> str:
    name = ", ".join(phrases) or MIDDLE
    return name[0].upper() + name[1:]
