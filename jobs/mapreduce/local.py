"""The embedded MapReduce: the same scripts as real processes, through pipes, with a real sort between.

Memory stays constant: the text is fed in blocks, `sort` keeps to 64 MB and uses the disk beyond.
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


def run_local(blocks: Iterable[bytes], combine: bool = True) -> tuple[list[str], dict[str, int]]:
    """Run the text through mapper, sort, combiner, sort and reducer.

    Returns:
        The reducer's lines and the counters that the scripts reported.

    Raises:
        BankError: one of the processes failed.

    """
    with TemporaryFile() as messages:
        chain = start(("mapper", "combiner", "reducer") if combine else ("mapper", "reducer"), messages)
        lines = through(chain, blocks)
        messages.seek(0)
        text = messages.read().decode(errors="replace")
    refuse_failures(chain, text)
    return lines, {name: int(count) for name, count in COUNTER.findall(text)}


def through(chain: Sequence[Process], blocks: Iterable[bytes]) -> list[str]:
    """Feed the first process, read the last one's lines, and wait for all; end them if that is interrupted."""
    assert chain[0].stdin and chain[-1].stdout
    try:
        # A process that ended early is found by its exit code.
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
    """Start the scripts with a sort between each two, every one's stdout the next one's stdin."""
    chain: list[Process] = []
    for script in scripts:
        if chain:
            chain.append(_process(SORT, chain[-1].stdout, messages))
        # Without site-packages and environment, as bare as a NodeManager.
        command = (sys.executable, "-S", "-E", str(HERE / f"{script}.py"))
        chain.append(_process(command, chain[-1].stdout if chain else subprocess.PIPE, messages))
    return chain


def refuse_failures(chain: Iterable[Process], messages: str) -> None:
    """Raise BankError if a process failed, with the last thing that any of them said."""
    failed = [f"{name(process)} ({process.returncode})" for process in chain if process.returncode]
    if failed:
        said = COUNTER.sub("", messages).strip().splitlines() or ["nothing on stderr"]
        raise BankError(f"mapreduce: failed (exit code): {', '.join(failed)}; the last word was: {said[-1]}")


def name(process: Process) -> str:
    """What the process runs, for messages: mapper.py or sort."""
    command = cast(Sequence[str], process.args)
    return next((Path(part).name for part in command if part.endswith(".py")), command[0])


def _process(command: tuple[str, ...], source: IO[bytes] | int | None, messages: IO[bytes]) -> Process:
    environment = {**os.environ, "LC_ALL": "C"}
    process = subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, stderr=messages, env=environment)
    if source is not None and not isinstance(source, int):
        source.close()  # the child has it; ours would keep the pipe open after the child's end
    return process
