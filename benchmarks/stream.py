"""Measure the stream on this machine: make bench-stream [MINUTES=10] [RATE=20000].

The events of a simulated bank are made beforehand, so that the producer uses no CPU during the measurement. Then each
second's files are moved to the source folder, with that second as their sending time, while `bankstack stream`
runs as a separate process. Every half minute the benchmark prints events received and processed, memory of the stream
including its children, state and latency. Finally, in another process, it compares the tables with a batch and
evaluates the alerts. In that bank each customer pays twelve times an hour, which hides bursts; so detection is also
evaluated on banks whose customers pay three times a day.
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

from jobs.core.settings import PROJECT, Settings
from jobs.simulation.bank.event_messages import Sender
from jobs.simulation.bank.producer import BEGIN, FolderTarget, Messages, Plan, create_sender, simulate
from jobs.simulation.bank.reference_simulation import simulate_reference_events
from jobs.stream.detection.reference_events import write_reference_events
from jobs.stream.verification.labels import labels_path

SENT_AT = '"sent_at":"2000-01-01T00:00:00.000Z"'
"""Stands in prepared lines for the time of sending."""
INTERVAL_S = 30
"""Seconds between two lines of output."""
WARM_UP_S = 20
"""Seconds from the stream's start until the first events are sent."""
DRAIN_S = 20
"""Seconds after the last event in which windows and alerts are still completed."""
QUIET_BANKS = (str(PROJECT / "benchmarks/alerts.py"), "301", "302", "303", "304")
HEADER = "second     received    processed     MB  state rows  state MB  latency of the last half minute: p50, p95"
EVALUATE = """
import sys
from jobs.commands import session
from jobs.core.settings import Settings
from jobs.stream.verification.stream_metrics import measure_stream, summarise
with session(Settings(), "bench") as spark:
    print(summarise(measure_stream(spark, Settings(), float(sys.argv[1]))))
"""


def main() -> None:
    """Prepare the events, stream them, evaluate the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=20_000)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--speed", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--evaluate", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"BANK_VAR": f"{folder}/var", "PYTHONWARNINGS": "ignore"}
        os.environ.setdefault("BANK_STREAM_TRIGGER", "3 seconds")
        os.environ.setdefault("BANK_STREAM_BATCH", "400000")
        plan = Plan(options.rate, options.speed, options.customers, options.seed)
        seconds = round(options.minutes * 60)
        prepared = Path(folder) / "prepared"
        prepare(Settings(), plan, seconds, prepared)
        elapsed_s = stream(Settings(), prepared, seconds)
        if options.evaluate:
            evaluate(elapsed_s)


def evaluate(elapsed_s: float) -> None:
    """Compare the tables with a batch, then evaluate detection on other banks; each in a process of its own."""
    quiet = {"PYSPARK_SUBMIT_ARGS": "--conf spark.ui.showConsoleProgress=false pyspark-shell"}
    command = [sys.executable, "-c", EVALUATE, str(elapsed_s)]
    subprocess.run(command, check=True, cwd=PROJECT, env={**os.environ, **quiet})
    print("\nBanks whose customers pay three times a day, by benchmarks/alerts.py:", flush=True)
    subprocess.run([sys.executable, *QUIET_BANKS], check=True)


def prepare(settings: Settings, plan: Plan, seconds: int, prepared: Path) -> None:
    """Write one folder of files per second, each second with the same number of lines."""
    started = time.monotonic()
    write_reference_events(settings, simulate_reference_events(plan))
    sender = create_sender(settings, plan)
    for number, messages in enumerate(islice(constant_rate(settings, plan, sender), seconds)):
        FolderTarget(prepared / f"{number:06d}").send(messages)
    elapsed_s = time.monotonic() - started
    print(f"{seconds * round(plan.rate):,} events prepared in {elapsed_s:.0f} s; {sender.counts}", flush=True)


def constant_rate(settings: Settings, plan: Plan, sender: Sender, begin: float = BEGIN) -> Iterator[Messages]:
    """Messages of a simulated bank, the same number each second by day and by night; SENT_AT is filled in later."""
    messages: Messages = []
    per_second = round(plan.rate)
    for until, events in simulate(plan, labels_path(settings), begin):
        sender.accept(events)
        messages += [(customer, _clear_sending_time(line)) for customer, line in sender.take_due(until)]
        while len(messages) >= per_second:
            yield messages[:per_second]
            messages = messages[per_second:]


def _clear_sending_time(line: str) -> str:
    start = line.find('"sent_at":"')
    return line if start < 0 else f"{line[:start]}{SENT_AT}{line[start + len(SENT_AT) :]}"


def set_sending_time(lines: str) -> str:
    """Fill in the current time."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return lines.replace(SENT_AT, f'"sent_at":"{now}"')


def stream(settings: Settings, prepared: Path, seconds: int) -> float:
    """Run the stream and send it the prepared events; return the seconds until all were processed."""
    command = [sys.executable, "-m", "jobs", "stream"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=PROJECT)
    try:
        wait_until_started(settings)
        print(HEADER)
        started = time.monotonic()
        sent = 0
        for number, lines in enumerate(send(settings, prepared, started), 1):
            sent += lines
            if number % INTERVAL_S == 0:
                print_line(settings, number, sent, process.pid)
        print(f"sent {sent:,} events in {time.monotonic() - started:.1f} s")
        while processed_events(settings) < sent:
            time.sleep(0.5)
        elapsed_s = time.monotonic() - started
        time.sleep(DRAIN_S)
        print_line(settings, round(elapsed_s), sent, process.pid)
        rate = sent / elapsed_s
        print(f"all processed after {elapsed_s:.1f} s; the last was sent after {seconds} s: {rate:,.0f} events/s")
        return elapsed_s
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def send(settings: Settings, prepared: Path, started: float) -> Iterator[int]:
    """Move each second's files to the source folder when its time comes; yield their number of lines."""
    hidden = settings.source_folder / ".next"
    for number, folder in enumerate(sorted(prepared.iterdir())):
        lines = 0
        time.sleep(max(0.0, started + number - time.monotonic()))
        for path in sorted(folder.iterdir()):
            content = set_sending_time(path.read_text())
            hidden.write_text(content)
            hidden.rename(settings.source_folder / path.name)
            lines += content.count("\n")
        shutil.rmtree(folder)
        yield lines


def wait_until_started(settings: Settings) -> None:
    """Wait until the stream has created its serving database, and WARM_UP_S longer."""
    settings.source_folder.mkdir(parents=True, exist_ok=True)
    while not Path(settings.live_url.removeprefix("sqlite:///")).exists():
        time.sleep(0.5)
    time.sleep(WARM_UP_S)


def query_live(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    """Rows of the serving database."""
    engine = create_engine(settings.live_url)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def processed_events(settings: Settings) -> int:
    """Events that all three queries have processed."""
    rows = query_live(settings, "SELECT query, sum(events) FROM live_progress GROUP BY query")
    return min((int(count or 0) for _, count in rows), default=0) if len(rows) == 3 else 0


def print_line(settings: Settings, second: int, sent: int, pid: int) -> None:
    """Print one line below HEADER."""
    newest = "SELECT query, max(batch) AS batch FROM live_progress WHERE state_rows > 0 GROUP BY query"
    state = f"SELECT sum(state_rows), sum(state_bytes) FROM live_progress JOIN ({newest}) USING (query, batch)"
    ((rows, size),) = query_live(settings, state)
    p50, p95 = latency(settings)
    columns = [
        f"{second:>6}",
        f"{sent:>12,}",
        f"{processed_events(settings):>12,}",
        f"{memory_mb(pid):>6.0f}",
        f"{rows or 0:>11,}",
        f"{(size or 0) / 1e6:>9.1f}",
    ]
    print(f"{' '.join(columns)}  {p50:.1f} s, {p95:.1f} s", flush=True)


def latency(settings: Settings) -> tuple[float, float]:
    """Of the windows query's batches in the last INTERVAL_S: the median of their p50, and the highest p95."""
    columns = "finished_at, latency_p50_s, latency_p95_s"
    rows = query_live(settings, f"SELECT {columns} FROM live_progress WHERE query = 'windows' AND events > 0")
    since = datetime.now(UTC).replace(tzinfo=None).timestamp() - INTERVAL_S
    recent = [(p50, p95) for at, p50, p95 in rows if datetime.fromisoformat(str(at)).timestamp() >= since]
    if not recent:
        return float("nan"), float("nan")
    medians, highest = zip(*recent, strict=True)
    return sorted(medians)[len(medians) // 2], max(highest)


if __name__ == "__main__":
    main()
