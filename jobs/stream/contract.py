"""The event contract: the JSON of one event, and why an event is rejected.

An event is one line of JSON. In Kafka it is one message of the topic `transactions`, keyed by customer:

    transaction_id, customer_id   strings of at most 24 (printable ASCII) and 32 characters
    transaction_at, sent_at       ISO 8601 timestamps with a time zone: event time, and wall-clock time of sending
    amount, balance               rupees; balance may be null
    location, terminal            strings of at most 100 characters; may be null
    latitude, longitude           degrees; both or neither

An event dated after its arrival, as the source's clock has it, is rejected: it would push the watermark into the
future and make all other events late.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.core.contracts import load_contract

TOPIC = "transactions"
MAX_LENGTHS = {"transaction_id": 24, "customer_id": 32}
"""Required strings and their longest allowed length."""
OPTIONAL_STRINGS = ("location", "terminal")
MAX_OPTIONAL_LENGTH = 100
TIMESTAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)"
MAX_AMOUNT = 1e12
MAX_CLOCK_LEAD = "5 minutes"
"""How far `transaction_at` may lie after the event's arrival; a terminal's clock may be this much fast."""
JSON_SCHEMA = (
    "transaction_id STRING, customer_id STRING, transaction_at STRING, sent_at STRING, amount DOUBLE, balance DOUBLE, "
    "location STRING, terminal STRING, latitude DOUBLE, longitude DOUBLE, corrupt STRING"
)
FIELDS = ("transaction_id", "customer_id", "amount", "balance", "location", "terminal", "latitude", "longitude")
EVENT_COLUMNS = (
    "transaction_id",
    "customer_id",
    "transaction_at",
    "amount",
    "balance",
    "location",
    "terminal",
    "latitude",
    "longitude",
)
"""Columns of a pandas frame of events; there, transaction_at is a float in seconds since 1970."""


def parse_events(raw: DataFrame) -> DataFrame:
    """Parse the JSON in the column `raw`.

    Args:
        raw: raw (STRING), arrived (TIMESTAMP: when the source received the event), and any other columns.

    Returns:
        The columns of `raw`, plus FIELDS, transaction_at and sent_at (TIMESTAMP), city (STRING) and reason (STRING):
        why the event is rejected, or null if it is valid.

    """
    options = {"columnNameOfCorruptRecord": "corrupt", "allowNonNumericNumbers": "false"}
    events = raw.withColumn("event", F.from_json("raw", JSON_SCHEMA, options))
    timestamps = {name: _timestamp(F.col(f"event.{name}")) for name in ("transaction_at", "sent_at")}
    flat = events.select(*raw.columns, *[F.col(f"event.{name}") for name in (*FIELDS, "corrupt")], "event")
    checked = flat.withColumns(timestamps).withColumn("reason", _rejection_reason()).drop("event", "corrupt")
    return checked.withColumn("city", F.expr(city_formula()))


def city_formula() -> str:
    """The SQL expression that derives `city` from `location`: the same as in the table transactions."""
    return load_contract("transactions").derived["city"]


def valid_events(events: DataFrame) -> DataFrame:
    """Keep the events that satisfy the contract."""
    return events.where(F.col("reason").isNull())


def _timestamp(text: Column) -> Column:
    return F.when(text.rlike(f"^{TIMESTAMP}$"), F.try_to_timestamp(text))


def _rejection_reason() -> Column:
    """The first rule that the event breaks, as a sentence; null if it breaks none."""
    lead = F.expr(f"interval {MAX_CLOCK_LEAD}")
    checks = [
        (F.col("event").isNull() | F.col("corrupt").isNotNull(), "not a JSON object with the types of an event"),
        *[
            (_missing_or_too_long(name, most), f"{name} is missing or longer than {most} characters")
            for name, most in MAX_LENGTHS.items()
        ],
        (~F.col("transaction_id").rlike("^[!-~]+$"), "transaction_id is not printable ASCII"),
        *[
            (F.length(name) > MAX_OPTIONAL_LENGTH, f"{name} is longer than {MAX_OPTIONAL_LENGTH} characters")
            for name in OPTIONAL_STRINGS
        ],
        (F.col("transaction_at").isNull(), "transaction_at is missing or not an ISO 8601 timestamp with a time zone"),
        (F.col("sent_at").isNull(), "sent_at is missing or not an ISO 8601 timestamp with a time zone"),
        (F.col("transaction_at") < F.lit("1990-01-01").cast("timestamp"), "transaction_at is before 1990"),
        (
            F.col("transaction_at") > F.col("arrived") + lead,
            f"transaction_at is more than {MAX_CLOCK_LEAD} after the event's arrival: a clock is fast",
        ),
        (F.col("amount").isNull(), "amount is missing"),
        (~F.col("amount").between(0, MAX_AMOUNT), "amount is negative or too large"),
        (~F.col("balance").between(-MAX_AMOUNT, MAX_AMOUNT), "balance is too large"),
        (F.col("latitude").isNull() != F.col("longitude").isNull(), "only one of latitude and longitude is given"),
        (
            ~F.col("latitude").between(-90, 90) | ~F.col("longitude").between(-180, 180),
            "latitude or longitude is out of range",
        ),
    ]
    return F.coalesce(*[F.when(is_broken, F.lit(sentence)) for is_broken, sentence in checks])


def _missing_or_too_long(name: str, most: int) -> Column:
    return F.col(name).isNull() | ~F.length(name).between(1, most)
