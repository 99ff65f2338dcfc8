"""Run mapper, combiner and reducer as local processes connected by pipes (BANK_MAPREDUCE=pipes, the default).

Memory stays constant: the text is written in blocks, and `sort` spills to disk beyond 64 MB.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from jobs.core.errors import BankError

Process = subprocess.Popen[bytes]
HERE = Path(__file__).parent
SORT = ("sort", "-S", "64M")
COUNTER = re.compile(r"^reporter:counter:bankstack,(\w+),(\d+)$", re.M)


def run_in_pipes(blocks: Iterable[bytes], combine: bool = True) -> tuple[list[str], dict[str, int]]:
    """Run the text through mapper, sort, combiner, sort and reducer.

    Args:
        blocks: the text as UTF-8, cut anywhere.
        combine: whether to run the combiner.

    Returns:
        The reducer's lines, and the scripts' counters by name.

    Raises:
        BankError: a process failed.

    """
    with TemporaryFile() as messages:
        chain = start(("mapper", "combiner", "reducer") if combine else ("mapper", "reducer"), messages)
        lines = feed(chain, blocks)
        messages.seek(0)
        text = messages.read().decode(errors="replace")
    refuse_failures(chain, text)
    return lines, {name: int(count) for name, count in COUNTER.findall(text)}


def feed(chain: Sequence[Process], blocks: Iterable[bytes]) -> list[str]:
    """Write the blocks to the first process and read the lines of the last; kill all processes on interruption."""
    assert chain[0].stdin and chain[-1].stdout
    try:
        # refuse_failures finds a process that ended early by its exit code
        with suppress(BrokenPipeError), chain[0].stdin as writer:
            writer.writelines(blocks)
        with chain[-1].stdout as reader:
            return [line.decode().rstrip("\n") for line in reader]
    except BaseException:
        for process in chain:
            process.kill()
        raise
    finally:
        for process in chain:
            process.wait()


def start(scripts: Iterable[str], messages: IO[bytes]) -> list[Process]:
    """Start the scripts as one shell pipeline, with a sort between each two."""
    chain: list[Process] = []
    for script in scripts:
        if chain:
            chain.append(_process(SORT, chain[-1].stdout, messages))
        # without site-packages and environment variables, as on a NodeManager
        command = (sys.executable, "-S", "-E", str(HERE / f"{script}.py"))
        chain.append(_process(command, chain[-1].stdout if chain else subprocess.PIPE, messages))
    return chain


def refuse_failures(chain: Iterable[Process], messages: str) -> None:
    """Raise BankError if a process failed, with the last message on stderr."""
    failed = [f"{name(process)} ({process.returncode})" for process in chain if process.returncode]
    if failed:
        printed = COUNTER.sub("", messages).strip().splitlines() or ["none"]
        raise BankError(f"mapreduce: failed (exit code): {', '.join(failed)}; last message on stderr: {printed[-1]}")


def name(process: Process) -> str:
    """The process's program for messages: mapper.py, sort."""
    command = cast(Sequence[str], process.args)
    return next((Path(part).name for part in command if part.endswith(".py")), command[0])


def _process(command: tuple[str, ...], source: IO[bytes] | int | None, messages: IO[bytes]) -> Process:
    environment = {**os.environ, "LC_ALL": "C"}
    process = subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, stderr=messages, env=environment)
    if source is not None and not isinstance(source, int):
        source.close()  # the child has its own copy; this one would keep the pipe open after the child ends
    return process
