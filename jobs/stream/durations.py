"""Lengths of time in words, as in the settings."""

import re

from jobs.core.errors import BankError

UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


def seconds(text: str) -> float:
    """Seconds of a length such as `10 minutes`.

    Raises:
        BankError: it is no length of time.

    """
    found = re.fullmatch(r"\s*(\d+)\s+(second|minute|hour|day)s?\s*", text)
    if not found:
        raise BankError(f"{text!r} is no length of time; write a number and a unit, as in: 10 minutes, 1 hour, 90 days")
    return float(found[1]) * UNITS[found[2]]
