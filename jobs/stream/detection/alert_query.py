"""The query of the alerts: events in buckets of customers and of terminals, each bucket one row of state.

A bucket is worked as a whole by numpy, so what Spark and Python pay per group they pay per bucket.
"""

import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from zipimport import zipimporter

import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.streaming.state import GroupState, GroupStateTimeout

from jobs.stream.detection.alert_rows import FIELDS
from jobs.stream.detection.keyed_state import NUMBERS, TEXTS, Bucket, advance
from jobs.stream.detection.thresholds import Calibration

CUSTOMERS, TERMINALS = (0, 1, 2, 4), (3, 5)
"""Buckets of each role: few, as each costs some time in every micro-batch, and numbered so that Spark's hash puts half
of a role into each of the two partitions."""
PARTS = 16
GIVE_WAY = 10
"""How nice the workers are to the windows, which somebody looks at now: alerts wait for the watermark anyway."""
STATE = "state BINARY, waiting BINARY, places STRING"
_KINDS = {"at_us": "BIGINT", "score": "DOUBLE", "amount": "DOUBLE", "balance": "DOUBLE"}
OUTPUT = ", ".join(f"{name} {_KINDS.get(name, 'STRING')}" for name in FIELDS)
Work = Callable[[Any, Iterable[pd.DataFrame], GroupState], Iterator[pd.DataFrame]]


def bucketed(events: DataFrame) -> DataFrame:
    """Each event once for its customer and once for its terminal: adds bucket, key, other, id, at_us."""
    customer, terminal = F.xxhash64("customer_id"), F.xxhash64("terminal")
    roles = F.array(
        _role(CUSTOMERS, customer, F.coalesce(terminal, F.lit(0))),
        F.when(F.col("terminal").isNotNull(), _role(TERMINALS, terminal, customer)),
    )
    rows = events.select("transaction_at", *TEXTS, *NUMBERS, F.explode(roles).alias("role")).where("role IS NOT NULL")
    id_, at = F.xxhash64("transaction_id").alias("id"), F.unix_micros("transaction_at").alias("at_us")
    return rows.select("transaction_at", "role.bucket", "role.key", "role.other", id_, at, *TEXTS, *NUMBERS)


def _role(buckets: Sequence[int], key: Column, other: Column) -> Column:
    bucket = F.array(*map(F.lit, buckets))[F.pmod(key, F.lit(len(buckets))).cast("int")]
    return F.struct(bucket.alias("bucket"), key.alias("key"), other.alias("other"))


def alerts(events: DataFrame, watermark: str, known: Calibration, expiry_s: float) -> DataFrame:
    """The streaming query: rows of alerts and of watched customers' events, columns FIELDS of `words`."""
    grouped = bucketed(events.withWatermark("transaction_at", watermark)).groupBy("bucket")
    timeout = GroupStateTimeout.EventTimeTimeout
    return grouped.applyInPandasWithState(stateful(known, expiry_s), OUTPUT, STATE, "append", timeout)


def stateful(known: Calibration, expiry_s: float) -> Work:
    """What Spark calls for each bucket that has new events, or whose first waiting event the watermark has passed."""

    def work(key: Any, parts: Iterable[pd.DataFrame], state: GroupState) -> Iterator[pd.DataFrame]:  # noqa: ANN401
        leave_archives()
        os.setpriority(os.PRIO_PROCESS, 0, GIVE_WAY)
        bucket = Bucket.load(*state.get) if state.exists else Bucket()
        new = None if state.hasTimedOut else pd.concat(list(parts))
        rows = advance(bucket, new, state.getCurrentWatermarkMs(), known, expiry_s, key[0] in TERMINALS)
        state.update(bucket.dump())
        warnings.simplefilter("ignore", FutureWarning)  # pyspark's own, about frames without values
        if (earliest := bucket.earliest_ms()) is not None:
            state.setTimeoutTimestamp(max(earliest, state.getCurrentWatermarkMs() + 1))
        if rows:
            yield pd.DataFrame(rows, columns=list(FIELDS))

    return work


def leave_archives() -> None:
    """Take Spark's archives off the path of this worker, where all that they hold is installed too.

    Spark makes Python read the directory of each archive anew at each task: a third of what a worker did.
    """
    sys.path[:] = [place for place in sys.path if not place.endswith((".zip", ".jar"))]
    for place, finder in list(sys.path_importer_cache.items()):
        if isinstance(finder, zipimporter):
            del sys.path_importer_cache[place]


def at_once(events: DataFrame, watermark_ms: int, known: Calibration, expiry_s: float) -> DataFrame:
    """The same from all accepted events in one go, without micro-batches; in smaller parts, as all come at once."""

    def work(key: Any, rows: pd.DataFrame) -> pd.DataFrame:  # noqa: ANN401
        found = advance(Bucket(), rows, watermark_ms, known, expiry_s, key[0] in TERMINALS)
        return pd.DataFrame(found, columns=list(FIELDS))

    parts = F.pmod("key", F.lit(PARTS)).alias("part")
    return bucketed(events).groupBy("bucket", parts).applyInPandas(work, OUTPUT)
