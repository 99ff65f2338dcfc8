"""Synthetic clients of a term-deposit campaign in the schema of bank-full.csv: 17 columns, `;`, quoted words.

Rows are in order of time, from May 2008 to November 2010 as in the real file. Over that time the share of yes grows,
fewer contacts are unknown, and more clients have taken part in an earlier campaign.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from jobs.simulation.datasets.delimited_text import Column, numbers, quoted, words
from jobs.simulation.rng import Floats, Ints, Rng

NAMES = (
    "age",
    "job",
    "marital",
    "education",
    "default",
    "balance",
    "housing",
    "loan",
    "contact",
    "day",
    "month",
    "duration",
    "campaign",
    "pdays",
    "previous",
    "poutcome",
    "y",
)
SEPARATOR, LINE_END = ";", "\n"
HEADER = SEPARATOR.join(quoted(NAMES))


@dataclass(frozen=True)
class Job:
    """A job: its share of clients, mean age, mean balance in euros, share with a university degree."""

    share: float
    age: float
    balance: float
    tertiary: float


JOBS = {
    "blue-collar": Job(0.215, 40, 1080, 0.02),
    "management": Job(0.209, 40, 1750, 0.82),
    "technician": Job(0.168, 39, 1250, 0.26),
    "admin.": Job(0.114, 39, 1140, 0.11),
    "services": Job(0.092, 39, 1000, 0.05),
    "retired": Job(0.050, 62, 3000, 0.16),
    "self-employed": Job(0.035, 40, 1650, 0.53),
    "entrepreneur": Job(0.033, 42, 1520, 0.46),
    "unemployed": Job(0.029, 41, 1520, 0.22),
    "housemaid": Job(0.027, 46, 1390, 0.14),
    "student": Job(0.021, 26, 1390, 0.24),
    "unknown": Job(0.007, 47, 1700, 0.14),
}
RICHEST_JOB = "retired"
"""The job with the highest mean balance; reliably so in files of at least 3,000 rows."""

_COURSE = """
may .176 jun .099 jul .141 aug .115 oct .002 nov .080 dec .001 jan .026 feb .051 mar .006 apr .060 may .123
jun .014 jul .005 aug .017 sep .006 oct .010 nov .007 dec .004 jan .005 feb .008 mar .005 apr .005 may .005
jun .005 jul .007 aug .006 sep .007 oct .005 nov .002
"""
CAMPAIGN = tuple(zip(_COURSE.split()[::2], map(float, _COURSE.split()[1::2]), strict=True))
"""Months and their shares of the rows, in order of time."""

COEFFICIENTS: dict[str, dict[str, float]] = {
    "poutcome": {"success": 2.4, "failure": 0.1, "other": 0.3, "unknown": 0.0},
    "month": {
        "mar": 1.2,
        "sep": 1.0,
        "oct": 1.0,
        "dec": 1.0,
        "apr": 0.5,
        "feb": 0.3,
        "jun": 0.2,
        "aug": 0.0,
        "jan": -0.2,
        "nov": -0.2,
        "jul": -0.3,
        "may": -0.6,
    },
    "contact": {"cellular": 0.0, "telephone": -0.2, "unknown": -0.9},
    "housing": {"yes": -0.6, "no": 0.0},
    "loan": {"yes": -0.4, "no": 0.0},
}
"""True effects of each value on the log odds of `y`. Job, balance, marital status and campaign have none."""
INTERCEPT = -2.7
TIME_COEFFICIENT = 1.6
"""Effect of time on the log odds, from the file's first row to its last; no column holds it."""
AGE_EDGES, AGE_COEFFICIENT = (25, 60), 0.7
"""Clients younger than the first edge or older than the second subscribe more often."""
DURATION_MEDIAN = {"no": 165.0, "yes": 430.0}
"""Median duration of the call in seconds, drawn after `y`: a leak, because nobody knows it before the call."""

_OUTCOMES, _CONTACTS = ("failure", "other", "success", "unknown"), ("cellular", "telephone", "unknown")
_NO_YES = ("no", "yes")
_MONTHS = tuple(month for month, _ in CAMPAIGN)


def columns(rows: Ints, total: int, seed: int) -> list[Column]:
    """Return the 17 columns of these row numbers (from 0) of a file of `total` rows."""
    codes = _codes(rows, total, Rng(seed, "clients"))
    choices = {
        "job": tuple(JOBS),
        "marital": ("married", "single", "divorced"),
        "education": ("tertiary", "secondary", "primary", "unknown"),
        "contact": _CONTACTS,
        "month": _MONTHS,
        "poutcome": _OUTCOMES,
    } | dict.fromkeys(("default", "housing", "loan", "y"), _NO_YES)
    return [words(quoted(choices[n]), codes[n]) if n in choices else numbers(codes[n]) for n in NAMES]


def subscription_log_odds(values: Mapping[str, Iterable[str]], ages: Ints, elapsed: Floats) -> Floats:
    """Return the true log odds of `y`.

    `values` holds the columns named in `COEFFICIENTS`; `elapsed` is (row number from 0 + 0.5) / rows.
    """
    total = INTERCEPT + TIME_COEFFICIENT * elapsed + _age_effect(ages)
    for column, effects in COEFFICIENTS.items():
        total = total + np.array([effects[value] for value in values[column]])
    return np.asarray(total, dtype=np.float64)


def _codes(rows: Ints, total: int, rng: Rng) -> dict[str, Ints]:
    """Return the columns as numbers: positions among their words, or the values themselves."""
    elapsed = (rows + 0.5) / total
    codes = _people(rows, rng) | _calls(rows, elapsed, rng)
    codes["y"] = _answers(rows, elapsed, codes, rng)
    codes["duration"] = _durations(rows, codes["y"], rng)
    return codes


def _people(rows: Ints, rng: Rng) -> dict[str, Ints]:
    job = rng.pick("job", rows, [each.share for each in JOBS.values()])
    ages = _of_job("age", job) + 8.5 * rng.normal("age", rows)
    balance = _balances(rows, _of_job("balance", job), rng)
    return {
        "age": np.clip(ages, 18, 95).astype(np.int64),
        "job": job,
        "marital": rng.pick("marital", rows, (0.60, 0.28, 0.12)),
        "education": _educations(rows, _of_job("tertiary", job), rng),
        "default": rng.chance("default", rows, np.where(balance < 0, 0.10, 0.01)).astype(np.int64),
        "balance": balance,
        "loan": rng.chance("loan", rows, 0.16).astype(np.int64),
    }


def _calls(rows: Ints, elapsed: Floats, rng: Rng) -> dict[str, Ints]:
    outcome = _outcomes(rows, elapsed, rng)
    known = outcome != _OUTCOMES.index("unknown")
    unknown_contact = rng.chance("contact", rows, np.maximum(0.65 - 0.8 * elapsed, 0.01))
    telephone = rng.chance("telephone", rows, 0.09).astype(np.int64)
    return _moments(elapsed) | {
        "housing": rng.chance("housing", rows, 0.66 - 0.2 * elapsed).astype(np.int64),
        "contact": np.where(unknown_contact, _CONTACTS.index("unknown"), telephone),
        "campaign": 1 + _waits(1.6, "campaign", rows, rng),
        "pdays": np.where(known, 60 + _waits(160, "pdays", rows, rng), -1),
        "previous": np.where(known, 1 + _waits(2.0, "previous", rows, rng), 0),
        "poutcome": outcome,
    }


def _moments(elapsed: Floats) -> dict[str, Ints]:
    """Return the position in `CAMPAIGN` and the day of the month; both increase with the row number."""
    shares = np.array([share for _, share in CAMPAIGN])
    ends = np.cumsum(shares) / shares.sum()
    month = np.searchsorted(ends, elapsed, side="right")
    within = 1.0 - (ends[month] - elapsed) / (shares[month] / shares.sum())
    return {"month": month, "day": 1 + np.clip(within * 28, 0, 27).astype(np.int64)}


def _outcomes(rows: Ints, elapsed: Floats, rng: Rng) -> Ints:
    known = rng.chance("known", rows, 0.37 * elapsed)
    return np.where(known, rng.pick("poutcome", rows, (0.60, 0.22, 0.18)), _OUTCOMES.index("unknown"))


def _balances(rows: Ints, means: Floats, rng: Rng) -> Ints:
    """Return log-normal balances around `means`; 8 % of the clients are overdrawn, by 300 euros on average."""
    filled = (means + 0.08 * 300) / 0.92 * np.exp(rng.normal("balance", rows) - 0.5)
    overdrawn = 300 * np.log(rng.uniform("debt", rows))
    return np.round(np.where(rng.chance("overdrawn", rows, 0.08), overdrawn, filled)).astype(np.int64)


def _educations(rows: Ints, tertiary: Floats, rng: Rng) -> Ints:
    other = 1 + rng.pick("education", rows, (0.74, 0.21, 0.05))
    return np.where(rng.chance("tertiary", rows, tertiary), 0, other)


def _answers(rows: Ints, elapsed: Floats, codes: dict[str, Ints], rng: Rng) -> Ints:
    choices = {
        "poutcome": _OUTCOMES,
        "contact": _CONTACTS,
        "housing": _NO_YES,
        "loan": _NO_YES,
        "month": _MONTHS,
    }
    values = {name: np.array(choice)[codes[name]] for name, choice in choices.items()}
    odds = subscription_log_odds(values, codes["age"], elapsed)
    return rng.chance("y", rows, 1 / (1 + np.exp(-odds))).astype(np.int64)


def _durations(rows: Ints, answers: Ints, rng: Rng) -> Ints:
    medians = np.array([DURATION_MEDIAN[answer] for answer in _NO_YES])[answers]
    return np.asarray(medians * np.exp(0.8 * rng.normal("duration", rows)), dtype=np.int64)


def _waits(mean: float, name: str, rows: Ints, rng: Rng) -> Ints:
    return (-mean * np.log(rng.uniform(name, rows))).astype(np.int64)


def _age_effect(ages: Ints) -> Floats:
    return np.where((ages < AGE_EDGES[0]) | (ages > AGE_EDGES[1]), AGE_COEFFICIENT, 0.0)


def _of_job(field: str, job: Ints) -> Floats:
    return np.array([getattr(each, field) for each in JOBS.values()], dtype=np.float64)[job]
