"""The tiers: RFM (recency, frequency, monetary value) by quintiles, and value tiers by balance.

RFM scores are 1 to 5, 5 is best. The names are those that CRM tools use for the grid of recency and frequency (Hughes
1994); here frequency and monetary value share the second axis, as their rounded mean.
"""

from dataclasses import dataclass
from typing import Literal

Scheme = Literal["rfm", "value"]


@dataclass(frozen=True)
class Tier:
    """One tier of a scheme, and what to do about its customers."""

    scheme: Scheme
    name: str
    meaning: str
    next_action: str


UNRATED = "Unrated"
TIERS = (
    Tier("rfm", "Champions", "Paid recently, often and much.", "Reward; offer new products first; ask for referrals."),
    Tier("rfm", "Loyal customers", "Pay often and much.", "Offer a higher-value account or card."),
    Tier(
        "rfm", "Potential loyalists", "Paid recently, with average frequency and amounts.", "Offer a loyalty programme."
    ),
    Tier("rfm", "New customers", "Paid very recently, little so far.", "Welcome; help with the first steps."),
    Tier("rfm", "Promising", "Paid recently, little so far.", "Offer an incentive for the next payments."),
    Tier("rfm", "Need attention", "Average in everything.", "Send a limited offer based on past payments."),
    Tier(
        "rfm", "About to sleep", "Below average, and less active of late.", "Remind them; recommend popular services."
    ),
    Tier("rfm", "At risk", "Paid much or often, but not for long.", "Contact personally; ask what went wrong."),
    Tier("rfm", "Can't lose them", "Among the best, but not active for long.", "Call; make an offer to win them back."),
    Tier("rfm", "Hibernating", "Little activity, long ago.", "Low-cost campaigns only."),
    Tier("value", "Platinum", "The top 5 % by balance.", "Assign a relationship manager."),
    Tier("value", "Gold", "The next 15 % by balance.", "Offer investments and a premium account."),
    Tier("value", "Silver", "The next 30 % by balance.", "Offer savings plans."),
    Tier("value", "Bronze", "The other 50 % by balance.", "Serve digitally; offer automatic saving."),
    Tier("value", UNRATED, "No balance is known.", "Complete the customer's data."),
)

QUINTILES = (0.2, 0.4, 0.6, 0.8)
VALUE_LEVELS = (0.5, 0.8, 0.95)
"""Quantiles of the balance at which Silver, Gold and Platinum begin."""
VALUE_NAMES = ("Bronze", "Silver", "Gold", "Platinum")

_GRID = {
    5: ("New customers", "Potential loyalists", "Potential loyalists", "Champions", "Champions"),
    4: ("Promising", "Potential loyalists", "Potential loyalists", "Loyal customers", "Loyal customers"),
    3: ("About to sleep", "About to sleep", "Need attention", "Loyal customers", "Loyal customers"),
    2: ("Hibernating", "Hibernating", "At risk", "At risk", "Can't lose them"),
    1: ("Hibernating", "Hibernating", "At risk", "At risk", "Can't lose them"),
}
"""Names by recency score, then by the rounded mean of the other two scores, from 1."""


def rfm_name(recency: int, frequency: int, monetary: int) -> str:
    """Return the name of a customer's RFM tier; scores are 1 to 5."""
    return _GRID[recency][(frequency + monetary + 1) // 2 - 1]


def rfm_names() -> dict[tuple[int, int, int], str]:
    """Return the name for all combinations of scores."""
    scores = range(1, 6)
    return {(r, f, m): rfm_name(r, f, m) for r in scores for f in scores for m in scores}
