"""Append micro-batches to tables of the lake: one file per batch and partition, exactly once.

Spark may repeat a batch after a crash, with the same number and rows. So before the first batch of a run is written,
the sink queries the table for rows of that batch. (It queries columns, because files disappear when maintenance
compacts them.) Later batches cannot have been written before.
"""

import secrets
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from jobs.core import tables
from jobs.core.files import lake_files
from jobs.core.settings import Settings

FOLDER_CACHE_S = 600.0
"""How long a partition's folder is cached, in seconds; maintenance compacts no folder younger than a day."""
CENT = Decimal("0.01")


def read_fresh(spark: SparkSession, settings: Settings, table: str) -> DataFrame:
    """The table's rows, including files that were added since this session last read it."""
    name = tables.create(spark, settings, table)
    spark.catalog.refreshTable(name)
    return spark.table(name)


class LakeTable:
    """A table to which one query appends."""

    def __init__(self, spark: SparkSession, settings: Settings, table: str, stream: str) -> None:
        """Create the table if it does not exist.

        Args:
            spark: a session that can read the table.
            settings: give the lake.
            table: name of the table.
            stream: id of the checkpoint, stored with each row.

        """
        self.spark, self.settings, self.table, self.stream = spark, settings, table, stream
        self.partition_columns = tables.partition_columns(table)
        fields = tables.read(spark, settings, table).schema
        self.schema = to_arrow_schema(StructType([one for one in fields if one.name not in self.partition_columns]))
        self.first_batch: int | None = None
        self.folders: dict[tuple[str, ...], tuple[str, float]] = {}
        """Per partition, its folder and when it was looked up (monotonic seconds)."""

    def append(self, batch: int, rows: Sequence[Mapping[str, Any]]) -> None:
        """Append the rows of a batch, unless the table already has them.

        Args:
            batch: number of the micro-batch.
            rows: hold the table's columns, including partition columns, except stream and batch; timestamps are
                datetimes with a time zone.

        """
        self.first_batch = batch if self.first_batch is None else self.first_batch
        by_partition: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in rows:
            partition = tuple(str(row[name]) for name in self.partition_columns)
            by_partition.setdefault(partition, []).append({**row, "stream": self.stream, "batch": batch})
        for partition, part in by_partition.items():
            if batch != self.first_batch or not self._has_batch(partition, batch):
                self._write(partition, batch, part)

    def _has_batch(self, partition: tuple[str, ...], batch: int) -> bool:
        rows = read_fresh(self.spark, self.settings, self.table)
        rows = rows.where(f"stream = '{self.stream}' AND batch = {batch}")
        for column, value in zip(self.partition_columns, partition, strict=True):
            rows = rows.where(rows[column] == value)
        return not rows.isEmpty()

    def _write(self, partition: tuple[str, ...], batch: int, rows: list[dict[str, Any]]) -> None:
        """Write a file under a hidden name, then rename it."""
        filesystem, root = lake_files(self.settings)
        folder = f"{root}/{self._folder(partition)}"
        arrays = [_to_array([row.get(field.name) for row in rows], field.type) for field in self.schema]
        hidden = f"{folder}/_{batch:012d}-{secrets.token_hex(4)}"
        with filesystem.open(hidden, "wb") as writer:
            table = pa.Table.from_arrays(arrays, schema=self.schema)
            pq.write_table(table, writer, use_deprecated_int96_timestamps=True)
        filesystem.mv(hidden, f"{folder}/part-{batch:012d}-{self.stream}.parquet")

    def _folder(self, partition: tuple[str, ...]) -> str:
        folder, since = self.folders.get(partition, ("", 0.0))
        if not folder or time.monotonic() - since > FOLDER_CACHE_S:
            values = dict(zip(self.partition_columns, partition, strict=True))
            folder = tables.appendable(self.spark, self.settings, self.table, values, self.stream)
            self.folders[partition] = (folder, time.monotonic())
        return folder


def _to_array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_decimal(kind):
        values = [None if value is None else Decimal(value).quantize(CENT) for value in values]
    return pa.array(values, kind)
