"""Rename the tables, columns and values of an older version, keeping their rows.

An old table is set aside under another name (one metastore call), and its rows are published under the new names,
partition by partition. Then the old metastore entry is dropped. Tables are external: no file is deleted. A killed
upgrade continues where it stopped, and an upgrade that has finished changes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs import pipeline
from jobs.core import tables
from jobs.core.settings import Settings

ASIDE = "__before_upgrade"
"""Suffix of an old table's name while its rows are copied."""
UNKNOWN_CONTENT = "0"
"""Fingerprint of rows whose old version has none; steps publish them again."""


@dataclass(frozen=True)
class Renames:
    """What has another name in this version, for one table."""

    table: str = ""
    """The table's old name, if it changed."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """New name by old name, partition columns included."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """New value by old value, by the column's new name."""
    patterns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Regular expression and replacement, by the column's new name."""
    history: bool = False
    """Whether the table holds rows that no run can recompute."""


USE_CASE = Renames(columns={"problem": "use_case"}, history=True)

RENAMES: Mapping[str, Renames] = {
    "load_runs": Renames(history=True),
    "rejected_rows": Renames(history=True),
    "maintenance_runs": Renames(history=True),
    "segments": Renames(history=True),
    "segment_model": Renames(history=True),
    "segment_movement": Renames(history=True),
    "dead_letters": Renames(history=True),
    "city_totals": Renames(table="place_totals", columns={"place": "city"}),
    "customers": Renames(columns={"place": "city"}),
    "segment_groups": Renames(values={"dimension": {"place": "city", "part_of_day": "day_part"}}),
    "customer_cleaning": Renames(
        values={
            "step": {
                "place_tidied": "city_conformed",
                "money_moved": "amount_positive",
                "one_truth": "contradictions_resolved",
            }
        }
    ),
    "clusterings": Renames(
        columns={"place": "position"},
        values={
            "verdict": {
                "holds": "accepted",
                "shows the hierarchy, does not scale": "for comparison only, does not scale",
            }
        },
    ),
    "segment_decisions": Renames(columns={"said": "explanation"}),
    "transaction_windows": Renames(columns={"location": "city"}, history=True),
    "alerts": Renames(
        columns={"location": "city", "at": "event_time", "habit": "profile"},
        values={"type": {"place": "terminal"}},
        patterns={
            "alert_id": ("^place-", "terminal-"),
            "events": ('"location":', '"city":'),
            "profile": ('"last_location":', '"last_city":'),
        },
        history=True,
    ),
    "model_metrics": USE_CASE,
    "calibration": USE_CASE,
    "profit_curve": USE_CASE,
    "importances": USE_CASE,
    "shap_points": USE_CASE,
    "fairness": USE_CASE,
    "challengers": USE_CASE,
    "model_runs": USE_CASE,
    "predictions": USE_CASE,
    "top_clients": USE_CASE,
    "drift": USE_CASE,
}
"""Old names by table. Tables of the pipeline that are not listed have none."""


def upgrade_tables(spark: SparkSession, settings: Settings) -> list[str]:
    """Bring all tables of the database to the names of this version.

    Returns:
        One sentence per change; empty if everything is up to date.

    """
    names = sorted({table for step in pipeline.EVERY for table in step.writes})
    return [sentence for table in names for sentence in _upgrade(spark, settings, table)]


def _upgrade(spark: SparkSession, settings: Settings, table: str) -> Iterator[str]:
    renames = RENAMES.get(table, Renames())
    name, aside = f"{settings.database}.{table}", f"{settings.database}.{table}{ASIDE}"
    exists = spark.catalog.tableExists(name)
    if exists and not _is_current(spark, name, table):
        if not (renames.history or _fits(spark, name, table, renames)):
            spark.sql(f"DROP TABLE {name}")
            yield f"{table}: dropped the old table definition, because its columns changed. Run: bankstack run"
            return
        spark.sql(f"ALTER TABLE {name} RENAME TO {aside}")
    old_name = f"{settings.database}.{renames.table}"
    for old in (aside, old_name if renames.table else ""):
        if old and spark.catalog.tableExists(old):
            rows = _copy(spark, settings, old, table, renames)
            spark.sql(f"DROP TABLE {old}")
            yield f"{table}: renamed {_described(renames)} ({rows:,} rows)"
    if exists and _has_old_values(spark, settings, table, renames):
        rows = _replace_values(spark, settings, table, renames)
        yield f"{table}: {rows:,} rows have their new values ({_described(renames)})"


def _is_current(spark: SparkSession, name: str, table: str) -> bool:
    return set(spark.table(name).columns) == set(tables.columns(table))


def _fits(spark: SparkSession, name: str, table: str, renames: Renames) -> bool:
    """Whether the table has all columns of this version under their new or old names."""
    return {renames.columns.get(column, column) for column in spark.table(name).columns} == set(tables.columns(table))


def _copy(spark: SparkSession, settings: Settings, old: str, table: str, renames: Renames) -> int:
    """Publish the rows of an old table under their new names; partitions that are there already stay.

    Returns:
        The number of rows published.

    """
    count = 0
    for old_partition in _partitions(spark, old):
        partition = {renames.columns.get(column, column): value for column, value in old_partition.items()}
        folder = tables.folder_of(spark, old, old_partition)
        if folder and not tables.version(spark, settings, table, partition):
            rows = _renamed(_rows(spark, old, old_partition), table, partition, renames)
            count += tables.publish(rows, settings, table, _fingerprint(folder), partition)
    return count


def _partitions(spark: SparkSession, name: str) -> list[dict[str, str]]:
    """The partitions of a table in the metastore; one without columns for a table that is not partitioned."""
    columns = spark.catalog.listColumns(name)
    if not any(column.isPartition for column in columns):
        return [{}]
    listed = [row["partition"] for row in spark.sql(f"SHOW PARTITIONS {name}").collect()]
    return [dict(_pair(part) for part in partition.split("/")) for partition in listed]


def _pair(text: str) -> tuple[str, str]:
    """`use_case=default` as a pair; the metastore writes special characters as in URLs."""
    column, _, value = text.partition("=")
    return unquote(column), unquote(value)


def _rows(spark: SparkSession, name: str, partition: Mapping[str, str]) -> DataFrame:
    rows = spark.table(name)
    for column, value in partition.items():
        rows = rows.where(F.col(column) == value).drop(column)
    return rows


def _renamed(rows: DataFrame, table: str, partition: Mapping[str, str], renames: Renames) -> DataFrame:
    """The rows with this version's columns; a column that the old table lacks is null."""
    old_names = {renames.columns.get(column, column): column for column in rows.columns}
    columns = [column for column in tables.columns(table) if column not in partition]
    return rows.select(
        *[
            _value(F.col(f"`{old_names[column]}`"), column, renames).alias(column)
            if column in old_names
            else F.lit(None).alias(column)
            for column in columns
        ]
    )


def _value(old: Column, column: str, renames: Renames) -> Column:
    """The new value of a column."""
    if column in renames.patterns:
        pattern, replacement = renames.patterns[column]
        return F.regexp_replace(old, pattern, replacement)
    value = old
    for before, after in renames.values.get(column, {}).items():
        value = F.when(old == before, F.lit(after)).otherwise(value)
    return value


def _has_old_values(spark: SparkSession, settings: Settings, table: str, renames: Renames) -> bool:
    """Whether a table whose columns kept their names still holds old values."""
    if renames.columns or not renames.values:
        return False
    rows = tables.read(spark, settings, table)
    old = [F.col(column).isin(*values) for column, values in renames.values.items()]
    return any(not rows.where(condition).isEmpty() for condition in old)


def _replace_values(spark: SparkSession, settings: Settings, table: str, renames: Renames) -> int:
    """Publish an unpartitioned table with its new values."""
    fingerprint = _fingerprint(tables.version(spark, settings, table))
    rows = _renamed(tables.read(spark, settings, table), table, {}, renames)
    return tables.publish(rows, settings, table, fingerprint)


def _fingerprint(folder: str) -> str:
    return tables.content(folder) if tables.VERSION.fullmatch(folder) else UNKNOWN_CONTENT


def _described(renames: Renames) -> str:
    """The renames as text: `place -> city`."""
    changed = dict(renames.columns)
    for values in renames.values.values():
        changed |= values
    return ", ".join(f"{old} -> {new}" for old, new in changed.items()) or "no renames"
