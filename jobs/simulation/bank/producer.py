"""The producer: sends events of a simulated or replayed bank at a given rate.

Events go to Kafka's topic or, as files, to a folder. The labels of the planted incidents go to a separate file.
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
from jobs.simulation.bank.event_messages import Sender
from jobs.simulation.bank.incidents import VolumeIncident, plant_fraud, volume_factor, volume_incidents
from jobs.simulation.bank.simulated_bank import DAY_S, SimulatedBank
from jobs.stream.contract import TOPIC
from jobs.stream.durations import seconds
from jobs.stream.source import EVENTS_PER_FILE
from jobs.stream.verification.labels import append_label

BEGIN = 17_106 * DAY_S
"""1 November 2016, the day after the last synthetic transaction; seconds since 1970."""
HOUR_S = 3600.0
MAX_STEP_S = 600.0
"""The longest step of the simulation, in seconds of event time."""
MIN_CUSTOMERS, MAX_CUSTOMERS = 1_500, 20_000
DELAY_WARNING_S = 5.0
"""The producer warns when it is this far behind."""
Messages = list[tuple[str, str]]
"""Customers and lines."""
Step = tuple[float, pd.DataFrame]
"""What happens in one second of the wall clock: its end in event time (seconds since 1970), and its events."""
log = logging.getLogger("bankstack.stream")


@dataclass(frozen=True)
class Plan:
    """What to send, and how fast."""

    rate: float = 500.0
    """Events per second of the wall clock, the mean over a week of event time."""
    speed: float = 60.0
    """Seconds of event time per second of the wall clock."""
    customers: int = MIN_CUSTOMERS
    seed: int = 1
    prefix: str = "S"
    """First letters of each transaction_id."""
    incidents: bool = True
    """Whether fraud, surges and outages are planted."""


def default_customers(rate: float, speed: float) -> int:
    """The number of customers if each pays ten times a day, from MIN_CUSTOMERS to MAX_CUSTOMERS.

    With more customers, learning what is usual would take days. With fewer, who would pay every minute, a burst of
    payments could not be recognised.
    """
    return round(min(max(rate / speed * DAY_S / 10, MIN_CUSTOMERS), MAX_CUSTOMERS))


class Target(Protocol):
    """Where messages go."""

    def send(self, messages: Messages) -> None:
        """Send messages in order."""


class FolderTarget:
    """Writes files of at most EVENTS_PER_FILE lines; each file appears complete."""

    def __init__(self, folder: Path) -> None:
        """Create the folder."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def send(self, messages: Messages) -> None:
        """Write the messages to files."""
        for start in range(0, len(messages), EVENTS_PER_FILE):
            name = f"{time.time_ns():020d}-{secrets.token_hex(2)}.jsonl"
            hidden = self.folder / f".{name}"
            hidden.write_text("".join(f"{line}\n" for _, line in messages[start : start + EVENTS_PER_FILE]))
            hidden.rename(self.folder / name)


class KafkaTarget:
    """Writes to the topic, keyed by customer."""

    def __init__(self, servers: str) -> None:
        """Connect to the bootstrap servers."""
        from confluent_kafka import Producer

        self.producer = Producer({"bootstrap.servers": servers, "enable.idempotence": True, "linger.ms": 20})

    def send(self, messages: Messages) -> None:
        """Send the messages and wait until the broker has stored them."""
        for customer, line in messages:
            while True:
                try:
                    self.producer.produce(TOPIC, line.encode(), customer.encode())
                    break
                except BufferError:
                    self.producer.poll(0.1)
        self.producer.flush()


def create_target(settings: Settings) -> Target:
    """Kafka if the settings name servers, else the source folder."""
    return KafkaTarget(settings.stream_source) if settings.stream_source else FolderTarget(settings.source_folder)


def create_sender(settings: Settings, plan: Plan) -> Sender:
    """A sender for the settings' watermark."""
    return Sender(plan.seed, seconds(settings.stream_watermark), plan.speed)


def simulate(plan: Plan, labels: Path | None, begin: float = BEGIN) -> Iterator[Step]:
    """Simulate a bank; events have `simulated_bank.COLUMNS`.

    Args:
        plan: what to simulate.
        labels: file to which incidents are appended; None writes no labels, but incidents are planted all the same.
        begin: first event time, seconds since 1970.

    """
    bank = SimulatedBank(plan.seed, plan.customers, plan.rate / plan.speed)
    rng = np.random.default_rng([plan.seed, 3])
    event_time, sent, planted = begin, 0, 0
    labelled: set[VolumeIncident] = set()
    while True:
        until, parts = event_time + plan.speed, []
        while event_time < until:
            step_s = min(until - event_time, HOUR_S - event_time % HOUR_S, MAX_STEP_S)
            volume = list(volume_incidents(int(event_time // DAY_S), plan.seed)) if plan.incidents else []
            started = {one for one in volume if one.starts <= event_time < one.ends} - labelled
            label_volume(labels, started)
            labelled |= started
            parts.append(bank.step(event_time, step_s, volume_factor(volume, event_time), rng))
            event_time += step_s
        events = pd.concat(parts, ignore_index=True)
        kinds: list[str] = []
        if plan.incidents and len(events):
            events, kinds = plant_fraud(events, planted, rng)
        events = events.sort_values("transaction_at", kind="stable", ignore_index=True)
        events["transaction_id"] = [f"{plan.prefix}{number:010d}" for number in range(sent, sent + len(events))]
        label_fraud(labels, events, kinds, planted)
        sent, planted = sent + len(events), planted + len(kinds)
        yield event_time, events


def label_volume(labels: Path | None, incidents: set[VolumeIncident]) -> None:
    """Append surges and outages to the labels."""
    if labels is not None:
        for incident in sorted(incidents, key=lambda one: one.starts):
            append_label(labels, incident.kind, incident.starts, incident.ends)


def label_fraud(labels: Path | None, events: pd.DataFrame, kinds: list[str], first: int) -> None:
    """Append fraud to the labels.

    Args:
        labels: file, or None.
        events: with `simulated_bank.COLUMNS`.
        kinds: type of each incident.
        first: number of the first incident.

    """
    if labels is None:
        return
    incidents = dict(iter(events[events["incident"] >= first].groupby("incident")))
    for number, kind in enumerate(kinds, first):
        rows = incidents[number].sort_values("transaction_at")
        starts, ends = rows["transaction_at"].min(), rows["transaction_at"].max()
        append_label(labels, kind, starts, ends, rows["transaction_id"].tolist())


def produce(
    steps: Iterator[Step],
    sender: Sender,
    target: Target,
    seconds: float | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
    wait: Callable[[float], object] = time.sleep,
) -> dict[str, int]:
    """Send one step per second of the wall clock.

    Messages that still wait at the end are not sent: as in a real bank, some events are always on their way.

    Args:
        steps: what to send.
        sender: turns events into messages.
        target: receives the messages.
        seconds: end after this many steps; None never ends.
        is_stopped: returns True to end early.
        wait: sleeps for a number of seconds.

    Returns:
        The sender's counts.

    """
    started = time.monotonic()
    for number, (until, events) in enumerate(steps, 1):
        sender.accept(events)
        target.send(sender.take_due(until))
        if is_stopped() or (seconds is not None and number >= seconds):
            break
        ahead_s = started + number - time.monotonic()
        if ahead_s > 0:
            wait(ahead_s)
        elif number % 30 == 0 and ahead_s < -DELAY_WARNING_S:
            log.warning("the producer is %.0f s behind: this machine is too slow for the rate", -ahead_s)
    return sender.counts
