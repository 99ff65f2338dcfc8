"""The command line: python -m jobs, with a command of those that `python -m jobs --help` lists."""

import argparse
import logging
import sys
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from jobs import commands
from jobs.core.errors import BankError
from jobs.pipeline import DATASETS, USE_CASES

log = logging.getLogger("bankstack")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code: 0 done, 1 a problem that the last line names, 2 wrong arguments."""
    warnings.filterwarnings("ignore", category=FutureWarning)
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%H:%M:%S", level=logging.WARNING)
    log.setLevel(logging.INFO)
    options = vars(parser().parse_args(arguments))
    command: Callable[..., None] = options.pop("command")
    try:
        command(**options)
    except (BankError, OSError, ValueError) as error:
        log.error("%s", error)
        return 1
    except KeyboardInterrupt:
        log.error("stopped; the tables are as the last finished step left them")
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    """The arguments of every command."""
    top = argparse.ArgumentParser(
        prog="python -m jobs",
        description="The bank's analytics. Exit codes: 0 done, 1 a named problem, 2 usage, 130 stopped by Ctrl-C.",
    )
    subparsers = top.add_subparsers(required=True, metavar="command")

    def add(function: Callable[..., None], name: str) -> argparse.ArgumentParser:
        text = (function.__doc__ or "").splitlines()[0]
        command = subparsers.add_parser(name, help=text, description=function.__doc__)
        command.set_defaults(command=function)
        return command

    add(commands.demo, "demo")
    run = add(commands.run, "run")
    run.add_argument(
        "steps", nargs="*", metavar="step", help="a step (explore.rates) or a stage (explore); default: all"
    )
    run.add_argument(
        "--force",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="also run steps whose result is already published",
    )
    run.add_argument("--file", type=file_or_none, help="load this file; with one step of ingest")
    for command in (run, add(commands.inbox, "inbox")):
        command.add_argument(
            "--run-date", type=date.fromisoformat, default=datetime.now(UTC).date(), help="YYYY-MM-DD, today"
        )
        command.add_argument("--outcome", type=Path, metavar="FILE", help="write what changed to a file, as JSON")
    add(commands.list_steps, "list")
    add(commands.graph, "graph")
    add(commands.fetch, "fetch")
    generate = add(commands.generate, "generate")
    generate.add_argument("--rows", type=int, default=100_000, help="rows of each data set; default 100000")
    generate.add_argument("--seed", type=int, default=1, help="the same seed gives the same files; default 1")
    generate.add_argument("--dataset", action="append", choices=DATASETS, help="only this one; may be repeated")
    export = add(commands.export, "export")
    export.add_argument("table", help="name of a table, see: python -m jobs list")
    segment_of = add(commands.segment_of, "segment-of")
    segment_of.add_argument("--customer", action="append", required=True, help="customer number; may be repeated")
    stream = add(commands.stream, "stream")
    stream.add_argument(
        "--anew",
        action="store_true",
        help="first forget the stream's state and rows, then read the source from its beginning",
    )
    add(commands.stream_check, "stream-check")
    show = add(commands.stream_demo, "stream-demo")
    show.add_argument("--seconds", type=int, default=60, help="how long it is streamed; default 60")
    show.add_argument("--rate", type=float, default=800.0, help="events a second; default 800")
    produce = add(commands.produce, "produce")
    produce.add_argument("--rate", type=float, default=500.0, help="events a second; default 500")
    produce.add_argument(
        "--speed", type=float, default=60.0, help="seconds of event time in one of the clock; default 60"
    )
    many = "how many are simulated; default: as many as pay ten times a day, 1,500 to 20,000"
    produce.add_argument("--customers", type=int, help=many)
    produce.add_argument("--seconds", type=int, help="stop after so many; default: never")
    produce.add_argument(
        "--replay", type=Path, metavar="CSV", help="send this file's transactions (as ingested, or as exported)"
    )
    produce.add_argument(
        "--incidents", action=argparse.BooleanOptionalAction, default=True, help="plant fraud, surges and outages"
    )
    for command in (show, produce):
        command.add_argument("--seed", type=int, default=1, help="the same seed gives the same events; default 1")
    rollback = add(commands.rollback, "rollback")
    rollback.add_argument("use_case", choices=USE_CASES, help="whose previous champion comes back")
    return top


def file_or_none(text: str) -> Path | None:
    """A path; none for no text, as a form that was left empty gives."""
    return Path(text) if text else None


if __name__ == "__main__":
    sys.exit(main())
