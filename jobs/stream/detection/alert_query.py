"""The alerts query: events grouped by customers and by terminals, each group one row of keyed state.

numpy processes a group as a whole, so the per-group cost of Spark and Python is paid only a few times per batch.
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

from jobs.stream.detection.alert_rows import COLUMNS
from jobs.stream.detection.keyed_state import NUMBER_COLUMNS, TEXT_COLUMNS, KeyedState, advance_keys
from jobs.stream.detection.thresholds import Thresholds

CUSTOMER_GROUPS = (0, 1, 2, 4)
"""Group numbers of the customers. There are few groups, as each one costs time in every micro-batch. The numbers are
chosen so that Spark's hash puts half of the groups of each role into each of the two partitions."""
TERMINAL_GROUPS = (3, 5)
BATCH_PARTS = 16
"""Parts of each group in the batch computation, where all events arrive at once."""
WORKER_NICENESS = 10
"""The workers yield to the windows query, whose results are being watched; alerts wait for the watermark anyway."""
STATE_SCHEMA = "histories BINARY, waiting BINARY, cities STRING"
_TYPES = {"event_time_us": "BIGINT", "score": "DOUBLE", "amount": "DOUBLE", "balance": "DOUBLE"}
OUTPUT_SCHEMA = ", ".join(f"{name} {_TYPES.get(name, 'STRING')}" for name in COLUMNS)
GroupFunction = Callable[[Any, Iterable[pd.DataFrame], GroupState], Iterator[pd.DataFrame]]


def rows_by_group(events: DataFrame) -> DataFrame:
    """Repeat each event for its customer and its terminal.

    An event without a terminal becomes two rows as well, so that Spark's count of late rows is exactly twice the number
    of late events; `advance_keys` ignores the second one.

    Returns:
        transaction_at, group_number, key, other, id, event_time_us, TEXT_COLUMNS, NUMBER_COLUMNS.

    """
    customer, terminal = F.xxhash64("customer_id"), F.xxhash64("terminal")
    roles = F.array(_role(CUSTOMER_GROUPS, customer, terminal), _role(TERMINAL_GROUPS, terminal, customer))
    columns = (*TEXT_COLUMNS, *NUMBER_COLUMNS)
    rows = events.select("transaction_at", *columns, F.explode(roles).alias("role"))
    return rows.select(
        "transaction_at",
        "role.group_number",
        "role.key",
        "role.other",
        F.xxhash64("transaction_id").alias("id"),
        F.unix_micros("transaction_at").alias("event_time_us"),
        *columns,
    )


def _role(groups: Sequence[int], key: Column, other: Column) -> Column:
    position = F.pmod(key, F.lit(len(groups))).cast("int")
    group_number = F.array(*map(F.lit, groups))[position]
    return F.struct(group_number.alias("group_number"), key.alias("key"), other.alias("other"))


def stream_alerts(events: DataFrame, watermark: str, thresholds: Thresholds, expiry_s: float) -> DataFrame:
    """The streaming query: rows of alerts and of watched customers' transactions, with the columns of `alert_rows`."""
    grouped = rows_by_group(events.withWatermark("transaction_at", watermark)).groupBy("group_number")
    function = group_function(thresholds, expiry_s)
    timeout = GroupStateTimeout.EventTimeTimeout
    return grouped.applyInPandasWithState(function, OUTPUT_SCHEMA, STATE_SCHEMA, "append", timeout)


def group_function(thresholds: Thresholds, expiry_s: float) -> GroupFunction:
    """The function that Spark calls per group that has new events, or whose first waiting event is due."""

    def process(key: Any, parts: Iterable[pd.DataFrame], state: GroupState) -> Iterator[pd.DataFrame]:  # noqa: ANN401
        forget_archives()
        os.setpriority(os.PRIO_PROCESS, 0, WORKER_NICENESS)
        keyed = KeyedState.load(*state.get) if state.exists else KeyedState()
        new = None if state.hasTimedOut else pd.concat(list(parts))
        watermark_ms = state.getCurrentWatermarkMs()
        rows = advance_keys(keyed, new, watermark_ms, thresholds, expiry_s, key[0] in TERMINAL_GROUPS)
        state.update(keyed.dump())
        warnings.simplefilter("ignore", FutureWarning)  # raised inside pyspark, for frames without values
        if (earliest := keyed.earliest_ms()) is not None:
            state.setTimeoutTimestamp(max(earliest, watermark_ms + 1))
        if rows:
            yield pd.DataFrame(rows, columns=list(COLUMNS))

    return process


def forget_archives() -> None:
    """Make Python forget Spark's archives on this worker's import path; everything in them is installed as well.

    Spark invalidates the import caches at each task, and every known archive then has its directory read again. That
    took a third of a worker's time.
    """
    for entry, finder in list(sys.path_importer_cache.items()):
        if isinstance(finder, zipimporter):
            del sys.path_importer_cache[entry]


def batch_alerts(events: DataFrame, watermark_ms: int, thresholds: Thresholds, expiry_s: float) -> DataFrame:
    """The same rows from all accepted events in one pass, without micro-batches."""

    def process(key: Any, rows: pd.DataFrame) -> pd.DataFrame:  # noqa: ANN401
        is_terminal = key[0] in TERMINAL_GROUPS
        found = advance_keys(KeyedState(), rows, watermark_ms, thresholds, expiry_s, is_terminal)
        return pd.DataFrame(found, columns=list(COLUMNS))

    part = F.pmod("key", F.lit(BATCH_PARTS)).alias("part")
    return rows_by_group(events).groupBy("group_number", part).applyInPandas(process, OUTPUT_SCHEMA)
