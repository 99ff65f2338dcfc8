"""Seeded rows of the live tables as a stream writes them: a day of windows, two minutes of micro-batches, alerts."""

import json
import math
from datetime import datetime, timedelta
from random import Random

import sqlalchemy as sa

from jobs.serving.schema import ALERTS, CUSTOMERS, METADATA, PROGRESS, WINDOWS

CITIES = ("MUMBAI", "NEW DELHI", "GURGAON", "BANGALORE", "PUNE")
REASONS = {
    "amount": "₹ 48,200.00 is 31 times this customer's typical amount (₹ 1,550)",
    "velocity": "9 transactions in 2 minutes; this customer makes 3 a day",
    "travel": "Mumbai, then New Delhi 12 minutes later: 1,150 km, which would be 5,750 km/h",
    "draining": "4 withdrawals in 20 minutes took 93% of the balance",
    "terminal": "14 of the last 60 transactions at terminal T0417 in Pune were unusual for their customers",
    "surge": "41,870 transactions in 10 minutes; 21,300 to 25,900 were expected",
    "outage": "12 transactions in 10 minutes; 17,900 to 22,100 were expected",
}
TYPE_CYCLE = (
    "amount",
    "velocity",
    "amount",
    "travel",
    "amount",
    "draining",
    "terminal",
    "amount",
    "surge",
    "velocity",
    "outage",
)
WHOLE_STREAM_TYPES = ("surge", "outage")
WITHOUT_CUSTOMER = ("terminal", *WHOLE_STREAM_TYPES)


def write(engine: sa.Engine, table: sa.Table, *rows: dict) -> None:
    """Insert rows."""
    with engine.begin() as connection:
        connection.execute(table.insert(), list(rows))


def fill(engine: sa.Engine, now: datetime) -> None:
    """Create the tables and fill them as of a time (wall clock, UTC)."""
    METADATA.create_all(engine)
    event_time = now - timedelta(seconds=2)
    for batch in range(120):
        write(engine, PROGRESS, *batches(batch, now - timedelta(seconds=119 - batch)))
    write(engine, WINDOWS, *(row for city in ("", *CITIES) for row in windows(city, event_time)))
    write(engine, ALERTS, *(alert(number, now - timedelta(seconds=37 * number)) for number in range(60)))
    write(engine, CUSTOMERS, *(row for number in range(12) for row in events(f"C{5840000 + number}", event_time)))


def batches(batch: int, finished_at: datetime, **other: object) -> list[dict]:
    """One micro-batch of each of the three queries; `other` replaces columns in all of them."""
    rng = Random(batch)
    event_time = finished_at - timedelta(seconds=1)
    row = {
        "batch": batch,
        "finished_at": finished_at,
        "events": 2000 + rng.randint(-160, 160),
        "late": 0,
        "seconds": 0.62 + rng.random() / 5,
        "duplicates": 0,
        "dead_letters": 0,
        "newest_event": event_time,
        "watermark": event_time - timedelta(minutes=10),
        "backlog": rng.randint(200, 900),
        "state_rows": 0,
        "state_bytes": 0,
        "latency_p50_s": 0.7 + rng.random() / 5,
        "latency_p95_s": 1.3 + rng.random() / 3,
    }
    by_query = {
        "events": {"dead_letters": rng.randint(0, 2)},
        "windows": {
            "late": rng.randint(0, 3),
            "duplicates": rng.randint(5, 20),
            "state_rows": 1_204_331,
            "state_bytes": 96_000_000,
        },
        "alerts": {
            "late": rng.randint(0, 3),
            "state_rows": 64,
            "state_bytes": 21_500_000,
        },
    }
    return [{**row, "query": query, **values, **other} for query, values in by_query.items()]


def windows(city: str, newest: datetime) -> list[dict]:
    """A day of a city's windows: tumbling ones of ten minutes, sliding ones of an hour every ten minutes."""
    rng, size = Random(city), 2000 * 100 if city else 2000 * 600
    length = timedelta(minutes=10)
    first = newest.replace(minute=newest.minute // 10 * 10, second=0, microsecond=0)
    found = []
    for back in range(144):
        starts = first - back * length
        expected = size * daily_rhythm(starts)
        part = (newest - starts) / length if back == 0 else 1.0
        anomaly = None if city else {31: "surge", 77: "outage"}.get(back)
        factor = {"surge": 1.85, "outage": 0.04, None: rng.gauss(1, 0.035)}[anomaly] * part
        row = window("tumbling", city, starts, length, int(expected * factor), back > 1)
        forecast = {"expected": expected, "low": 0.88 * expected, "high": 1.12 * expected}
        found.append({**row, **forecast, "anomaly": anomaly})
    for back in range(-5, 144):
        starts = first - back * length - timedelta(minutes=50)
        part = min((newest - starts) / timedelta(hours=1), 1.0)
        hour = 6 * size * daily_rhythm(starts + timedelta(minutes=30)) * rng.gauss(1, 0.012)
        found.append(window("sliding", city, starts, timedelta(hours=1), int(hour * part), back > 1))
    return found


def daily_rhythm(moment: datetime) -> float:
    """The volume at a time of the day relative to the day's mean."""
    return 1 + 0.55 * math.sin((moment.hour + moment.minute / 60 - 9) / 24 * 2 * math.pi)


def window(kind: str, city: str, starts: datetime, size: timedelta, transactions: int, closed: bool) -> dict:
    """One window without a forecast."""
    balance = 112_000 + 6_000 * daily_rhythm(starts) + Random(f"{city}{starts}").gauss(0, 350)
    return {
        "kind": kind,
        "city": city,
        "starts": starts,
        "ends": starts + size,
        "transactions": transactions,
        "amount": 1574.0 * transactions,
        "mean_balance": balance,
        "closed": closed,
        "expected": None,
        "low": None,
        "high": None,
        "anomaly": None,
    }


def alert(number: int, raised_at: datetime) -> dict:
    """One alert; the types take turns."""
    kind = TYPE_CYCLE[number % len(TYPE_CYCLE)]
    customer = None if kind in WITHOUT_CUSTOMER else f"C{5840000 + number % 12}"
    city = None if kind in WHOLE_STREAM_TYPES else CITIES[number % 5]
    event_time = raised_at - timedelta(minutes=10)
    alert_events = [
        {
            "transaction_id": f"T{number:04}{part}",
            "transaction_at": f"{event_time - timedelta(minutes=2 * part):%Y-%m-%dT%H:%M:%SZ}",
            "city": city,
            "amount": 48_200.0 - 900 * part,
            "balance": 51_300.0 + 48_200 * part,
        }
        for part in range(0 if kind in WHOLE_STREAM_TYPES else 3)
    ]
    profile = {"transactions": 412, "usual_amount": 1550.2, "low_amount": 320.5, "high_amount": 7510.0, "a_day": 3.2}
    return {
        "alert_id": f"A{number:05}",
        "event_time": event_time,
        "raised_at": raised_at,
        "type": kind,
        "customer_id": customer,
        "city": city,
        "score": 5 + number % 17 / 4,
        "reason": REASONS[kind],
        "events": json.dumps(alert_events),
        "profile": json.dumps(profile) if customer else None,
    }


def events(customer_id: str, newest: datetime) -> list[dict]:
    """Twenty ordinary events of a customer in the last week."""
    rng = Random(customer_id)
    times = sorted(newest - timedelta(minutes=rng.uniform(15, 10_000)) for _ in range(20))
    return [
        {
            "customer_id": customer_id,
            "transaction_id": f"{customer_id}-{number}",
            "event_time": event_time,
            "city": rng.choice(CITIES[:2]),
            "amount": round(rng.lognormvariate(7.2, 0.5), 2),
            "balance": round(rng.uniform(80_000, 120_000), 2),
        }
        for number, event_time in enumerate(times)
    ]
