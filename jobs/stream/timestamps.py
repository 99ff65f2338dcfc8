"""Convert seconds since 1970 to timestamps."""

from datetime import UTC, datetime


def utc(seconds: float) -> datetime:
    """A datetime in UTC, with its time zone."""
    return datetime.fromtimestamp(seconds, UTC)


def naive_utc(seconds: float) -> datetime:
    """A datetime in UTC without a time zone, as the serving database stores it."""
    return utc(seconds).replace(tzinfo=None)


def iso_timestamp(seconds: float) -> str:
    """ISO 8601 in UTC without a time zone, to the millisecond."""
    return naive_utc(round(float(seconds), 3)).isoformat(timespec="milliseconds")
