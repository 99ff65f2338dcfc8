"""Parse durations as they are written in the settings."""

import re

from jobs.core.errors import BankError

UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


def seconds(text: str) -> float:
    """Convert a duration such as `10 minutes` to seconds.

    Raises:
        BankError: the text is not a duration.

    """
    match = re.fullmatch(r"\s*(\d+)\s+(second|minute|hour|day)s?\s*", text)
    if not match:
        raise BankError(f"{text!r} is not a duration; write a number and a unit, such as 10 minutes, 1 hour or 90 days")
    return float(match[1]) * UNITS[match[2]]
