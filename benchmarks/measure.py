"""Measure seconds and memory of a command.

Memory is the peak of the sum over the process and all its descendants, sampled every second. It is Linux's proportional
set size, so pages that processes share, like Python workers after a fork, count once.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path


def family(pid: int) -> Iterator[int]:
    """A process and all its descendants."""
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from family(int(child))


def memory_mb(pid: int) -> float:
    """Memory of a process and its descendants, MB, without those that end during the measurement."""
    total = 0.0
    try:
        for member in family(pid):
            share = re.search(r"^Pss: *(\d+) kB", Path(f"/proc/{member}/smaps_rollup").read_text(), re.MULTILINE)
            total += int(share[1]) * 1024 / 1e6 if share else 0.0
    except (FileNotFoundError, ProcessLookupError):
        pass
    return total


def measure(command: list[str], **environment: str) -> tuple[float, float]:
    """Run a command with additional environment variables; returns its seconds and its peak memory in MB."""
    started, peak = time.monotonic(), 0.0
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, memory_mb(process.pid))
        time.sleep(1)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return time.monotonic() - started, peak
