"""The contract of an event: what breaks it, and that nothing stops the reading."""

import pytest

from jobs.stream.contract import parsed

from .examples import event


@pytest.fixture(scope="module")
def reasons(spark):
    def read(*lines: str) -> list[str | None]:
        rows = parsed(spark.createDataFrame([(line,) for line in lines], "raw STRING"))
        return [row["reason"] for row in rows.select("reason").collect()]

    return read


def test_each_broken_event_is_told_its_reason(reasons):
    lines = {
        event(1): None,
        event(2, balance=None, location=None, terminal=None, latitude=None, longitude=None): None,
        event(3, at="2016-11-01T05:30:00+05:30"): None,
        "": "no JSON object with the types of an event",
        "\x00\x01 not json": "no JSON object with the types of an event",
        "[]": "no JSON object with the types of an event",
        event(4)[:50]: "no JSON object with the types of an event",
        event(5, amount="much"): "no JSON object with the types of an event",
        event(6, amount=float("nan")): "no JSON object with the types of an event",
        event(7, transaction_id=""): "transaction_id is missing or longer than 24",
        event(8, transaction_id="T" * 25): "transaction_id is missing or longer than 24",
        event("é"): "transaction_id is not printable ASCII",
        event(19, location="x" * 101): "location is longer than 100",
        event(9, customer_id=None): "customer_id is missing or longer than 32",
        event(10, at="yesterday"): "transaction_at is missing or no moment with a zone",
        event(11, at="2016-02-30T00:00:00Z"): "transaction_at is missing or no moment with a zone",
        event(12, at="2016-11-01 00:00:00"): "transaction_at is missing or no moment with a zone",
        event(13, at="2026-02-01T00:00:00Z"): "transaction_at is after it was sent",
        event(14, at="1789-07-14T00:00:00Z"): "transaction_at is before 1990",
        event(15, amount=-1): "amount is negative or too large",
        event(16, amount=None): "amount is missing",
        event(17, latitude=None): "of latitude and longitude one is missing",
        event(18, latitude=91): "no such place on Earth",
    }
    assert reasons(*lines) == list(lines.values())
