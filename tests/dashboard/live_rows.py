"""A live store with rows as a stream writes them, seeded: a day of windows, two minutes of micro-batches, alerts."""

import json
import math
from datetime import datetime, timedelta
from random import Random

import sqlalchemy as sa

from jobs.serving.schema import ALERTS, CUSTOMERS, METADATA, PROGRESS, WINDOWS

PLACES = ("MUMBAI", "NEW DELHI", "GURGAON", "BANGALORE", "PUNE")
REASONS = {
    "amount": "₹ 48,200.00 is 31 times what is usual for this customer (₹ 1,550)",
    "velocity": "9 transactions in 2 minutes; usual are 3 a day",
    "travel": "Mumbai, then New Delhi 12 minutes later: 1,150 km, which would be 5,750 km/h",
    "draining": "4 withdrawals in 20 minutes took 93 % of the balance",
    "terminal": "Terminal T0417 in Pune: 14 of its last 60 transactions are far from their customers' habits",
    "surge": "41,870 transactions in 10 minutes; 21,300 to 25,900 were expected",
    "outage": "12 transactions in 10 minutes; 17,900 to 22,100 were expected",
}
ROUND = (
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


def write(engine: sa.Engine, table: sa.Table, *rows: dict) -> None:
    """Insert rows."""
    with engine.begin() as connection:
        connection.execute(table.insert(), list(rows))


def fill(engine: sa.Engine, now: datetime) -> None:
    """Make the tables, and fill them as of a moment (wall clock, UTC)."""
    METADATA.create_all(engine)
    event = now - timedelta(seconds=2)
    for batch in range(120):
        write(engine, PROGRESS, *batches(batch, now - timedelta(seconds=119 - batch)))
    write(engine, WINDOWS, *(row for place in ("", *PLACES) for row in windows(place, event)))
    write(engine, ALERTS, *(alert(number, now - timedelta(seconds=37 * number)) for number in range(60)))
    write(engine, CUSTOMERS, *(row for number in range(12) for row in events(f"C{5840000 + number}", event)))


def batches(batch: int, finished_at: datetime, **other: object) -> list[dict]:
    """One micro-batch of each of the three queries; `other` replaces what is usual in all of them."""
    dice = Random(batch)
    event = finished_at - timedelta(seconds=1)
    row = {
        **{"batch": batch, "finished_at": finished_at, "events": 2000 + dice.randint(-160, 160), "late": 0},
        **{"seconds": 0.62 + dice.random() / 5, "duplicates": 0, "dead_letters": 0, "newest_event": event},
        **{"watermark": event - timedelta(minutes=10), "backlog": dice.randint(200, 900), "state_rows": 0},
        **{"state_bytes": 0, "latency_p50_s": 0.7 + dice.random() / 5, "latency_p95_s": 1.3 + dice.random() / 3},
    }
    own = {
        "events": {"dead_letters": dice.randint(0, 2)},
        "windows": {
            "late": dice.randint(0, 3),
            "duplicates": dice.randint(5, 20),
            "state_rows": 1_204_331,
            "state_bytes": 96_000_000,
        },
        "alerts": {
            "late": dice.randint(0, 3),
            "state_rows": 64,
            "state_bytes": 21_500_000,
        },
    }
    return [{**row, "query": query, **values, **other} for query, values in own.items()]


def windows(place: str, newest: datetime) -> list[dict]:
    """A day of windows of a place: tumbling ones of ten minutes, sliding ones of an hour every ten minutes."""
    dice, size = Random(place), 2000 * 600 if not place else 2000 * 100
    tens = timedelta(minutes=10)
    first = newest.replace(minute=newest.minute // 10 * 10, second=0, microsecond=0)
    found = []
    for back in range(144):
        starts = first - back * tens
        expected = size * rhythm(starts)
        part = (newest - starts) / tens if back == 0 else 1.0
        odd = {31: "surge", 77: "outage"}.get(back) if not place else None
        factor = {"surge": 1.85, "outage": 0.04, None: dice.gauss(1, 0.035)}[odd] * part
        row = window("tumbling", place, starts, tens, int(expected * factor), back > 1)
        found.append({**row, "expected": expected, "low": 0.88 * expected, "high": 1.12 * expected, "anomaly": odd})
    for back in range(-5, 144):
        starts = first - back * tens - timedelta(minutes=50)
        part = min((newest - starts) / timedelta(hours=1), 1.0)
        hour = 6 * size * rhythm(starts + timedelta(minutes=30)) * dice.gauss(1, 0.012)
        found.append(window("sliding", place, starts, timedelta(hours=1), int(hour * part), back > 1))
    return found


def rhythm(moment: datetime) -> float:
    """The share of a usual ten minutes at a time of the day."""
    return 1 + 0.55 * math.sin((moment.hour + moment.minute / 60 - 9) / 24 * 2 * math.pi)


def window(kind: str, place: str, starts: datetime, size: timedelta, transactions: int, closed: bool) -> dict:
    """One window without a forecast."""
    balance = 112_000 + 6_000 * rhythm(starts) + Random(f"{place}{starts}").gauss(0, 350)
    return {
        **{"kind": kind, "city": place, "starts": starts, "ends": starts + size, "transactions": transactions},
        **{"amount": 1574.0 * transactions, "mean_balance": balance, "closed": closed},
        **{"expected": None, "low": None, "high": None, "anomaly": None},
    }


def alert(number: int, raised_at: datetime) -> dict:
    """One alert; its type goes round."""
    kind = ROUND[number % len(ROUND)]
    customer = f"C{5840000 + number % 12}" if kind not in ("terminal", "surge", "outage") else None
    place = PLACES[number % 5] if kind not in ("surge", "outage") else None
    at = raised_at - timedelta(minutes=10)
    behind = [
        {
            "transaction_id": f"T{number:04}{part}",
            "transaction_at": f"{at - timedelta(minutes=2 * part):%Y-%m-%dT%H:%M:%SZ}",
            **{"city": place, "amount": 48_200.0 - 900 * part, "balance": 51_300.0 + 48_200 * part},
        }
        for part in range(0 if kind in ("surge", "outage") else 3)
    ]
    habit = {"transactions": 412, "usual_amount": 1550.2, "low_amount": 320.5, "high_amount": 7510.0, "a_day": 3.2}
    return {
        **{
            "alert_id": f"A{number:05}",
            "event_time": at,
            "raised_at": raised_at,
            "type": kind,
            "customer_id": customer,
        },
        **{"city": place, "score": 5 + number % 17 / 4, "reason": REASONS[kind], "events": json.dumps(behind)},
        "profile": json.dumps(habit) if customer else None,
    }


def events(customer_id: str, newest: datetime) -> list[dict]:
    """Twenty usual events of a customer in the last week."""
    dice = Random(customer_id)
    moments = sorted(newest - timedelta(minutes=dice.uniform(15, 10_000)) for _ in range(20))
    return [
        {
            **{"customer_id": customer_id, "transaction_id": f"{customer_id}-{number}", "event_time": moment},
            **{"city": dice.choice(PLACES[:2]), "amount": round(dice.lognormvariate(7.2, 0.5), 2)},
            "balance": round(dice.uniform(80_000, 120_000), 2),
        }
        for number, moment in enumerate(moments)
    ]
