"""After kill -9 and a stop by SIGTERM, the tables equal a batch over the same events."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobs.core.settings import Settings

from .stream_examples import drop_file, simulated_files

COMPARE = """
import json, logging
from jobs.commands import session
from jobs.core.settings import Settings
from jobs.simulation.bank.reference_simulation import fallback_events
from jobs.stream.run import Stream
from jobs.stream.verification.recompute import differences
settings = Settings()
with session(settings, "compare") as spark:
    stream = Stream(spark, settings, lambda: fallback_events(settings))
    stream.process_available()
    stream.stop()
    counts = {name: spark.table(f"bank.{name}").count() for name in ("transaction_windows", "alerts", "dead_letters")}
    print("\\n" + json.dumps([differences(spark, settings), counts]))
"""


@pytest.fixture
def settings(tmp_path) -> Settings:
    settings = Settings(var=tmp_path / "var")
    for number, lines in enumerate(simulated_files(settings, 6)):
        drop_file(settings, number, lines)
    return settings


def environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, "BANK_VAR": str(settings.var), "BANK_STREAM_BATCH": "1", "BANK_STREAM_TRIGGER": "0 seconds"}


@pytest.fixture
def run(settings) -> Iterator[Callable[[], subprocess.Popen]]:
    """Start the stream in a process group of its own; none outlives the test."""
    started = []

    def start() -> subprocess.Popen:
        command = [sys.executable, "-m", "jobs", "stream"]
        process = subprocess.Popen(
            command, env=environment(settings), stderr=subprocess.DEVNULL, start_new_session=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(process: subprocess.Popen, *patterns: Path) -> None:
    """Wait until files of all patterns exist; pytest's own time limit ends a wait in vain."""
    while not all(list(pattern.parent.glob(pattern.name)) for pattern in patterns):
        assert process.poll() is None, f"the stream ended before it wrote {patterns}"
        time.sleep(0.01)


def test_after_a_crash_and_a_stop_the_tables_equal_the_batch(settings, run):
    stream = settings.var / "warehouse/stream"
    crashing = run()
    wait_for(crashing, stream / "windows/open/1.json")  # written, but perhaps not committed
    os.killpg(crashing.pid, signal.SIGKILL)
    assert crashing.wait() == -signal.SIGKILL
    stopped = run()
    wait_for(stopped, stream / "windows/offsets/3", stream / "alerts/commits/0")
    stopped.terminate()
    assert stopped.wait() == 0
    found = subprocess.run([sys.executable, "-c", COMPARE], env=environment(settings), capture_output=True, text=True)
    assert found.returncode == 0, found.stderr[-2000:]
    differing, counts = json.loads(found.stdout.splitlines()[-1])
    assert differing == {"transaction_windows": 0, "alerts": 0, "dead_letters": 0}
    assert counts["transaction_windows"] > 300 and counts["dead_letters"] > 0
