"""Made-up transactions and customers, as rows."""

from datetime import date, datetime
from decimal import Decimal

import numpy as np

TRANSACTION = (
    "transaction_id STRING, customer_id STRING, birth_date DATE, gender STRING, location STRING, "
    "balance DECIMAL(18,2), transaction_date DATE, transaction_time INT, transaction_at TIMESTAMP, "
    "amount DECIMAL(18,2)"
)
BIRTH = date(1986, 8, 1)
GROUPS = ((1_000, 100, 22), (40_000, 900, 40), (900_000, 300, 66), (200_000, 20_000, 50))
"""Balance, amount and age around which `crowd` puts its customers."""


def transaction(number, customer, moment, amount=100, balance=1000, birth=BIRTH, gender="F", location="MUMBAI"):
    """One row of transactions; `moment` is text such as 2016-08-01 14:30."""
    at = datetime.fromisoformat(moment)
    money = [None if value is None else Decimal(str(value)) for value in (balance, amount)]
    time = at.hour * 10_000 + at.minute * 100 + at.second
    return (f"T{number}", customer, birth, gender, location, money[0], at.date(), time, at, money[1])


def crowd(customers, seed=1, groups=GROUPS):
    """A transaction for each of so many customers, in tight groups of equal size; customer C<n> is of group n % 4."""
    dice = np.random.default_rng(seed)
    rows = []
    for number in range(customers):
        balance, amount, age = groups[number % len(groups)]
        noise = np.exp(0.1 * dice.standard_normal(2))
        born = date(2016 - age - int(dice.integers(0, 2)), 1, 1 + number % 28)
        moment = f"2016-08-{1 + number % 28:02d} {number % 24:02d}:00:00"
        money = {"balance": round(balance * noise[0], 2), "amount": round(amount * noise[1], 2)}
        rows.append(transaction(number, f"C{number}", moment, birth=born, **money))
    return rows
