"""The simulated bank's customers: home city, favourite terminals, usual amounts and hours, trips and wages.

The customers are those of `datasets/customer_population.py`. Events are a pure function of seed and time, computed in
constant memory, step by step, each step in order of time. Legitimate behaviour that a fraud detector may mistake for
fraud happens as well: large purchases, trips to other cities, withdrawals, several payments in a row.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.simulation.cities import COORDINATES
from jobs.simulation.datasets import customer_population as population
from jobs.simulation.datasets.volume_plan import WEEKDAYS
from jobs.simulation.rng import Rng
from jobs.stream.contract import EVENT_COLUMNS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DAY_S = 86_400
COLUMNS = (*EVENT_COLUMNS, "incident")
"""Columns of a frame of simulated events: incident is the number of its incident, or -1."""

AMOUNT_SPREAD = 0.45
"""Standard deviation of the log of one payment around the customer's usual amount."""
LARGE_SHARE, LARGE_FACTOR = 0.03, (2.0, 4.0)
"""Share of payments that are legitimate large ones, and their size as a multiple of the usual amount."""
WITHDRAWAL_SHARE, WITHDRAWN_SHARE = 0.001, (0.1, 0.3)
"""Share of payments that are withdrawals, and the share of the balance that they take."""
REPEAT_SHARE, REPEAT_S = 0.06, 900
"""Share of payments that the same customer follows with another, and within how many seconds."""
TRIP_SHARE = 0.05
"""Share of the days that a customer spends in another city."""
ITINERARY_START_H = 3
"""Hour at which a day of the itinerary begins."""
TRAVEL_H = 3
"""Hours before and after that time in which a customer who changes cities pays nothing."""
HOUR_SPREAD = 3.0
WAGES_BELOW = 0.15
"""A balance below this share of the usual one is topped up by wages before the next payment."""
FAVOURITES, FAVOURITE_SHARE = 3, 0.7
"""Favourite terminals of a customer in the home city, and the share of payments there."""


@dataclass
class SimulatedBank:
    """Customers and terminals of one seed; `balance` changes as time goes on."""

    seed: int
    customers: int
    rate: float
    """Events per second of event time, the mean over a week."""
    balance: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Draw everything that does not change over time."""
        numbers = np.arange(self.customers)
        rng = Rng(self.seed, "stream")
        self.customer_ids = np.array([f"C{number}" for number in population.id_numbers(numbers)], dtype=object)
        self.home_city = population.home_cities(numbers, self.seed)
        self.usual_amount = population.usual_amounts(numbers, self.seed)
        self.usual_balance = population.usual_balances(numbers, self.seed)
        self.balance = self.usual_balance.copy()
        activity = np.exp(0.6 * rng.normal("activity", numbers))
        usual_hour = population.usual_hours(numbers, self.seed)
        distance = (np.arange(24)[:, None] - usual_hour[None, :] + 12) % 24 - 12
        weights = activity * (np.exp(-(distance**2) / (2 * HOUR_SPREAD**2)) + 0.02)
        self.by_hour = weights.sum(axis=1) / weights.sum(axis=1).mean()
        self.cumulative_shares = np.cumsum(weights, axis=1) / weights.sum(axis=1)[:, None]
        self.terminals = create_terminals(self.customers)
        self.favourites = self._draw_favourites(self.home_city, rng, numbers)

    def _draw_favourites(self, city: Ints, rng: Rng, numbers: Ints) -> Ints:
        drawn = [rng.uniform(f"favourite{position}", numbers) for position in range(FAVOURITES)]
        return np.stack([pick_terminal(self.terminals, city, uniform) for uniform in drawn], axis=1)

    def city_on(self, customers: Ints, day: Ints) -> Ints:
        """Where each customer is on a day of the itinerary: usually in the home city."""
        rng = Rng(self.seed, "stream")
        rows = customers * 100_003 + day
        elsewhere = rng.pick("trip to", rows, [share for _, share in population.CITIES.values()])
        return np.where(rng.chance("trip", rows, TRIP_SHARE), elsewhere, self.home_city[customers])

    def expected_events(self, starts: float, seconds: float) -> float:
        """Expected number of events in a step, by hour and weekday."""
        hour, weekday = int(starts // 3600 % 24), int(starts // DAY_S + 3) % 7
        return float(self.rate * seconds * self.by_hour[hour] * WEEKDAYS[weekday])

    def step(self, starts: float, seconds: float, factor: float, rng: np.random.Generator) -> pd.DataFrame:
        """Simulate one step.

        Args:
            starts: seconds since 1970.
            seconds: length of the step, at most an hour.
            factor: multiplies the number of events, for a surge or outage.
            rng: draws everything random.

        Returns:
            Events in order of time, with COLUMNS except transaction_id.

        """
        count = rng.poisson(self.expected_events(starts, seconds) * factor / (1 + REPEAT_SHARE))
        event_time = starts + seconds * np.sort(rng.random(count))
        shares = self.cumulative_shares[int(starts // 3600 % 24)]
        customer = np.minimum(np.searchsorted(shares, rng.random(count)), self.customers - 1)
        is_repeated = rng.random(count) < REPEAT_SHARE
        repeat_time = event_time[is_repeated] + REPEAT_S * rng.random(is_repeated.sum())
        event_time = np.concatenate([event_time, repeat_time])
        customer = np.concatenate([customer, customer[is_repeated]])
        order = np.argsort(event_time, kind="stable")
        return self._payments(event_time[order], customer[order], rng)

    def _payments(self, event_time: Floats, customer: Ints, rng: np.random.Generator) -> pd.DataFrame:
        """Payments of customers at these times, except while they travel between cities."""
        day = ((event_time - ITINERARY_START_H * 3600) // DAY_S).astype(np.int64)
        time_of_day = (event_time - ITINERARY_START_H * 3600) % DAY_S
        city = self.city_on(customer, day)
        is_leaving = (time_of_day > DAY_S - TRAVEL_H * 3600) & (self.city_on(customer, day + 1) != city)
        is_arriving = (time_of_day < TRAVEL_H * 3600) & (self.city_on(customer, day - 1) != city)
        is_there = ~(is_leaving | is_arriving)
        event_time, customer, city = event_time[is_there], customer[is_there], city[is_there]
        terminal = self._draw_terminals(customer, city, rng)
        amount, balance = self._draw_amounts(customer, rng)
        return self._to_frame(event_time, customer, terminal, amount, balance)

    def _draw_terminals(self, customer: Ints, city: Ints, rng: np.random.Generator) -> Ints:
        favourite = self.favourites[customer, rng.integers(0, FAVOURITES, len(customer))]
        other = pick_terminal(self.terminals, city, rng.random(len(customer)))
        uses_favourite = (city == self.home_city[customer]) & (rng.random(len(customer)) < FAVOURITE_SHARE)
        return np.where(uses_favourite, favourite, other)

    def _draw_amounts(self, customer: Ints, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Amounts, and the balances after them; one customer's payments are processed one after the other."""
        count = len(customer)
        factor = np.exp(AMOUNT_SPREAD * rng.standard_normal(count))
        factor *= np.where(rng.random(count) < LARGE_SHARE, rng.uniform(*LARGE_FACTOR, count), 1.0)
        withdrawn = np.where(rng.random(count) < WITHDRAWAL_SHARE, rng.uniform(*WITHDRAWN_SHARE, count), 0.0)
        amount = np.zeros(count, dtype=np.float64)
        balance = np.zeros(count, dtype=np.float64)
        occurrence = pd.Series(customer).groupby(customer).cumcount().to_numpy() if count else customer
        for number in range(int(occurrence.max(initial=-1)) + 1):
            rows = np.flatnonzero(occurrence == number)
            amount[rows], balance[rows] = self._pay(customer[rows], factor[rows], withdrawn[rows])
        return amount, balance

    def _pay(self, customer: Ints, factor: Floats, withdrawn: Floats) -> tuple[Floats, Floats]:
        """One payment for each of several distinct customers; returns amounts and new balances."""
        payment = np.where(withdrawn > 0, withdrawn * self.balance[customer], factor * self.usual_amount[customer])
        wanted = np.maximum(1.0, payment)
        needs_wages = self.balance[customer] - wanted < WAGES_BELOW * self.usual_balance[customer]
        before = np.where(needs_wages, self.usual_balance[customer] + wanted, self.balance[customer])
        paid = np.asarray(np.round(wanted, 2), dtype=np.float64)
        self.balance[customer] = np.round(before - paid, 2)
        return paid, self.balance[customer]

    def _to_frame(
        self, event_time: Floats, customer: Ints, terminal: Ints, amount: Floats, balance: Floats
    ) -> pd.DataFrame:
        """Events with COLUMNS except transaction_id."""
        events = pd.DataFrame(
            {
                "customer_id": self.customer_ids[customer],
                "transaction_at": event_time,
                "amount": amount,
                "balance": balance,
            }
        )
        return events.join(self.terminals.iloc[terminal].reset_index(drop=True)).assign(incident=-1)


def create_terminals(customers: int) -> pd.DataFrame:
    """The terminals, city by city: columns terminal, location, latitude, longitude; index city number."""
    rows = []
    for city, (name, (_, share)) in enumerate(population.CITIES.items()):
        latitude, longitude = COORDINATES[name]
        for number in range(max(5, round(share * customers / 3))):
            angle = 2.399963 * number  # the golden angle spreads them around the centre like a sunflower's seeds
            radius = 0.12 * np.sqrt(number / max(5, share * customers / 3))
            terminal = f"{name}-{number:04d}"
            rows.append((city, terminal, name, latitude + radius * np.sin(angle), longitude + radius * np.cos(angle)))
    columns = ["city", "terminal", "location", "latitude", "longitude"]
    return pd.DataFrame(rows, columns=columns).set_index("city").round({"latitude": 4, "longitude": 4})


def pick_terminal(terminals: pd.DataFrame, city: Ints, uniform: Floats) -> Ints:
    """Pick a terminal (its row number) in each city by a number from 0 to 1."""
    first = np.searchsorted(terminals.index, np.arange(len(population.CITIES)))
    end = np.append(first[1:], len(terminals))
    return np.asarray(first[city] + (uniform * (end - first)[city]).astype(np.int64))
