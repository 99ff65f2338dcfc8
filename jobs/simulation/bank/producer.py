"""The producer: a simulated or replayed bank, sent at a rate, with planted incidents and bad habits.

Events go to Kafka's topic, or as files into a folder; the truth about incidents goes to a file of its own.
"""

import logging
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from jobs.core.settings import Settings
from jobs.simulation.bank import incidents
from jobs.simulation.bank.customers import DAY, World
from jobs.simulation.bank.event_messages import Sender
from jobs.stream.contract import TOPIC
from jobs.stream.durations import seconds
from jobs.stream.source import FILE_EVENTS
from jobs.stream.verification import labels

BEGIN = 17_106 * DAY
"""1 November 2016: the day after the last of the synthetic transactions."""
HOUR = 3600.0
Lines = list[tuple[str, str]]
log = logging.getLogger("bankstack.stream")


@dataclass(frozen=True)
class Plan:
    """How much is sent, how fast, by whom."""

    rate: float = 500.0
    """Events in a second of the wall clock, the mean over a week of event time."""
    speed: float = 60.0
    """Seconds of event time in one of the wall clock."""
    customers: int = 1_500
    seed: int = 1
    prefix: str = "S"
    incidents: bool = True


def usual_customers(rate: float, speed: float) -> int:
    """How many customers such a bank has if each pays ten times a day; between 1,500 and 20,000.

    Of more the habits would take days to learn, and of fewer, who pay each minute, a burst could not be told.
    """
    return round(min(max(rate / speed * DAY / 10, 1_500), 20_000))


class Target(Protocol):
    """Where lines go."""

    def send(self, lines: Lines) -> None:
        """Send customers and lines, in order."""


class Folder:
    """Files of at most FILE_EVENTS lines, each appearing whole."""

    def __init__(self, folder: Path) -> None:
        """Make the folder."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def send(self, lines: Lines) -> None:
        """Write the lines."""
        for start in range(0, len(lines), FILE_EVENTS):
            name = f"{time.time_ns():020d}-{secrets.token_hex(2)}.jsonl"
            hidden = self.folder / f".{name}"
            hidden.write_text("".join(f"{line}\n" for _, line in lines[start : start + FILE_EVENTS]))
            hidden.rename(self.folder / name)


class Kafka:
    """The topic, keyed by customer."""

    def __init__(self, servers: str) -> None:
        """Connect to the bootstrap servers."""
        from confluent_kafka import Producer

        self.producer = Producer({"bootstrap.servers": servers, "enable.idempotence": True, "linger.ms": 20})

    def send(self, lines: Lines) -> None:
        """Send the lines, and wait until the broker has them."""
        for customer, line in lines:
            while True:
                try:
                    self.producer.produce(TOPIC, line.encode(), customer.encode())
                    break
                except BufferError:
                    self.producer.poll(0.1)
        self.producer.flush()


def target(settings: Settings) -> Target:
    """Kafka if the settings name servers, else the folder."""
    return Kafka(settings.stream_source) if settings.stream_source else Folder(settings.source_folder)


def simulated(plan: Plan, truth_file: Path | None, begin: float = BEGIN) -> Iterator[tuple[float, pd.DataFrame]]:
    """A simulated bank: for each second of the wall clock its end in event time and its events (`simulate.COLUMNS`).

    Incidents are written to the file of truth; without one they are planted all the same.
    """
    world, rng = World(plan.seed, plan.customers, plan.rate / plan.speed), np.random.default_rng([plan.seed, 3])
    at, number, planted = begin, 0, 0
    told: set[incidents.Volume] = set()
    while True:
        until, parts = at + plan.speed, []
        kinds: list[str] = []
        while at < until:
            step = min(until - at, HOUR - at % HOUR, 600.0)
            volume = list(incidents.volume_incidents(int(at // DAY), plan.seed)) if plan.incidents else []
            told |= _tell(truth_file, [one for one in volume if one.starts <= at < one.ends and one not in told])
            part = world.step(at, step, incidents.factor(volume, at), rng)
            parts.append(part)
            at += step
        events = pd.concat(parts, ignore_index=True)
        if plan.incidents and len(events):
            events, kinds = incidents.injected(events, planted, rng)
        events = events.sort_values("transaction_at", kind="stable", ignore_index=True)
        events["transaction_id"] = [f"{plan.prefix}{row:010d}" for row in range(number, number + len(events))]
        if truth_file:
            labels.write_incidents(truth_file, events, kinds, planted)
        number, planted = number + len(events), planted + len(kinds)
        yield at, events


def _tell(truth_file: Path | None, new: list[incidents.Volume]) -> set[incidents.Volume]:
    for one in new if truth_file else ():
        assert truth_file is not None
        labels.write_volume(truth_file, one.kind, one.starts, one.ends)
    return set(new)


def produce(
    steps: Iterator[tuple[float, pd.DataFrame]],
    sender: Sender,
    to: Target,
    wall_s: float | None = None,
    stopped: Callable[[], bool] = lambda: False,
    wait: Callable[[float], object] = time.sleep,
) -> dict[str, int]:
    """Send step after step, one each second of the wall clock; returns the sender's counts.

    What still waits when time is over is not sent: as in a bank, some events are always on their way.
    """
    started = time.monotonic()
    for number, (upto, events) in enumerate(steps, 1):
        sender.take(events)
        to.send(sender.due(upto))
        if stopped() or (wall_s is not None and number >= wall_s):
            break
        ahead = started + number - time.monotonic()
        if ahead > 0:
            wait(ahead)
        elif number % 30 == 0 and ahead < -5:
            log.warning("the producer is %.0f s behind: this machine does not make that many events", -ahead)
    return sender.counts


def sender(settings: Settings, plan: Plan) -> Sender:
    """A sender for the settings' watermark."""
    return Sender(plan.seed, seconds(settings.stream_watermark), plan.speed)
