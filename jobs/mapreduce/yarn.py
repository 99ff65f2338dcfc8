"""The same scripts as one Hadoop Streaming job on YARN (BANK_MAPREDUCE=yarn)."""

import re
import subprocess
from pathlib import Path

from jobs.core.errors import BankError
from jobs.core.files import lake_files, remove
from jobs.core.settings import Settings

HERE = Path(__file__).parent
FILES = ("questions.py", "mapper.py", "combiner.py", "reducer.py")
COUNTERS = ("lines", "malformed_lines")


def run_on_yarn(settings: Settings, folder: str, fingerprint: str) -> tuple[list[str], dict[str, int]]:
    """Run the job on the text in `folder` (relative to the lake).

    Returns:
        The reducer's lines and the counters that the scripts reported.

    Raises:
        BankError: the job failed, or its output does not hold the counters.

    """
    output = f"staging/mapreduce/{fingerprint}"
    remove(settings, output)
    submitted = command(f"{settings.lake_url}/{folder}", f"{settings.lake_url}/{output}")
    job = subprocess.run(submitted, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if job.returncode:
        raise BankError(f"mapred streaming ended with {job.returncode}: {' | '.join(job.stdout.splitlines()[-5:])}")
    lines, counts = read_lines(settings, output), counters(job.stdout)
    remove(settings, output)
    return lines, counts


def command(source: str, target: str) -> list[str]:
    """The command that submits the job, for the addresses of its input and output folders."""
    return [
        *("mapred", "streaming"),
        *("-D", "mapreduce.job.name=bankstack mapreduce.streaming", "-D", "mapreduce.job.reduces=1"),
        *("-files", ",".join(str(HERE / name) for name in FILES)),
        *("-mapper", "python3 mapper.py", "-combiner", "python3 combiner.py", "-reducer", "python3 reducer.py"),
        *("-input", source, "-output", target),
    ]


def counters(printed: str) -> dict[str, int]:
    """The scripts' counters, from what Hadoop prints when a job ends.

    Raises:
        BankError: one is missing, so malformed lines might go unseen.

    """
    found = {name: re.search(rf"^\s*{name}=(\d+)\s*$", printed, re.M) for name in COUNTERS}
    if missing := [name for name, match in found.items() if not match]:
        raise BankError(
            f"mapred streaming did not print the counters {missing}: log org.apache.hadoop.mapreduce at INFO"
        )
    return {name: int(match[1]) for name, match in found.items() if match}


def read_lines(settings: Settings, folder: str) -> list[str]:
    """The lines that the reducers wrote into the lake's folder."""
    filesystem, root = lake_files(settings)
    parts = sorted(filesystem.glob(f"{root}/{folder}/part-*"))
    return [line for part in parts for line in filesystem.cat_file(part).decode().split("\n") if line]
