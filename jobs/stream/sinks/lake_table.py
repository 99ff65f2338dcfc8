"""The lake's side of the sinks: a file per micro-batch and partition, added once.

Spark may do a batch again after a kill, and gives it the same number and rows. So before the first batch of a run is
written, its table is asked whether it has rows of that batch already (by their columns, which outlive the packing of
small files); later batches cannot have been written.
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

FOLDER_S = 600.0
"""Seconds for which a partition's folder is taken for known; maintenance packs none that is younger than a day."""
CENT = Decimal("0.01")


def fresh(spark: SparkSession, settings: Settings, table: str) -> DataFrame:
    """The table's rows, with the files that were added since this session read it last."""
    name = tables.create(spark, settings, table)
    spark.catalog.refreshTable(name)
    return spark.table(name)


class LakeTable:
    """One table that one query adds to."""

    def __init__(self, spark: SparkSession, settings: Settings, table: str, stream: str) -> None:
        """Make the table if it is not there; `stream` is the checkpoint's name."""
        self.spark, self.settings, self.table, self.stream = spark, settings, table, stream
        self.names = tables.partition_columns(table)
        rows = tables.read(spark, settings, table)
        self.schema = to_arrow_schema(StructType([one for one in rows.schema if one.name not in self.names]))
        self.first: int | None = None
        self.folders: dict[tuple[str, ...], tuple[str, float]] = {}

    def add(self, batch: int, rows: Sequence[Mapping[str, Any]]) -> int:
        """Add the rows of a batch unless they are there; returns how many rows were given.

        Rows hold the table's columns and its partition columns, except stream and batch; moments are aware datetimes.
        """
        self.first = batch if self.first is None else self.first
        parts: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in rows:
            key = tuple(str(row[name]) for name in self.names)
            parts.setdefault(key, []).append({**row, "stream": self.stream, "batch": batch})
        for key, part in parts.items():
            if batch != self.first or not self._has(key, batch):
                self._write(key, batch, part)
        return len(rows)

    def _has(self, key: tuple[str, ...], batch: int) -> bool:
        mine = fresh(self.spark, self.settings, self.table).where(f"stream = '{self.stream}' AND batch = {batch}")
        for column, value in zip(self.names, key, strict=True):
            mine = mine.where(mine[column] == value)
        return not mine.isEmpty()

    def _write(self, key: tuple[str, ...], batch: int, rows: list[dict[str, Any]]) -> None:
        filesystem, root = lake_files(self.settings)
        folder = f"{root}/{self._folder(key)}"
        arrays = [_array([row.get(field.name) for row in rows], field.type) for field in self.schema]
        hidden = f"{folder}/_{batch:012d}-{secrets.token_hex(4)}"
        with filesystem.open(hidden, "wb") as writer:
            table = pa.Table.from_arrays(arrays, schema=self.schema)
            pq.write_table(table, writer, use_deprecated_int96_timestamps=True)
        filesystem.mv(hidden, f"{folder}/part-{batch:012d}-{self.stream}.parquet")

    def _folder(self, key: tuple[str, ...]) -> str:
        folder, since = self.folders.get(key, ("", 0.0))
        if not folder or time.monotonic() - since > FOLDER_S:
            partition = dict(zip(self.names, key, strict=True))
            folder = tables.appendable(self.spark, self.settings, self.table, partition, self.stream)
            self.folders[key] = (folder, time.monotonic())
        return folder


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_decimal(kind):
        values = [None if value is None else Decimal(value).quantize(CENT) for value in values]
    return pa.array(values, kind)
