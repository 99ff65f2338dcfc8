"""Errors that a person can act on: the command line prints them as one sentence, without a traceback."""

import traceback
from pathlib import Path


class BankError(Exception):
    """An error that the user can fix. The message names the thing and the way out."""


class FileRefused(BankError):
    """A file breaks its contract and was not loaded; its table is unchanged."""


EXPECTED_ERRORS = (BankError, OSError)
"""Errors whose message is enough. Any other exception is a defect and keeps its traceback."""


def is_spark_error(error: Exception) -> bool:
    """Whether Spark or its bridge to Java raised the error."""
    return type(error).__module__.split(".")[0] in ("pyspark", "py4j")


def spark_failure(error: Exception, log: Path) -> str:
    """Write the full trace of an error of Spark to a file, and return its cause as one sentence."""
    causes = [line.removeprefix("Caused by: ") for line in str(error).splitlines() if line.startswith("Caused by: ")]
    cause = causes[-1] if causes else str(error).strip().splitlines()[0]
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(traceback.format_exception(error)))
    except OSError as unwritable:
        return f"Spark failed: {cause} (the full trace could not be written: {unwritable})"
    return f"Spark failed: {cause}. The full trace is in {log}"
