"""The event contract: why an event is rejected, and which city a valid one has."""

from datetime import UTC, datetime

import pytest

from jobs.stream.contract import parse_events

from .stream_examples import event_line

ARRIVED = datetime(2026, 1, 1, 12, tzinfo=UTC)
FAST_CLOCK = "transaction_at is more than 5 minutes after the event's arrival: a clock is fast"
NOT_AN_EVENT = "not a JSON object with the types of an event"
NO_TIMESTAMP = "transaction_at is missing or not an ISO 8601 timestamp with a time zone"


@pytest.fixture(scope="module")
def parse(spark):
    def rows(*lines: str) -> list:
        rows = [(line, ARRIVED) for line in lines]
        return parse_events(spark.createDataFrame(rows, "raw STRING, arrived TIMESTAMP")).collect()

    return rows


def test_each_invalid_event_gets_the_reason_of_its_rejection(parse):
    reasons = {
        event_line(1): None,
        event_line(2, balance=None, location=None, terminal=None, latitude=None, longitude=None): None,
        event_line(3, "2016-11-01T05:30:00+05:30"): None,
        "": NOT_AN_EVENT,
        "\x00\x01 not json": NOT_AN_EVENT,
        "[]": NOT_AN_EVENT,
        event_line(4)[:50]: NOT_AN_EVENT,
        event_line(5, amount="much"): NOT_AN_EVENT,
        event_line(6, amount=float("nan")): NOT_AN_EVENT,
        event_line(7, transaction_id=""): "transaction_id is missing or longer than 24 characters",
        event_line(8, transaction_id="T" * 25): "transaction_id is missing or longer than 24 characters",
        event_line("é"): "transaction_id is not printable ASCII",
        event_line(19, location="x" * 101): "location is longer than 100 characters",
        event_line(9, customer_id=None): "customer_id is missing or longer than 32 characters",
        event_line(10, "yesterday"): NO_TIMESTAMP,
        event_line(11, "2016-02-30T00:00:00Z"): NO_TIMESTAMP,
        event_line(12, "2016-11-01 00:00:00"): NO_TIMESTAMP,
        event_line(13, "2099-01-01T00:00:00Z"): FAST_CLOCK,
        event_line(20, "2026-01-01T13:00:00Z"): FAST_CLOCK,
        event_line(21, "2026-01-01T12:05:00Z"): None,
        event_line(22, "2099-01-01T00:00:00Z", sent_at="2099-01-01T00:00:01Z"): FAST_CLOCK,
        event_line(14, "1789-07-14T00:00:00Z"): "transaction_at is before 1990",
        event_line(15, amount=-1): "amount is negative or too large",
        event_line(16, amount=None): "amount is missing",
        event_line(17, latitude=None): "only one of latitude and longitude is given",
        event_line(18, latitude=91): "latitude or longitude is out of range",
    }
    assert [row["reason"] for row in parse(*reasons)] == list(reasons.values())


def test_the_city_is_derived_from_the_location_as_in_the_table_transactions(parse):
    cities = {
        event_line(1, location="PUNE"): "PUNE",
        event_line(2, location=' "navi  mumbai", maharashtra'): "NAVI MUMBAI",
        event_line(3, location=""): None,
        event_line(4, location=None): None,
    }
    assert [row["city"] for row in parse(*cities)] == list(cities.values())
