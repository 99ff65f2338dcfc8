"""Numbers and columns in words that a banker reads."""

import calendar
import math
from collections.abc import Mapping

THIN = "\N{NARROW NO-BREAK SPACE}"
TITLES = {"clients": "campaign clients", "credit": "card clients", "transactions": "transactions"}
UNITS = {"clients": "€", "credit": "NT$", "transactions": "₹"}
OUTCOMES = {"clients": "subscribed a term deposit", "credit": "defaulted"}
_MONTHS = ("Sep", "Aug", "Jul", "Jun", "May", "Apr")
_STATUS = ("pay_0", "pay_2", "pay_3", "pay_4", "pay_5", "pay_6")
LABELS = {
    "in_default": "credit in default",
    "balance": "account balance",
    "housing": "housing loan",
    "loan": "personal loan",
    "contact": "way of contact",
    "day": "day of the month",
    "duration": "length of the call",
    "campaign": "contacts this campaign",
    "pdays": "days since last campaign",
    "previous": "earlier contacts",
    "poutcome": "last campaign's outcome",
    "marital": "marital status",
    "marriage": "marital status",
    "transaction_time": "time of day (HHMMSS)",
    **{f"bill_amt{number}": f"bill of {month}" for number, month in enumerate(_MONTHS, 1)},
    **{f"pay_amt{number}": f"paid in {month}" for number, month in enumerate(_MONTHS, 1)},
    **{name: f"repayment in {month}" for name, month in zip(_STATUS, _MONTHS, strict=True)},
}
MEANINGS = {
    "pdays": {"-1": "no earlier campaign"},
    "sex": {"1": "male", "2": "female"},
    "education": {"1": "graduate school", "2": "university", "3": "high school", "4": "other"},
    "marriage": {"1": "married", "2": "single", "3": "other"},
    "pay": {"-2": "card not used", "-1": "paid in full", "0": "revolving", "1": "1 month late"},
}


def count(number: float) -> str:
    """45211 -> 45,211."""
    return f"{number:,.0f}"


def percent(share: float, digits: int = 1) -> str:
    """0.117 -> 11.7 %."""
    return f"{100 * share:.{digits}f}{THIN}%"


def fixed(value: float, digits: int = 3) -> str:
    """0.6923 -> 0.692; nothing for what is not a number."""
    return f"{value:.{digits}f}" if value == value else ""


def money(amount: float, dataset: str) -> str:
    """An amount in the currency of the data set, whole units."""
    return f"{UNITS[dataset]}{THIN}{amount:,.0f}".replace(f"{THIN}-", f"{THIN}\N{MINUS SIGN}")


def number(value: object) -> str:
    """A number of a table's cell: few digits, thousands separated; nothing for null."""
    if not isinstance(value, int | float) or math.isnan(value):
        return "" if value is None or isinstance(value, float) else str(value)
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}" if abs(value) < 1000 else f"{value:,.0f}"


def column(name: str) -> str:
    """A column's name in words."""
    return LABELS.get(name, name.replace("_", " "))


def category(dataset: str, feature: str, value: object) -> str:
    """A category or band in words: codes get their meaning, a null is `not known`."""
    if value is None or value != value:
        return "not known"
    low, _, high = str(value).partition(" to ")
    codes = {} if dataset == "clients" and feature != "pdays" else MEANINGS.get(_family(feature), {})
    if not codes:
        return str(value)
    if not high:
        return _meaning(codes, feature, low)
    joint = " or " if high == str(_whole(low) + 1) else " to "
    first = low if low.isdigit() and high.isdigit() else _meaning(codes, feature, low)
    return f"{first}{joint}{_meaning(codes, feature, high)}"


def _meaning(codes: Mapping[str, str], feature: str, code: str) -> str:
    if feature == "pdays":
        return codes.get(code, code)
    late = f"{code} months late" if feature in _STATUS else f"code {code}"
    return codes.get(code, late)


def _family(feature: str) -> str:
    return "pay" if feature in _STATUS else feature


def _whole(text: str) -> int:
    return int(text) if text.lstrip("-").isdigit() else 0


def month(short: str) -> str:
    """The month in full: jan, January."""
    return calendar.month_name[[name.lower() for name in calendar.month_abbr].index(short)]


def listed(words: list[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def sentence(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def wilson(positives: float, rows: float) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson (1927), as shares."""
    if not rows:
        return 0.0, 1.0
    z, share = 1.959964, positives / rows
    middle, width = share + z * z / (2 * rows), z * math.sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows))
    return (middle - width) / (1 + z * z / rows), (middle + width) / (1 + z * z / rows)
