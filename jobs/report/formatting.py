"""Format numbers, column names and codes for readers in a bank."""

import calendar
import math
from collections.abc import Mapping

from jobs.dimensions import CURRENCIES, MONTHS

THIN = "\N{NARROW NO-BREAK SPACE}"
TITLES = {"clients": "campaign clients", "credit": "card clients", "transactions": "transactions"}
OUTCOMES = {"clients": "subscribed to a term deposit", "credit": "defaulted"}
_BILL_MONTHS = ("Sep", "Aug", "Jul", "Jun", "May", "Apr")
_REPAYMENT_COLUMNS = ("pay_0", "pay_2", "pay_3", "pay_4", "pay_5", "pay_6")
LABELS = {
    "in_default": "credit in default",
    "balance": "account balance",
    "housing": "housing loan",
    "loan": "personal loan",
    "contact": "contact channel",
    "day": "day of the month",
    "duration": "call duration",
    "campaign": "contacts in this campaign",
    "pdays": "days since the last campaign",
    "previous": "earlier contacts",
    "poutcome": "previous campaign outcome",
    "marital": "marital status",
    "marriage": "marital status",
    "transaction_time": "time of day (HHMMSS)",
    "earlier_contact_season": "season of the earlier contact",
    "worst_status": "worst repayment status",
    "lateness": "weighted months late",
    "left_of_limit": "unused limit",
    "least_paid": "smallest payment",
    "most_paid": "largest payment",
    "paid_of_limit": "payments to limit",
    "paid_of_bills": "payments to bills",
    **{f"used_{number}": f"utilisation in {month}" for number, month in enumerate(_BILL_MONTHS, 1)},
    **{f"spent_{number}": f"spending in {month}" for number, month in enumerate(_BILL_MONTHS, 1)},
    **{f"bill_amt{number}": f"bill in {month}" for number, month in enumerate(_BILL_MONTHS, 1)},
    **{f"pay_amt{number}": f"paid in {month}" for number, month in enumerate(_BILL_MONTHS, 1)},
    **{name: f"repayment in {month}" for name, month in zip(_REPAYMENT_COLUMNS, _BILL_MONTHS, strict=True)},
}
MEANINGS = {
    "pdays": {"-1": "no earlier campaign"},
    "sex": {"1": "male", "2": "female"},
    "education": {"1": "graduate school", "2": "university", "3": "high school", "4": "other"},
    "marriage": {"1": "married", "2": "single", "3": "other"},
    "pay": {"-2": "card not used", "-1": "paid in full", "0": "revolving", "1": "1 month late"},
}


def count(number: float) -> str:
    """Format a whole number: 45211 -> 45,211."""
    return f"{number:,.0f}"


def percent(share: float, digits: int = 1) -> str:
    """Format a share as a percentage: 0.117 -> 11.7 %."""
    return f"{100 * share:.{digits}f}{THIN}%"


def fixed(value: float, digits: int = 3) -> str:
    """Format with a fixed number of digits: 0.6923 -> 0.692. NaN becomes an empty string."""
    return f"{value:.{digits}f}" if value == value else ""


def money(amount: float, dataset: str) -> str:
    """Format an amount in whole units of the data set's currency."""
    return f"{CURRENCIES[dataset]}{THIN}{amount:,.0f}".replace(f"{THIN}-", f"{THIN}\N{MINUS SIGN}")


def number(value: object) -> str:
    """Format a table cell: thousands separators, two decimals only for small fractions; null becomes empty."""
    if not isinstance(value, int | float) or math.isnan(value):
        return "" if value is None or isinstance(value, float) else str(value)
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:,.2f}"


def column(name: str) -> str:
    """Return a readable label for a column."""
    return LABELS.get(name, name.replace("_", " "))


def category(dataset: str, feature: str, value: object) -> str:
    """Return a readable label for a category or band: codes become words, null becomes `unknown`."""
    if value is None or value != value:
        return "unknown"
    low, _, high = str(value).partition(" to ")
    codes = {} if dataset == "clients" and feature != "pdays" else MEANINGS.get(_code_table(feature), {})
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
    late = f"{code} months late" if feature in _REPAYMENT_COLUMNS else f"code {code}"
    return codes.get(code, late)


def _code_table(feature: str) -> str:
    return "pay" if feature in _REPAYMENT_COLUMNS else feature


def _whole(text: str) -> int:
    return int(text) if text.lstrip("-").isdigit() else 0


def month(short: str) -> str:
    """Return the full name of a month: jan -> January."""
    return calendar.month_name[MONTHS.index(short) + 1]


def listed(words: list[str]) -> str:
    """Join words as `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def sentence(text: str) -> str:
    """Capitalise the first letter."""
    return text[:1].upper() + text[1:]
