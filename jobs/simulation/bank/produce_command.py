"""The command produce: write reference events, then send events until stopped."""

import json
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import FrameType

from jobs.core.settings import Settings
from jobs.simulation.bank.producer import BEGIN, Plan, create_sender, create_target, produce, simulate
from jobs.simulation.bank.reference_simulation import simulate_reference_events
from jobs.simulation.bank.replay import REFERENCE_SHARE, read_transactions, replay
from jobs.stream.contract import EVENT_COLUMNS
from jobs.stream.detection.reference_events import write_reference_events
from jobs.stream.verification.labels import labels_path


def run_producer(settings: Settings, plan: Plan, seconds: int | None, file: Path | None) -> str:
    """Send events until SIGTERM or Ctrl-C.

    Args:
        settings: give source and lake.
        plan: what to send.
        seconds: stop after this many; None never stops.
        file: transactions to replay instead of a simulation.

    Returns:
        The counts as JSON.

    """
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    begin: float = BEGIN
    if plan.speed == 1.0:  # a bank in real time begins now, so that a restarted one continues
        begin = time.time()
        plan = replace(plan, prefix=f"L{int(begin)}-")
    if file:
        events = read_transactions(file)
        first = round(REFERENCE_SHARE * len(events))
        write_reference_events(settings, events.iloc[:first][list(EVENT_COLUMNS)])
        steps = replay(events.iloc[first:], plan, labels_path(settings))
    else:
        write_reference_events(settings, simulate_reference_events(plan))
        steps = simulate(plan, labels_path(settings), begin)
    sender, target = create_sender(settings, plan), create_target(settings)
    return json.dumps(produce(steps, sender, target, seconds, stopping.is_set, stopping.wait))
