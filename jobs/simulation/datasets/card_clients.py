"""Synthetic credit-card clients in the schema of UCI_Credit_Card.csv (25 columns, comma, no quotes).

As in the real file, limits in whole hundred thousands are written as `5.00E+05`, a few ages are `nan`, and some rows
repeat the previous row except for the ID.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from jobs.simulation.datasets.delimited_text import Column, numbers, words
from jobs.simulation.rng import Floats, Ints, Rng

_MONTHS = range(1, 7)
PAY = ["PAY_0", *(f"PAY_{month}" for month in range(2, 7))]
BILLS = [f"BILL_AMT{month}" for month in _MONTHS]
PAYMENTS = [f"PAY_AMT{month}" for month in _MONTHS]
LABEL = "default.payment.next.month"
NAMES = ["ID", "LIMIT_BAL", "SEX", "EDUCATION", "MARRIAGE", "AGE", *PAY, *BILLS, *PAYMENTS, LABEL]
SEPARATOR, LINE_END = ",", "\n"
HEADER = SEPARATOR.join(NAMES)

INTERCEPT = -2.15
COEFFICIENTS = {"months_late": 0.9, "months_late_before": 0.35, "utilisation": 0.9, "log2_limit": -0.25}
"""True effects on the log odds of default; `default_log_odds` derives these features from the columns."""
LATE_CAP = 3
UTILISATION_CAP = 1.2

DELAYS = dict(zip((-2, -1, 0, 1, 2, 3, 4, 5), (0.09, 0.19, 0.49, 0.12, 0.09, 0.011, 0.006, 0.003), strict=True))
"""Shares of the monthly repayment states: -2 no use, -1 paid in full, 0 revolving, otherwise months late."""
PERSISTENCE = 0.85
"""Correlation of each month's latent repayment state with the client's constant risk."""

BLANK_AGE_EVERY = 5_000
"""The last row of each block of this many has the age `nan`."""
REPEAT_EVERY = 1_000
"""The last row of each block of this many repeats the previous row, except for the ID (and a missing age)."""


def columns(rows: Ints, total: int, seed: int) -> list[Column]:
    """Return the 25 columns of these row numbers (from 0); `total` has no effect."""
    source = rows - (rows % REPEAT_EVERY == REPEAT_EVERY - 1)
    rng = Rng(seed, "credit")
    values = _person(source, rng) | _months(source, rng)
    odds = default_log_odds(values["PAY_0"], values["PAY_2"], values["BILL_AMT1"], values["LIMIT_BAL"])
    values["ID"] = rows + 1
    values[LABEL] = rng.chance("default", source, 1 / (1 + np.exp(-odds))).astype(np.int64)
    texts = {name: numbers(column) for name, column in values.items()}
    texts["LIMIT_BAL"] = words(_limit_words(), values["LIMIT_BAL"] // 10_000)
    texts["AGE"] = _ages(rows, values["AGE"])
    return [texts[name] for name in NAMES]


def default_log_odds(pay_0: Ints, pay_2: Ints, bill_amt1: Ints, limit_bal: Ints) -> Floats:
    """Return the true log odds of default from the file's own columns."""
    effects = {
        "months_late": np.clip(pay_0, 0, LATE_CAP),
        "months_late_before": np.clip(pay_2, 0, LATE_CAP),
        "utilisation": np.clip(bill_amt1 / limit_bal, 0.0, UTILISATION_CAP),
        "log2_limit": np.log2(limit_bal / 100_000),
    }
    weighted = [COEFFICIENTS[name] * values for name, values in effects.items()]
    return np.asarray(INTERCEPT + np.sum(weighted, axis=0), dtype=np.float64)


def blank_ages(total: int) -> int:
    """Return how many of `total` rows have no age."""
    return total // BLANK_AGE_EVERY


def repeated_rows(total: int) -> int:
    """Return how many of `total` rows differ from the previous row only in ID (and a missing age)."""
    return total // REPEAT_EVERY


def _person(rows: Ints, rng: Rng) -> dict[str, Ints]:
    limits = np.exp(11.75 + 0.8 * rng.normal("limit", rows) - 0.15 * rng.normal("risk", rows))
    ages = 21 + np.abs(14 + 9.5 * rng.normal("age", rows))
    return {
        "LIMIT_BAL": np.clip(np.round(limits / 10_000), 1, 100).astype(np.int64) * 10_000,
        "SEX": 1 + rng.pick("sex", rows, (0.40, 0.60)),
        "EDUCATION": rng.pick("education", rows, (0.001, 0.353, 0.467, 0.164, 0.004, 0.009, 0.002)),
        "MARRIAGE": rng.pick("marriage", rows, (0.002, 0.455, 0.532, 0.011)),
        "AGE": np.minimum(ages, 79).astype(np.int64),
    }


def _months(rows: Ints, rng: Rng) -> dict[str, Ints]:
    person = _person(rows, rng)
    risk, use = rng.normal("risk", rows), rng.normal("use", rows)
    values: dict[str, Ints] = {}
    for pay, bill, payment in zip(PAY, BILLS, PAYMENTS, strict=True):
        values[pay] = _delays(risk, rng.normal(pay, rows))
        used = -0.9 + 0.6 * risk + 1.1 * use + 0.35 * rng.normal(bill, rows)
        values[bill] = _bills(person["LIMIT_BAL"], used, values[pay])
        values[payment] = _payments(values[bill], values[pay], rng.normal(payment, rows))
    return values


def _delays(risk: Floats, noise: Floats) -> Ints:
    hidden = PERSISTENCE * risk + np.sqrt(1 - PERSISTENCE**2) * noise
    below = np.cumsum(list(DELAYS.values()))[:-1]
    edges = [NormalDist().inv_cdf(float(share)) for share in below]
    return np.asarray(np.array(list(DELAYS))[np.searchsorted(edges, hidden)])


def _bills(limits: Ints, used: Floats, delays: Ints) -> Ints:
    share = 1.1 / (1 + np.exp(-used)) - 0.02
    unused = np.where(delays == -2, 0.05, 1.0)
    return np.asarray(np.round(limits * share * unused), dtype=np.int64)


def _payments(bills: Ints, delays: Ints, noise: Floats) -> Ints:
    part = np.where(delays < 0, 1.0, 0.06 * np.exp(0.6 * noise))
    paid = np.where((delays > 0) & (noise < 0), 0.0, np.maximum(bills, 0) * part)
    return np.asarray(np.round(paid), dtype=np.int64)


def _limit_words() -> list[str]:
    limits = [10_000 * step for step in range(101)]
    return [f"{limit:.2E}" if limit % 100_000 == 0 else str(limit) for limit in limits]


def _ages(rows: Ints, ages: Ints) -> Column:
    codes = np.where(rows % BLANK_AGE_EVERY == BLANK_AGE_EVERY - 1, 100, ages)
    return words([*map(str, range(100)), "nan"], codes)
