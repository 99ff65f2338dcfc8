"""Seconds and memory of a command.

Memory is the largest sum of resident memory over the process and all its children, read every 0.2 s.
"""

import os
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


def resident_mb(pid: int) -> float:
    """Resident memory of a process and its descendants, MB."""
    total = 0.0
    try:
        for member in family(pid):
            total += int(Path(f"/proc/{member}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except FileNotFoundError:
        pass
    return total


def measure(command: list[str], **environment: str) -> tuple[float, float]:
    """Seconds and peak MB of a command."""
    started, peak = time.monotonic(), 0.0
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, resident_mb(process.pid))
        time.sleep(0.2)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return time.monotonic() - started, peak
