"""Recognise how a date is written, to tell people which format a file has."""

import re

LOOKS_LIKE = {
    "yyyy-MM-dd": r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$",
    "yyyy-MM-dd HH:mm:ss": r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[ T][0-9]{1,2}:.*$",
    "yyyy/MM/dd": r"^[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}$",
    "yyyyMMdd": r"^(19|20)[0-9]{6}$",
    "MM/dd/yyyy": r"^[0-9]{1,2}/(1[3-9]|2[0-9]|3[01])/[0-9]{4}$",
    "dd/MM/yyyy": r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}$",
    "dd/MM/yy": r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}$",
    "dd.MM.yyyy": r"^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}$",
    "MM-dd-yyyy": r"^[0-9]{1,2}-(1[3-9]|2[0-9]|3[01])-[0-9]{4}$",
    "dd-MM-yyyy": r"^[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}$",
    "dd-MM-yy": r"^[0-9]{1,2}-[0-9]{1,2}-[0-9]{2}$",
    "dd-MMM-yyyy": r"^[0-9]{1,2}[- ][A-Za-z]{3}[- ][0-9]{4}$",
    "an Excel day number": r"^[1-6][0-9]{4}(\.[0-9]+)?$",
}
"""Formats and what texts in them look like, the first match first; the patterns mean the same in Java and Python."""


def date_format(text: str) -> str:
    """The format that a text looks like, a key of LOOKS_LIKE; empty if it looks like none."""
    return next((name for name, pattern in LOOKS_LIKE.items() if re.match(pattern, text)), "")
