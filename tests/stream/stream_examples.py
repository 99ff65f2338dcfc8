"""Small streams for tests: files of a simulated bank, and single events made by hand."""

import json
from itertools import islice
from pathlib import Path

from jobs.core.settings import Settings
from jobs.simulation.bank.producer import Plan, create_sender, simulate
from jobs.stream.verification.labels import labels_path

PLAN = Plan(rate=650.0, speed=21_600.0, customers=60, seed=5)
"""Each second is a file of about 550 events: a quarter of a day of a few busy customers."""
FIRST_TIME = "2016-11-01T00:00:00.000Z"


def simulated_files(settings: Settings, seconds: int, plan: Plan = PLAN) -> list[list[str]]:
    """The lines of each second; the labels go to the stream's folder."""
    sender, files = create_sender(settings, plan), []
    for until, events in islice(simulate(plan, labels_path(settings)), seconds):
        sender.accept(events)
        files.append([line for _, line in sender.take_due(until)])
    return files


def drop_file(settings: Settings, number: int, lines: list[str]) -> Path:
    """Put a complete file into the source folder; the stream reads files in the order of their numbers."""
    settings.source_folder.mkdir(parents=True, exist_ok=True)
    path = settings.source_folder / f"{number:04d}.jsonl"
    path.with_suffix(".part").write_text("".join(f"{line}\n" for line in lines))
    return path.with_suffix(".part").rename(path)


def event_line(number: int | str, transaction_at: str = FIRST_TIME, **other: object) -> str:
    """The JSON of one valid event; `other` changes or adds fields."""
    event = {
        "transaction_id": f"T{number}",
        "customer_id": "C1",
        "transaction_at": transaction_at,
        "sent_at": "2026-01-01T00:00:00Z",
        "amount": 100.0,
        "balance": 1000.0,
        "location": "PUNE",
        "terminal": "PUNE-1",
        "latitude": 18.5,
        "longitude": 73.9,
    }
    return json.dumps({**event, **other})
