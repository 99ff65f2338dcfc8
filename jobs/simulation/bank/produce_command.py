"""The command produce: earlier data for the calibration, then events until it is stopped."""

import json
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import FrameType

from jobs.core.settings import Settings
from jobs.simulation.bank import replay
from jobs.simulation.bank.earlier_events import simulated_earlier, write_earlier
from jobs.simulation.bank.producer import BEGIN, Plan, produce, sender, simulated, target


def run(settings: Settings, plan: Plan, wall_s: int | None, file: Path | None) -> str:
    """Send events; returns the counts in words. SIGTERM and Ctrl-C end it."""
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    begin: float = BEGIN
    if plan.speed == 1.0:  # a bank that lives as fast as ours begins now, so one that is started again goes on
        begin = time.time()
        plan = replace(plan, prefix=f"L{int(begin)}-")
    truth_file = settings.stream_folder / "truth.jsonl"
    if file:
        events = replay.transactions(file)
        first = round(replay.EARLIER * len(events))
        write_earlier(settings, events.iloc[:first].drop(columns="incident"))
        steps = replay.replayed(events.iloc[first:], plan, truth_file)
    else:
        write_earlier(settings, simulated_earlier(plan))
        steps = simulated(plan, truth_file, begin)
    counts = produce(steps, sender(settings, plan), target(settings), wall_s, stopping.is_set, stopping.wait)
    return json.dumps(counts)
