"""Names of segments, by what sets them apart.

For each feature the median of a segment is placed among all customers: at 0.9, nine of ten customers have less. The
features that are farthest from the middle make the name, in words that follow from the place.
"""

from collections.abc import Mapping

import pandas as pd

WORDS = {
    "balance": ("hardly any balance", "small balance", "good balance", "large balance", "top balance"),
    "amount_mean": ("tiny payments", "small payments", "good payments", "large payments", "top payments"),
    "age": ("youngest", "younger", "older", "older", "oldest"),
}
ENDS = (0.12, 0.35, 0.65, 0.85, 0.95)
"""Up to which place the first two words hold, and from which the others do."""
LENGTH = 2  # features of a name, more only where names would be the same
MIDDLE = "everyday customers"


def name_all(some: pd.DataFrame) -> dict[str, str]:
    """A name for each segment, no two alike.

    Args:
        some: customers with their segment and the features of WORDS.

    """
    places = standing(some)
    words = {segment: apart(dict(places.loc[segment])) for segment in places.index}
    names = {segment: _joined(said[:LENGTH]) for segment, said in words.items()}
    twins = {segment for segment, name in names.items() if list(names.values()).count(name) > 1}
    names |= {segment: _joined(words[segment]) for segment in twins}
    return {
        segment: name if list(names.values()).count(name) == 1 else f"{name} ({segment})"
        for segment, name in names.items()
    }


def standing(some: pd.DataFrame) -> pd.DataFrame:
    """By segment: the mean of the ranks of its customers' median in each feature, as a share of all customers."""
    ranks = some[list(WORDS)].rank(pct=True)
    return ranks.groupby(some["segment"]).median().dropna(how="all")


def apart(places: Mapping[str, float]) -> list[str]:
    """The words for the features that are off the middle, the farthest first."""
    far = sorted(places, key=lambda name: -abs(places[name] - 0.5))
    return [word for name in far if (word := word_for(name, places[name]))]


def word_for(feature: str, place: float) -> str:
    """The word for a place; nothing for the middle, or if it is not known."""
    words = WORDS[feature]
    below = [word for end, word in zip(ENDS[:2], words, strict=False) if place <= end]
    above = [word for end, word in zip(ENDS[2:], words[2:], strict=True) if place >= end]
    return (below[:1] or above[-1:] or [""])[0]


def describe(row: pd.Series, medians: pd.Series) -> str:
    """A segment in a sentence.

    Args:
        row: share, balance_share and amount_share.
        medians: of the segment's customers; what is not known is left out.

    """
    share, balance, amount = (100 * float(row[name]) for name in ("share", "balance_share", "amount_share"))
    typical = [
        said.format(medians[name])
        for name, said in (("balance", "₹ {:,.0f} on the account"), ("amount_mean", "₹ {:,.0f} a payment"))
        if medians[name] == medians[name]
    ]
    aged = f", aged {medians['age']:.0f}" if medians["age"] == medians["age"] else ""
    told = f"{share:.1f} % of the customers, with {balance:.1f} % of the balances and {amount:.1f} % of the money moved"
    return f"{told}; typically {' and '.join(typical)}{aged}."


def _joined(words: list[str]) -> str:
    name = ", ".join(words) or MIDDLE
    return name[0].upper() + name[1:]
