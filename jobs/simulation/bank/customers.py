"""Simulated customers: each with a home, favourite terminals, habits of amount, hours of the day, trips and wages.

The people are those of `datasets/customer_population.py`. A pure function of seed and moment, in constant memory: time
is made in steps, each step's events in order. What a fraud detector takes for fraud happens here too, honestly: large
purchases, trips to other cities, withdrawals, several payments in a row.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.simulation.cities import COORDINATES
from jobs.simulation.datasets import customer_population as people
from jobs.simulation.datasets.daily_volume import WEEKDAYS
from jobs.simulation.rng import Rng

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DAY = 86_400
COLUMNS = (
    *("transaction_id", "customer_id", "transaction_at", "amount", "balance", "location", "terminal"),
    *("latitude", "longitude", "incident"),
)
"""Of a frame of events: transaction_at in seconds since 1970 (float), incident a number or -1."""

AMOUNT_SPREAD = 0.45
"""Standard deviation of the log of one payment around the customer's usual amount."""
LARGE, LARGE_TIMES = 0.03, (2.0, 4.0)
"""Share of payments that are honest large ones, and how many times the usual amount these are."""
WITHDRAWAL, WITHDRAWN = 0.001, (0.1, 0.3)
"""Share of payments that are withdrawals, and of the balance what they take."""
AGAIN, AGAIN_S = 0.06, 900
"""Share of payments soon followed by another one of the same customer, and within how many seconds."""
TRIP = 0.05
"""Share of the days that a customer spends in another city."""
MORNING, TRAVEL_H = 3, 3
"""A day of the itinerary begins at this hour; so many hours on either side nobody pays who changes the city."""
HOUR_SPREAD = 3.0
WAGES_BELOW = 0.15
"""A balance below this share of the usual one is filled by wages before the next payment."""
FAVOURITES, FAVOURITE = 3, 0.7
"""Terminals that a customer prefers at home, and the share of the payments there."""


@dataclass
class World:
    """Customers and terminals of one seed; `balance` changes as time goes on."""

    seed: int
    customers: int
    rate: float
    """Events in a second of event time, the mean over a week."""
    balance: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Draw everything that stays."""
        numbers = np.arange(self.customers)
        rng = Rng(self.seed, "stream")
        self.names = np.array([f"C{number}" for number in people.id_numbers(numbers)], dtype=object)
        self.home = people.homes(numbers, self.seed)
        self.usual_amount = people.usual_amounts(numbers, self.seed)
        self.usual_balance = people.usual_balances(numbers, self.seed)
        self.balance = self.usual_balance.copy()
        activity = np.exp(0.6 * rng.normal("activity", numbers))
        away = (np.arange(24)[:, None] - people.usual_hours(numbers, self.seed)[None, :] + 12) % 24 - 12
        weights = activity * (np.exp(-(away**2) / (2 * HOUR_SPREAD**2)) + 0.02)
        self.by_hour = weights.sum(axis=1) / weights.sum(axis=1).mean()
        self.choices = np.cumsum(weights, axis=1) / weights.sum(axis=1)[:, None]
        self.terminals = terminals(self.customers)
        self.favourites = self._terminals_of(self.home, rng, numbers)

    def _terminals_of(self, city: Ints, rng: Rng, numbers: Ints) -> Ints:
        drawn = [rng.uniform(f"favourite{place}", numbers) for place in range(FAVOURITES)]
        return np.stack([terminal_in(self.terminals, city, each) for each in drawn], axis=1)

    def city_on(self, customers: Ints, day: Ints) -> Ints:
        """Where each customer is on a day of the itinerary: mostly at home."""
        rng = Rng(self.seed, "stream")
        rows = customers * 100_003 + day
        elsewhere = rng.pick("trip to", rows, [share for _, share in people.CITIES.values()])
        return np.where(rng.chance("trip", rows, TRIP), elsewhere, self.home[customers])

    def expected(self, starts: float, seconds: float) -> float:
        """Events that a step is expected to have: by the hour and the weekday."""
        hour, weekday = int(starts // 3600 % 24), int(starts // DAY + 3) % 7
        return float(self.rate * seconds * self.by_hour[hour] * WEEKDAYS[weekday])

    def step(self, starts: float, seconds: float, factor: float, rng: np.random.Generator) -> pd.DataFrame:
        """The events of a step of at most an hour, in order; columns COLUMNS without transaction_id.

        `factor` multiplies their number: a surge, an outage.
        """
        count = rng.poisson(self.expected(starts, seconds) * factor / (1 + AGAIN))
        at = starts + seconds * np.sort(rng.random(count))
        who = np.minimum(np.searchsorted(self.choices[int(starts // 3600 % 24)], rng.random(count)), self.customers - 1)
        repeated = rng.random(count) < AGAIN
        at = np.concatenate([at, at[repeated] + AGAIN_S * rng.random(repeated.sum())])
        who = np.concatenate([who, who[repeated]])
        order = np.argsort(at, kind="stable")
        return self._paid(at[order], who[order], rng)

    def _paid(self, at: Floats, who: Ints, rng: np.random.Generator) -> pd.DataFrame:
        day = ((at - MORNING * 3600) // DAY).astype(np.int64)
        into = (at - MORNING * 3600) % DAY
        city = self.city_on(who, day)
        leaving = (into > DAY - TRAVEL_H * 3600) & (self.city_on(who, day + 1) != city)
        arriving = (into < TRAVEL_H * 3600) & (self.city_on(who, day - 1) != city)
        there = ~(leaving | arriving)
        at, who, city = at[there], who[there], city[there]
        terminal = self._terminal(who, city, rng)
        amount, balance = self._amounts(who, rng)
        return frame(self, at, who, terminal, amount, balance)

    def _terminal(self, who: Ints, city: Ints, rng: np.random.Generator) -> Ints:
        favourite = self.favourites[who, rng.integers(0, FAVOURITES, len(who))]
        other = terminal_in(self.terminals, city, rng.random(len(who)))
        at_home = (city == self.home[who]) & (rng.random(len(who)) < FAVOURITE)
        return np.where(at_home, favourite, other)

    def _amounts(self, who: Ints, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Amounts and the balances after them; payments of one customer one after the other."""
        times = np.exp(AMOUNT_SPREAD * rng.standard_normal(len(who)))
        times *= np.where(rng.random(len(who)) < LARGE, rng.uniform(*LARGE_TIMES, len(who)), 1.0)
        withdrawn = np.where(rng.random(len(who)) < WITHDRAWAL, rng.uniform(*WITHDRAWN, len(who)), 0.0)
        amount = np.zeros(len(who), dtype=np.float64)
        balance = np.zeros(len(who), dtype=np.float64)
        rank = pd.Series(who).groupby(who).cumcount().to_numpy() if len(who) else who
        for turn in range(int(rank.max(initial=-1)) + 1):
            now = np.flatnonzero(rank == turn)
            amount[now], balance[now] = self._pay(who[now], times[now], withdrawn[now])
        return amount, balance

    def _pay(self, who: Ints, times: Floats, withdrawn: Floats) -> tuple[Floats, Floats]:
        """Pay once for each of different customers."""
        wanted = np.maximum(1.0, np.where(withdrawn > 0, withdrawn * self.balance[who], times * self.usual_amount[who]))
        short = self.balance[who] - wanted < WAGES_BELOW * self.usual_balance[who]
        had = np.where(short, self.usual_balance[who] + wanted, self.balance[who])
        paid = np.asarray(np.round(wanted, 2), dtype=np.float64)
        self.balance[who] = np.round(had - paid, 2)
        return paid, self.balance[who]


def terminals(customers: int) -> pd.DataFrame:
    """The terminals, city after city: columns terminal, location, latitude, longitude; index city."""
    rows = []
    for city, (location, (_, share)) in enumerate(people.CITIES.items()):
        north, east = COORDINATES[location]
        for number in range(max(5, round(share * customers / 3))):
            turn = 2.399963 * number  # the golden angle: they lie around the centre like a sunflower's seeds
            out = 0.12 * np.sqrt(number / max(5, share * customers / 3))
            rows.append(
                (city, f"{location}-{number:04d}", location, north + out * np.sin(turn), east + out * np.cos(turn))
            )
    names = ["city", "terminal", "location", "latitude", "longitude"]
    return pd.DataFrame(rows, columns=names).set_index("city").round({"latitude": 4, "longitude": 4})


def terminal_in(known: pd.DataFrame, city: Ints, drawn: Floats) -> Ints:
    """A terminal (its row) in each city, by a number from 0 to 1."""
    first = np.searchsorted(known.index, np.arange(len(people.CITIES)))
    ends = np.append(first[1:], len(known))
    return np.asarray(first[city] + (drawn * (ends - first)[city]).astype(np.int64))


def frame(world: World, at: Floats, who: Ints, terminal: Ints, amount: Floats, balance: Floats) -> pd.DataFrame:
    """Events as a frame of COLUMNS, without transaction_id."""
    places = world.terminals.iloc[terminal].reset_index(drop=True)
    money = {"amount": amount, "balance": balance}
    return (
        pd.DataFrame({"customer_id": world.names[who], "transaction_at": at, **money}).join(places).assign(incident=-1)
    )
