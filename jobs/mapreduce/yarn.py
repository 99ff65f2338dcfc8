"""Run mapper, combiner and reducer as one Hadoop Streaming job on YARN (BANK_MAPREDUCE=yarn)."""

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
        The reducer's lines, and the scripts' counters by name.

    Raises:
        BankError: the job failed, or it didn't print the counters.

    """
    output = f"staging/mapreduce/{fingerprint}"
    remove(settings, output)
    submitted = command(f"{settings.lake_url}/{folder}", f"{settings.lake_url}/{output}")
    job = subprocess.run(submitted, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if job.returncode:
        raise BankError(
            f"mapred streaming failed with exit code {job.returncode}: {' | '.join(job.stdout.splitlines()[-5:])}"
        )
    lines, counts = read_lines(settings, output), counters(job.stdout)
    remove(settings, output)
    return lines, counts


def command(source: str, target: str) -> list[str]:
    """The command that submits the job.

    YARN links each shipped file into the working directory from a folder of its own. `python3 -m` imports from the
    working directory; `python3 mapper.py` would follow the link and not find questions.py.

    Args:
        source: URL of the input folder.
        target: URL of the output folder, which must not exist.

    """
    return [
        "mapred",
        "streaming",
        "-D",
        "mapreduce.job.name=bankstack mapreduce.streaming",
        "-D",
        "mapreduce.job.reduces=1",
        "-files",
        ",".join(str(HERE / name) for name in FILES),
        "-mapper",
        "python3 -m mapper",
        "-combiner",
        "python3 -m combiner",
        "-reducer",
        "python3 -m reducer",
        "-input",
        source,
        "-output",
        target,
    ]


def counters(printed: str) -> dict[str, int]:
    """The scripts' counters, from the output of `mapred streaming`.

    Raises:
        BankError: a counter is missing, so malformed lines could go unnoticed.

    """
    found = {name: re.search(rf"^\s*{name}=(\d+)\s*$", printed, re.M) for name in COUNTERS}
    if missing := [name for name, match in found.items() if not match]:
        raise BankError(
            f"mapred streaming did not print the counters {missing}. Log org.apache.hadoop.mapreduce at level INFO"
        )
    return {name: int(match[1]) for name, match in found.items() if match}


def read_lines(settings: Settings, folder: str) -> list[str]:
    """The lines that the reducers wrote to the folder, which is relative to the lake."""
    filesystem, root = lake_files(settings)
    parts = sorted(filesystem.glob(f"{root}/{folder}/part-*"))
    return [line for part in parts for line in filesystem.cat_file(part).decode().split("\n") if line]
