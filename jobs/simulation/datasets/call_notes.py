"""Synthetic call notes: the bank's unstructured data, each note about one planted topic.

Four columns: note_id, customer_id (as in the transactions), date (dd-MM-yyyy, in order) and text. Texts are always
quoted; some contain quotes, and every `LINE_BREAK_EVERY`-th contains a line break.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.simulation.datasets import customer_population as people
from jobs.simulation.datasets.daily_volume import dates, day_ends, days_of
from jobs.simulation.datasets.delimited_text import Column, numbers, words
from jobs.simulation.rng import Ints, Rng

HEADER = "note_id,customer_id,date,text"
SEPARATOR, LINE_END = ",", "\n"
LINE_BREAK_EVERY = 200


@dataclass(frozen=True)
class Topic:
    """A planted topic: its share of the notes, words that no other topic uses, and its sentences."""

    name: str
    share: float
    words: tuple[str, ...]
    problems: tuple[str, ...]
    details: tuple[str, ...]


TOPICS = (
    Topic(
        "fees",
        0.28,
        ("fee", "charged", "refund", "statement"),
        (
            "complains about a monthly fee that was charged twice",
            "was charged a fee for a balance below the minimum",
            "does not accept the overdraft fee on the statement",
            'says the fee is ""a robbery"" and wants it back',
        ),
        (
            "Wants a refund of the fee.",
            "Fee stands on the last statement.",
            "Refund was promised and never came.",
        ),
    ),
    Topic(
        "lost card",
        0.22,
        ("card", "lost", "stolen", "blocked"),
        (
            "lost the debit card in a taxi",
            "reports a stolen card and unknown payments with it",
            "cannot find the credit card since yesterday",
            "had the wallet stolen with one card in it",
        ),
        (
            "Card blocked at once.",
            "Lost card blocked, new one ordered.",
            "Stolen card blocked, police report follows.",
        ),
    ),
    Topic(
        "mortgage",
        0.18,
        ("mortgage", "house", "rate", "repayment"),
        (
            "asks about a mortgage for a first house",
            "wants to know the fixed rate of a mortgage for fifteen years",
            "is thinking about early repayment of the mortgage",
            "plans to buy a house and compares the rate with another bank",
        ),
        (
            "Repayment plan sent.",
            "Offered a fixed rate for the house.",
            "Mortgage adviser will explain the rate.",
        ),
    ),
    Topic(
        "app trouble",
        0.20,
        ("app", "login", "password", "phone"),
        (
            "cannot log in to the app after the update",
            "gets an error in the app on a new phone",
            "forgot the password and the app refuses every login",
            "says the app crashes at login",
        ),
        (
            "Password reset sent to the phone.",
            "Asked to install the app again.",
            "Login works on the old phone only.",
        ),
    ),
    Topic(
        "travel",
        0.12,
        ("travel", "abroad", "currency", "trip"),
        (
            "will travel to Singapore and asks about payments abroad",
            "needs foreign currency before a trip to Dubai",
            "asks for travel insurance for a trip abroad",
            "wants to know the currency surcharge abroad",
        ),
        (
            "Trip dates noted.",
            "Currency will be ready before the travel date.",
            "Explained the limits abroad.",
        ),
    ),
)
_OPENINGS = ("Customer", "Client called and", "Caller", "Long-standing customer", "Customer rang again and")
_CLOSINGS = (
    "Call back tomorrow.",
    "No further action.",
    "Was polite and patient.",
    "Was upset.",
    "Sent an email.",
)


def columns(rows: Ints, total: int, seed: int) -> list[Column]:
    """Return the four columns of these row numbers (from 0) of a file of `total` notes."""
    drawn = Rng(seed, "notes").uniform("customer", rows)
    customers = (drawn * people.customer_count(total)).astype(np.int64)
    calendar = [day.strftime("%d-%m-%Y") for day in dates().astype(object)]
    return [
        pc.binary_join_element_wise("N", numbers(rows + 1), ""),
        pc.binary_join_element_wise("C", numbers(people.id_numbers(customers)), ""),
        words(calendar, days_of(rows, day_ends(total, seed))),
        _texts(rows, seed),
    ]


def topics(rows: Ints, seed: int) -> Ints:
    """Return the position in `TOPICS` of each note, by row number (from 0)."""
    return Rng(seed, "notes").pick("topic", rows, [topic.share for topic in TOPICS])


def true_topic(note_ids: Iterable[str], seed: int) -> Ints:
    """Return the position in `TOPICS` of each note_id's planted topic."""
    return topics(np.array([int(note_id[1:]) - 1 for note_id in note_ids], dtype=np.int64), seed)


def _texts(rows: Ints, seed: int) -> Column:
    rng, topic = Rng(seed, "notes"), topics(rows, seed)
    problems = [text for each in TOPICS for text in each.problems]
    details = [text for each in TOPICS for text in each.details]
    parts = [
        words(_OPENINGS, _draw(rng, "opening", rows, len(_OPENINGS))),
        words([f"{text}." for text in problems], topic * 4 + _draw(rng, "problem", rows, 4)),
        words(details, topic * 3 + _draw(rng, "detail", rows, 3)),
        words(_CLOSINGS, _draw(rng, "closing", rows, len(_CLOSINGS))),
    ]
    first, last = (pc.binary_join_element_wise(*half, " ") for half in (parts[:2], parts[2:]))
    gap = pc.if_else(pa.array(rows % LINE_BREAK_EVERY == 0), "\n", " ")
    return pc.binary_join_element_wise('"', first, gap, last, '"', "")


def _draw(rng: Rng, name: str, rows: Ints, sides: int) -> Ints:
    return (rng.uniform(name, rows) * sides).astype(np.int64)
