"""The contract of one event: what its JSON must hold, and the sentence that says why one is refused.

An event is one line of JSON (in Kafka a message of the topic `transactions`, keyed by customer):

    transaction_id, customer_id   text of at most 24 (printable ASCII) and 32 characters
    transaction_at, sent_at       moments, ISO 8601 with a zone: event time, and the wall clock when it was sent
    amount, balance               rupees; balance may be null
    location, terminal            text of at most 100 characters, may be null
    latitude, longitude           degrees, both or neither

A moment after `sent_at` would carry the watermark into the future and make all others late, so it is refused.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

TOPIC = "transactions"
TEXTS = {"transaction_id": 24, "customer_id": 32}
PLACES, LONGEST = ("location", "terminal"), 100
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)"
LARGEST = 1e12
AHEAD = "interval 1 day"
JSON = (
    "transaction_id STRING, customer_id STRING, transaction_at STRING, sent_at STRING, amount DOUBLE, balance DOUBLE, "
    "location STRING, terminal STRING, latitude DOUBLE, longitude DOUBLE, broken STRING"
)
FIELDS = ("transaction_id", "customer_id", "amount", "balance", "location", "terminal", "latitude", "longitude")


def parsed(raw: DataFrame) -> DataFrame:
    """Read the JSON of the column `raw`; keeps the other columns.

    Returns:
        Also FIELDS, transaction_at and sent_at (TIMESTAMP), and reason: why the event is refused, null if it is good.

    """
    options = {"columnNameOfCorruptRecord": "broken", "allowNonNumericNumbers": "false"}
    event = raw.withColumn("event", F.from_json("raw", JSON, options))
    moments = {name: _moment(F.col(f"event.{name}")) for name in ("transaction_at", "sent_at")}
    flat = event.select(*raw.columns, *[F.col(f"event.{name}") for name in (*FIELDS, "broken")], "event")
    return flat.withColumns(moments).withColumn("reason", _reason()).drop("event", "broken")


def _moment(text: Column) -> Column:
    return F.when(text.rlike(f"^{MOMENT}$"), F.try_to_timestamp(text))


def _reason() -> Column:
    """The first rule that the event breaks, as a sentence."""
    checks = [
        (F.col("event").isNull() | F.col("broken").isNotNull(), "no JSON object with the types of an event"),
        *[(_no_text(name, most), f"{name} is missing or longer than {most}") for name, most in TEXTS.items()],
        (~F.col("transaction_id").rlike("^[!-~]+$"), "transaction_id is not printable ASCII"),
        *[(F.length(name) > LONGEST, f"{name} is longer than {LONGEST}") for name in PLACES],
        (F.col("transaction_at").isNull(), "transaction_at is missing or no moment with a zone"),
        (F.col("sent_at").isNull(), "sent_at is missing or no moment with a zone"),
        (F.col("transaction_at") < F.lit("1990-01-01").cast("timestamp"), "transaction_at is before 1990"),
        (F.col("transaction_at") > F.col("sent_at") + F.expr(AHEAD), "transaction_at is after it was sent"),
        (F.col("amount").isNull(), "amount is missing"),
        (~F.col("amount").between(0, LARGEST), "amount is negative or too large"),
        (~F.col("balance").between(-LARGEST, LARGEST), "balance is too large"),
        (F.col("latitude").isNull() != F.col("longitude").isNull(), "of latitude and longitude one is missing"),
        (~F.col("latitude").between(-90, 90) | ~F.col("longitude").between(-180, 180), "no such place on Earth"),
    ]
    return F.coalesce(*[F.when(broken, F.lit(sentence)) for broken, sentence in checks])


def _no_text(name: str, most: int) -> Column:
    return F.col(name).isNull() | ~F.length(name).between(1, most)


def good(events: DataFrame) -> DataFrame:
    """The events that keep the contract."""
    return events.where(F.col("reason").isNull())
