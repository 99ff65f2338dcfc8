"""Check a file's first line against the contract's columns, and say how to correct it."""

import csv
import re
from pathlib import Path

from jobs.core.contracts import Contract
from jobs.core.errors import FileRefused

SEPARATORS = (",", ";", "\t", "|")


def check_header(path: Path, line: bytes, contract: Contract) -> list[str]:
    """Check the first line.

    Args:
        path: the file, for messages.
        line: its first line, in UTF-8 without a byte order mark.
        contract: gives separator and columns.

    Returns:
        The contract's names in the file's order; any order is accepted.

    Raises:
        FileRefused: the names aren't the contract's.

    """
    text = line.decode().rstrip("\r\n")
    names = contract_names(split(text, contract.separator), contract)
    if "\r" not in text and sorted(names) == sorted(contract.header):
        return names
    expected = f"Expected header: {contract.separator.join(contract.header)}"
    raise FileRefused(f"{path.name} line 1: {_problem(text, names, contract)} {expected}")


def split(text: str, separator: str) -> list[str]:
    """The values of one line, without quotes and surrounding blanks; empty if the line isn't CSV."""
    try:
        return [value.strip() for value in next(csv.reader([text], delimiter=separator), [])]
    except csv.Error:
        return []


def contract_names(names: list[str], contract: Contract) -> list[str]:
    """Replace names that differ from the contract's only in case, blanks, dots, hyphens and underscores by those."""
    known = {_plain(name): name for name in contract.header}
    return [known.get(_plain(name), name) for name in names]


def _plain(name: str) -> str:
    return re.sub(r"[\s._-]+", " ", name).lower()


def _problem(text: str, names: list[str], contract: Contract) -> str:
    """What is wrong with the first line, and the way out, as sentences."""
    if not text.strip():
        return "is blank. Delete the blank lines above the header."
    if "\r" in text:
        return "lines end in CR alone, expected LF or CRLF. Convert it: mac2unix."
    if text.lower().startswith("sep="):
        return f"is Excel's line {text!r}, not the header. Delete it."
    if len(names) == 1 and len(split(names[0], contract.separator)) > 1:
        return "each line is wrapped in quotes, as one value. Remove the outer quotes, and write doubled ones once."
    read = {one: contract_names(split(text, one), contract) for one in (contract.separator, *SEPARATORS)}
    separator = max(read, key=lambda one: len(set(read[one]) & set(contract.header)))
    names = read[separator]
    if not set(names) & set(contract.header) and any(map(_is_number, names)):
        return f"there is no header: the line looks like a row with {len(names)} values. Add the header."
    hint = ""
    if separator != contract.separator:
        hint = f"separated by {separator!r}, expected {contract.separator!r}; "
    return f"{hint}{_difference(names, contract)}"


def _difference(names: list[str], contract: Contract) -> str:
    """Which columns are missing, unexpected or twice in the header."""
    missing = sorted(set(contract.header) - set(names))
    unknown = sorted(set(names) - set(contract.header))
    repeated = sorted({name for name in names if names.count(name) > 1})
    if not missing and unknown == [""] and names[0] == "":
        return "the first column has no name: it looks like an index that pandas wrote. Write it with index=False."
    if not missing and unknown == [""] and names[-1] == "":
        return "ends with a separator too many. Remove the one at the end of each line."
    parts = [f"expected {len(contract.header)} columns, found {len(names)}"]
    for title, found in (("missing", missing), ("not expected", unknown), ("more than once", repeated)):
        if found:
            parts.append(f"{title}: {', '.join(map(repr, found))}")
    return "; ".join(parts) + "."


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
