"""The command line `bankstack` (also `python -m jobs`); `bankstack --help` lists the commands."""

import argparse
import logging
import sys
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import ValidationError

from jobs import commands
from jobs.core.errors import EXPECTED_ERRORS
from jobs.core.settings import explain
from jobs.pipeline import DATASETS, USE_CASES

log = logging.getLogger("bankstack")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    An expected error becomes one sentence. Any other exception is a defect and keeps its traceback.

    Returns:
        The exit code: 0 success, 1 an error that the last line names, 2 wrong arguments, 130 stopped by Ctrl-C.

    """
    warnings.filterwarnings("ignore", category=FutureWarning)
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%H:%M:%S", level=logging.WARNING)
    log.setLevel(logging.INFO)
    options = vars(parser().parse_args(arguments))
    command: Callable[..., None] = options.pop("command")
    try:
        command(**options)
    except EXPECTED_ERRORS as error:
        log.error("%s", error)
        return 1
    except ValidationError as error:
        log.error("%s", explain(error))
        return 1
    except KeyboardInterrupt:
        log.error("stopped; the tables are as the last finished step left them")
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    """The parser of all commands and their arguments."""
    top = argparse.ArgumentParser(
        prog="bankstack",
        description="Bank analytics on Hadoop, Hive and Spark. "
        "Exit codes: 0 success, 1 an error, 2 wrong usage, 130 stopped by Ctrl-C.",
    )
    subparsers = top.add_subparsers(required=True, metavar="command")

    def add(function: Callable[..., None], name: str) -> argparse.ArgumentParser:
        summary = (function.__doc__ or "").splitlines()[0]
        command = subparsers.add_parser(name, help=summary, description=function.__doc__)
        command.set_defaults(command=function)
        return command

    add(commands.demo, "demo")
    _add_run_arguments(add(commands.run, "run"))
    _add_day_arguments(add(commands.inbox, "inbox"))
    add(commands.list_steps, "list")
    add(commands.graph, "graph")
    add(commands.fetch, "fetch")
    _add_generate_arguments(add(commands.generate, "generate"))
    export = add(commands.export, "export")
    export.add_argument("table", help="name of a table; bankstack list names them")
    export_segment = add(commands.export_segment, "export-segment")
    export_segment.add_argument("group", help="letter of a segment (A), or name of a tier (Champions, Gold)")
    segment_of = add(commands.segment_of, "segment-of")
    segment_of.add_argument("--customer", action="append", required=True, help="customer number; may be repeated")
    rollback = add(commands.rollback, "rollback")
    rollback.add_argument("use_case", choices=USE_CASES, help="use case whose previous champion to restore")
    add(commands.upgrade, "upgrade")
    _add_stream_arguments(add(commands.stream, "stream"))
    add(commands.stream_check, "stream-check")
    _add_stream_demo_arguments(add(commands.stream_demo, "stream-demo"))
    _add_produce_arguments(add(commands.produce, "produce"))
    return top


def _add_run_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "steps", nargs="*", metavar="step", help="a step (explore.rates) or a stage (explore); default: all"
    )
    command.add_argument(
        "--force",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="also run steps whose result is already published",
    )
    command.add_argument("--file", type=file_or_none, help="load this file; needs exactly one ingest step")
    _add_day_arguments(command)


def _add_day_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--run-date",
        type=past_or_today,
        default=datetime.now(UTC).date(),
        help="day that the run counts for, YYYY-MM-DD; default: today",
    )
    command.add_argument("--outcome", type=Path, metavar="FILE", help="write what the run changed to a JSON file")


def _add_generate_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--rows", type=positive, default=100_000, help="number of transactions; default: 100000")
    command.add_argument("--seed", type=natural, default=1, help="the same seed gives the same files; default: 1")
    command.add_argument("--dataset", action="append", choices=DATASETS, help="only this data set; may be repeated")


def _add_stream_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--anew",
        action="store_true",
        help="delete the stream's state and rows first, and read the source from its beginning",
    )


def _add_stream_demo_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--seconds", type=positive, default=60, help="length of the demo; default: 60")
    command.add_argument("--rate", type=float, default=800.0, help="events per second; default: 800")
    _add_event_seed(command)


def _add_produce_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--rate", type=float, default=500.0, help="events per second; default: 500")
    command.add_argument(
        "--speed", type=float, default=60.0, help="seconds of event time per second of wall-clock time; default: 60"
    )
    command.add_argument(
        "--customers",
        type=positive,
        help="number of customers; default: enough for ten payments per customer and day, 1,500 to 20,000",
    )
    command.add_argument("--seconds", type=positive, help="stop after this many seconds; default: run until stopped")
    command.add_argument(
        "--replay", type=Path, metavar="CSV", help="send the transactions of this file (as ingested, or as exported)"
    )
    command.add_argument(
        "--incidents",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="inject fraud, surges and outages",
    )
    _add_event_seed(command)


def _add_event_seed(command: argparse.ArgumentParser) -> None:
    command.add_argument("--seed", type=natural, default=1, help="the same seed gives the same events; default: 1")


def positive(text: str) -> int:
    """A whole number of 1 or more."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of 1 or more, found {text}")
    return number


def natural(text: str) -> int:
    """A whole number of 0 or more."""
    if (number := int(text)) < 0:
        raise argparse.ArgumentTypeError(f"expected a whole number of 0 or more, found {text}")
    return number


def past_or_today(text: str) -> date:
    """A date that isn't in the future, in UTC."""
    if (day := date.fromisoformat(text)) > (today := datetime.now(UTC).date()):
        raise argparse.ArgumentTypeError(f"{day} is in the future; today is {today} (UTC)")
    return day


def file_or_none(text: str) -> Path | None:
    """A path; None for an empty text, which an empty form field gives."""
    return Path(text) if text else None


if __name__ == "__main__":
    sys.exit(main())
