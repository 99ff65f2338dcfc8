"""Measure the stream on this machine: make bench-stream [MINUTES=10] [RATE=20000].

A simulated bank's events are made beforehand, so that the producer takes no part of the cores; then each second's
files are put into the source's folder, stamped with that moment, while `python -m jobs stream` runs as its own
process. Printed each half minute: events that came and were worked, memory of the stream with its children, state,
latency. Then the tables are compared with a batch and the alerts with the planted truth, in a process of their own. Of
that bank each customer pays twelve times an hour, which hides a burst; so detection is judged on natural banks as well.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from measure import memory_mb
from sqlalchemy import create_engine, text

from jobs.core.settings import Settings
from jobs.simulation.bank.earlier_events import simulated_earlier, write_earlier
from jobs.simulation.bank.event_messages import Sender
from jobs.simulation.bank.producer import BEGIN, Folder, Plan, sender, simulated

STAMP = '"sent_at":"2000-01-01T00:00:00.000Z"'
EVERY_S = 30
NATURAL = ("benchmarks/alerts.py", "301", "302", "303", "304")
HEAD = "second         came       worked     MB  state rows  state MB  latency of the last half minute: p50, p95"
JUDGE = """
import sys
from jobs.commands import session
from jobs.core.settings import Settings
from jobs.stream.verification.stream_metrics import figures, in_words
with session(Settings(), "bench") as spark:
    print(in_words(figures(spark, Settings(), float(sys.argv[1]))))
"""


def main() -> None:
    """Prepare, stream, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=20_000)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--speed", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--judge", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"BANK_VAR": f"{folder}/var", "PYTHONPATH": ".", "PYTHONWARNINGS": "ignore"}
        os.environ.setdefault("BANK_STREAM_TRIGGER", "3 seconds")
        os.environ.setdefault("BANK_STREAM_BATCH", "400000")
        plan = Plan(options.rate, options.speed, options.customers, options.seed)
        seconds = round(options.minutes * 60)
        prepare(Settings(), plan, seconds, Path(folder) / "made")
        streamed = stream(Settings(), Path(folder) / "made", seconds)
        if options.judge:
            quiet = {"PYSPARK_SUBMIT_ARGS": "--conf spark.ui.showConsoleProgress=false pyspark-shell"}
            subprocess.run([sys.executable, "-c", JUDGE, str(streamed)], check=True, env={**os.environ, **quiet})
            print(f"\nBanks whose customers pay three times a day, by {NATURAL[0]}:", flush=True)
            subprocess.run([sys.executable, *NATURAL], check=True)


def prepare(settings: Settings, plan: Plan, seconds: int, made: Path) -> None:
    """Write each second's files into a folder of its own: the same number of lines in each, at night as at noon."""
    started = time.monotonic()
    write_earlier(settings, simulated_earlier(plan))
    sending = sender(settings, plan)
    for number, lines in enumerate(islice(evenly(settings, plan, sending), seconds)):
        Folder(made / f"{number:06d}").send(lines)
    made_in = time.monotonic() - started
    print(f"{seconds * round(plan.rate):,} events made in {made_in:.0f} s; {sending.counts}", flush=True)


def evenly(settings: Settings, plan: Plan, sending: Sender, begin: float = BEGIN) -> Iterator[list[tuple[str, str]]]:
    """A simulated bank's customers and lines, as many for each second, at night as at noon, to be stamped when sent."""
    lines: list[tuple[str, str]] = []
    for upto, events in simulated(plan, settings.stream_folder / "truth.jsonl", begin):
        sending.take(events)
        lines += [(customer, _stamp(line)) for customer, line in sending.due(upto)]
        while len(lines) >= round(plan.rate):
            yield lines[: round(plan.rate)]
            lines = lines[round(plan.rate) :]


def _stamp(line: str) -> str:
    """The line with STAMP in the place of the moment when it was sent."""
    start = line.find('"sent_at":"')
    return line if start < 0 else f"{line[:start]}{STAMP}{line[start + len(STAMP) :]}"


def stamped(text: str) -> str:
    """The text with this moment in the place of STAMP."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return text.replace(STAMP, f'"sent_at":"{now}"')


def stream(settings: Settings, made: Path, seconds: int) -> float:
    """Feed the running stream; returns the seconds until all was worked."""
    command = [sys.executable, "-m", "jobs", "stream"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(settings)
        print(HEAD)
        started = time.monotonic()
        came = 0
        for number, lines in enumerate(feed(settings, made, started), 1):
            came += lines
            if number % EVERY_S == 0:
                tell(settings, number, came, process.pid)
        print(f"fed {came:,} events in {time.monotonic() - started:.1f} s")
        while worked(settings) < came:
            time.sleep(0.5)
        ended = time.monotonic() - started
        time.sleep(20)  # windows and alerts close what the last watermark lets them
        tell(settings, round(ended), came, process.pid)
        print(f"all worked after {ended:.1f} s, the last came after {seconds} s: {came / ended:,.0f} events/s")
        return ended
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def feed(settings: Settings, made: Path, started: float) -> Iterator[int]:
    """Put each second's files into the source when its time comes; yields their lines."""
    hidden = settings.source_folder / ".next"
    for number, folder in enumerate(sorted(made.iterdir())):
        lines = 0
        time.sleep(max(0.0, started + number - time.monotonic()))
        for path in sorted(folder.iterdir()):
            content = stamped(path.read_text())
            hidden.write_text(content)
            hidden.rename(settings.source_folder / path.name)
            lines += content.count("\n")
        shutil.rmtree(folder)
        yield lines


def wait_for(settings: Settings) -> None:
    """Return when the stream looks for files: some warm it up, and are worked."""
    settings.source_folder.mkdir(parents=True, exist_ok=True)
    while not Path(settings.live_url.removeprefix("sqlite:///")).exists():
        time.sleep(0.5)
    time.sleep(20)


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    """What a query of SQL says of the live store."""
    engine = create_engine(settings.live_url)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def worked(settings: Settings) -> int:
    """Events that all three queries have worked."""
    found = rows(settings, "SELECT query, sum(events) FROM live_progress GROUP BY query")
    return min((int(count or 0) for _, count in found), default=0) if len(found) == 3 else 0


def tell(settings: Settings, second: int, came: int, pid: int) -> None:
    """Print a line of HEAD."""
    newest = "SELECT query, max(batch) AS batch FROM live_progress WHERE state_rows > 0 GROUP BY query"
    state = f"SELECT sum(state_rows), sum(state_bytes) FROM live_progress JOIN ({newest}) USING (query, batch)"
    ((count, size),) = rows(settings, state)
    figures = f"{second:>6} {came:>12,} {worked(settings):>12,} {memory_mb(pid):>6.0f} {count or 0:>11,}"
    p50, p95 = latency(settings)
    print(f"{figures} {(size or 0) / 1e6:>9.1f}  {p50:.1f} s, {p95:.1f} s", flush=True)


def latency(settings: Settings) -> tuple[float, float]:
    """Of the windows' batches of the last half minute: the median of their medians, the highest of their 95 %."""
    names = "finished_at, latency_p50_s, latency_p95_s"
    found = rows(settings, f"SELECT {names} FROM live_progress WHERE query = 'windows' AND events > 0")
    since = datetime.now(UTC).replace(tzinfo=None).timestamp() - EVERY_S
    late = [(p50, p95) for at, p50, p95 in found if datetime.fromisoformat(str(at)).timestamp() >= since]
    if not late:
        return float("nan"), float("nan")
    middles, worsts = zip(*late, strict=True)
    return sorted(middles)[len(middles) // 2], max(worsts)


if __name__ == "__main__":
    main()
