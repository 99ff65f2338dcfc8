"""Fraud and failures planted in a stream of events, and the truth about them.

Each kind works on a frame of events alone (columns of `simulate.COLUMNS`), so it fits simulated and replayed ones. An
incident's events carry its number in the column `incident`, which is never sent: it goes to the file of truth, which
no detector reads.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jobs.simulation.bank.customers import DAY
from jobs.simulation.cities import COORDINATES, distance_km

SHARE = 0.0008
"""Incidents of each kind per event."""
TIMES = (8.0, 30.0)
"""An amount far from habit, in usual amounts."""
BURST, BURST_S = (5, 10), 420
"""Payments of a burst, and the seconds within which they come."""
TRAVEL_S, TRAVEL_KM = (300, 2400), 600
"""Seconds between payments in two cities, and the kilometres that lie between at least."""
DRAINED, DRAINING_S = (3, 5), 3000
"""Withdrawals that drain an account, and the seconds within which they come."""
TAKEN = (0.45, 0.7)
"""What each of them takes of the balance that is left."""
VICTIMS, SKIMMING_S = (8, 16), 2400
"""Customers who are charged at a compromised terminal, and the seconds within which it happens."""
DAILY = 0.5
"""Chance of a surge, and of an outage, on a day."""
SURGE, OUTAGE = 3.5, 0.05
"""How many times as many events as usual."""
LASTS_S = (2400, 4800)

Events = pd.DataFrame


@dataclass(frozen=True)
class Volume:
    """A surge or an outage of the whole stream, in seconds since 1970."""

    kind: str
    starts: float
    ends: float


def amount(events: Events, rng: np.random.Generator) -> Events:
    """One payment far above the customer's habit, as the account allows."""
    row = _some(events, rng, 1)
    more = row["amount"] * rng.uniform(*TIMES)
    return row.assign(
        amount=more.round(2), balance=(row["balance"] - more + row["amount"]).round(2), replaces=row.index
    )


def velocity(events: Events, rng: np.random.Generator) -> Events:
    """Many payments of one customer within minutes."""
    count = int(rng.integers(*BURST, endpoint=True))
    rows = _again(_some(events, rng, 1), count, BURST_S, rng)
    amounts = (rows["amount"] * rng.uniform(0.3, 1.2, count)).round(2)
    return rows.assign(amount=amounts, balance=(rows["balance"] - amounts.cumsum()).round(2))


def travel(events: Events, rng: np.random.Generator) -> Events:
    """A payment in a city that the customer cannot have reached."""
    row = _some(events[events["latitude"].notna()], rng, 1)
    if row.empty:
        return row
    places = np.array(list(COORDINATES.values()))
    here = (np.repeat(row["latitude"].to_numpy(), len(places)), np.repeat(row["longitude"].to_numpy(), len(places)))
    far = np.flatnonzero(distance_km(here, (places[:, 0], places[:, 1])) > TRAVEL_KM)
    city = int(rng.choice(far))
    name = list(COORDINATES)[city]
    at = row["transaction_at"] + rng.uniform(*TRAVEL_S)
    where = {"location": name, "terminal": f"{name}-0000", "latitude": places[city, 0], "longitude": places[city, 1]}
    return row.assign(transaction_at=at, **where, balance=(row["balance"] - row["amount"]).round(2))


def draining(events: Events, rng: np.random.Generator) -> Events:
    """Withdrawals, one after the other, until little is left."""
    count = int(rng.integers(*DRAINED, endpoint=True))
    rows = _again(_some(events[events["balance"] > 0], rng, 1), count, DRAINING_S, rng)
    shares = rng.uniform(*TAKEN, len(rows))
    left = (rows["balance"] * np.cumprod(1 - shares)).round(2)
    return rows.assign(amount=(rows["balance"] * np.cumprod(1 - shares) / (1 - shares) * shares).round(2), balance=left)


def place(events: Events, rng: np.random.Generator) -> Events:
    """Many customers of a city charged at one terminal."""
    at = _some(events[events["terminal"].notna()], rng, 1)
    near = events[events["location"].isin(at["location"])].drop_duplicates("customer_id")
    rows = near.iloc[rng.permutation(len(near))[: int(rng.integers(*VICTIMS, endpoint=True))]]
    moments = at["transaction_at"].sum() + np.sort(rng.uniform(0, SKIMMING_S, len(rows)))
    rows = rows.assign(transaction_at=np.maximum(moments, rows["transaction_at"] + 60))
    where = {name: at[name].iloc[0] for name in ("terminal", "latitude", "longitude")} if len(at) else {}
    return rows.assign(**where, balance=(rows["balance"] - rows["amount"]).round(2)).sort_values("transaction_at")


KINDS: dict[str, Callable[[Events, np.random.Generator], Events]] = {
    **{"amount": amount, "velocity": velocity, "travel": travel, "draining": draining, "place": place},
}
VOLUME = ("surge", "outage")


def injected(events: Events, first: int, rng: np.random.Generator) -> tuple[Events, list[str]]:
    """Plant incidents of all kinds, numbered from `first`; returns all events and the kind of each incident."""
    planted: list[Events] = []
    kinds: list[str] = []
    replaced: list[object] = []
    for kind, plant in KINDS.items():
        for _ in range(rng.poisson(SHARE * len(events))):
            rows = plant(events, rng).assign(incident=first + len(kinds))
            if len(rows):
                replaced += list(rows.get("replaces", []))
                planted.append(rows.drop(columns="replaces", errors="ignore"))
                kinds.append(kind)
    return pd.concat([events.drop(index=replaced), *planted], ignore_index=True), kinds


def volume_incidents(day: int, seed: int) -> Iterator[Volume]:
    """The surges and outages that begin on a day (since 1970), by day."""
    rng = np.random.default_rng([seed, day])
    for kind, hours in (("surge", (9, 13)), ("outage", (15, 19))):
        begins, lasts = day * DAY + 3600 * rng.uniform(*hours), rng.uniform(*LASTS_S)
        if rng.random() < DAILY:
            yield Volume(kind, begins, begins + lasts)


def factor(incidents: list[Volume], at: float) -> float:
    """How many times as many events as usual come at this moment."""
    now = next((one.kind for one in incidents if one.starts <= at < one.ends), "")
    return {"surge": SURGE, "outage": OUTAGE}.get(now, 1.0)


def _some(events: Events, rng: np.random.Generator, count: int) -> Events:
    return events.iloc[rng.integers(0, len(events), min(count, len(events)))]


def _again(row: Events, count: int, within: float, rng: np.random.Generator) -> Events:
    """The row so many times more, a little later each."""
    rows = row.loc[row.index.repeat(count)]
    return rows.assign(transaction_at=rows["transaction_at"] + np.sort(rng.uniform(5, within, len(rows))))
