"""Small streams for the tests: files of a simulated bank, some lines added on purpose."""

import json
from itertools import islice
from pathlib import Path

from jobs.core.settings import Settings
from jobs.simulation.bank.producer import BEGIN, Plan, sender, simulated

PLAN = Plan(rate=650.0, speed=21_600.0, customers=60, seed=5)
"""Each second a file of some 550 events, a quarter of a day of few, busy customers."""
FIRST = "2016-11-01T00:00:00.000Z"


def files(settings: Settings, seconds: int, plan: Plan = PLAN) -> list[list[str]]:
    """The lines of each second; the truth goes to the stream's folder."""
    sending, made = sender(settings, plan), []
    for upto, events in islice(simulated(plan, settings.stream_folder / "truth.jsonl"), seconds):
        sending.take(events)
        made.append([line for _, line in sending.due(upto)])
    return made


def drop(settings: Settings, number: int, lines: list[str]) -> Path:
    """Put a file into the source, whole; files are read in the order of their numbers."""
    settings.source_folder.mkdir(parents=True, exist_ok=True)
    path = settings.source_folder / f"{number:04d}.jsonl"
    path.with_suffix(".part").write_text("".join(f"{line}\n" for line in lines))
    return path.with_suffix(".part").rename(path)


def event(number: int, at: str = FIRST, **other: object) -> str:
    """One good event's line; `other` changes or adds fields."""
    moments = {"transaction_at": at, "sent_at": "2026-01-01T00:00:00Z"}
    money = {"amount": 100.0, "balance": 1000.0}
    place = {"location": "PUNE", "terminal": "PUNE-1", "latitude": 18.5, "longitude": 73.9}
    return json.dumps({"transaction_id": f"T{number}", "customer_id": "C1", **moments, **money, **place, **other})


__all__ = ["BEGIN", "PLAN", "drop", "event", "files"]
