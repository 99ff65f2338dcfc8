"""kill -9 of the driver at several moments: what is in the tables is what a batch over the same events gives."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jobs.core.settings import Settings

from .examples import drop, files

COMPARE = """
import json, logging
from jobs.commands import session
from jobs.core.settings import Settings
from jobs.stream.verification.recompute import differences
from jobs.stream.run import Stream
settings = Settings()
with session(settings, "compare") as spark:
    stream = Stream(spark, settings)
    stream.finish()
    stream.stop()
    counts = {name: spark.table(f"bank.{name}").count() for name in ("transaction_windows", "alerts", "dead_letters")}
    print("\\n" + json.dumps([differences(spark, settings), counts]))
"""
PATIENCE_S = 300


@pytest.fixture
def home(tmp_path) -> Settings:
    settings = Settings(var=tmp_path / "var")
    for number, lines in enumerate(files(settings, 6)):
        drop(settings, number, lines)
    return settings


def environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, "BANK_VAR": str(settings.var), "BANK_STREAM_BATCH": "1", "BANK_STREAM_TRIGGER": "0 seconds"}


def run(settings: Settings) -> subprocess.Popen:
    command = [sys.executable, "-m", "jobs", "stream"]
    return subprocess.Popen(command, env=environment(settings), stderr=subprocess.DEVNULL, start_new_session=True)


def wait_for(process: subprocess.Popen, *patterns: Path) -> None:
    """Until files of all patterns are there."""
    ends = time.monotonic() + PATIENCE_S
    while not all(list(pattern.parent.glob(pattern.name)) for pattern in patterns):
        assert process.poll() is None and time.monotonic() < ends, f"no {patterns}"
        time.sleep(0.01)


def test_after_kills_at_any_moment_the_tables_equal_the_batch(home):
    lake = home.var / "warehouse"
    moments = [
        (lake / "stream/windows/offsets/1",),  # a batch has begun
        (lake / "stream/windows/open/3.json", lake / "stream/alerts/offsets/2"),  # written, perhaps not committed
    ]
    for place, patterns in enumerate(moments):
        process = run(home)
        wait_for(process, *patterns)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, place
    found = subprocess.run([sys.executable, "-c", COMPARE], env=environment(home), capture_output=True, text=True)
    assert found.returncode == 0, found.stderr[-2000:]
    apart, counts = json.loads(found.stdout.splitlines()[-1])
    assert apart == {"transaction_windows": 0, "alerts": 0, "dead_letters": 0}
    assert counts["transaction_windows"] > 300 and counts["dead_letters"] > 0


def test_sigterm_stops_it_cleanly(home):
    process = run(home)
    wait_for(process, home.var / "warehouse/stream/alerts/commits/0")
    process.terminate()
    assert process.wait(PATIENCE_S) == 0
