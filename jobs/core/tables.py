"""Tables: created from their HQL, read by name, published atomically.

A publish writes a new folder `tables/<table>/<time>-<fingerprint>-<random>` and then sets the location of the table
(or partition) to it, in one metastore call. Readers see either the old rows or the new ones, never a mix, and a killed
job leaves only a folder that nothing points to.
"""

import logging
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from string import Template

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as F

from jobs.core.errors import BankError
from jobs.core.files import lake_files
from jobs.core.hive_files import hive_folder
from jobs.core.settings import Settings

Partition = Mapping[str, str]
VERSION = re.compile(r"\d{8}T\d{12}-[0-9a-f]+-[0-9a-f]{4}")
_CHECKED: set[str] = set()
"""Full names of the tables whose columns this process has compared with their HQL."""
_COLUMN = re.compile(r"^\s+(\w+)\s+(\S.*?)\s+COMMENT '", re.MULTILINE)
_PARTITION_COLUMN = re.compile(r"(\w+) (STRING) COMMENT '")
log = logging.getLogger(__name__)


def definition(table: str) -> str:
    """The text of the table's HQL file, `hive/<stage>/<table>.hql`.

    Raises:
        BankError: the table has no such file, or more than one.

    """
    found = sorted(hive_folder().glob(f"*/{table}.hql"))
    if len(found) != 1:
        raise BankError(f"table {table}: expected one file hive/<stage>/{table}.hql, found {len(found)}")
    return found[0].read_text()


def column_types(table: str, partitions: bool = True) -> dict[str, str]:
    """Names and SQL types of the table's columns, read from its HQL.

    Args:
        table: name of the table.
        partitions: also return the partition columns, after the others.

    Returns:
        Type by name, in the order of the HQL, for example `{"age": "INT", "balance": "DECIMAL(18,2)"}`.

    """
    body, _, rest = definition(table).partition(" (\n")[2].partition("\n)")
    types = dict(_COLUMN.findall(body))
    if partitions and (partitioned := re.search(r"PARTITIONED BY \((.*)\)", rest)):
        types |= dict(_PARTITION_COLUMN.findall(partitioned[1]))
    return types


def columns(table: str, partitions: bool = True) -> list[str]:
    """Names of the table's columns in the order of its HQL, partition columns last (see `column_types`)."""
    return list(column_types(table, partitions))


def partition_columns(table: str) -> list[str]:
    """Names of the table's partition columns, from its HQL."""
    return columns(table)[len(columns(table, partitions=False)) :]


def create(spark: SparkSession, settings: Settings, table: str) -> str:
    """Create the table from its HQL if it is missing; returns its full name, `<database>.<table>`.

    Raises:
        BankError: the table exists with other columns than its HQL.

    """
    name = f"{settings.database}.{table}"
    if not spark.catalog.tableExists(name):
        statement = Template(definition(table)).substitute(db=settings.database, lake=settings.lake_url)
        spark.sql(statement.rstrip().rstrip(";"))
    elif name not in _CHECKED:
        _check_columns(spark, name, table)
    _CHECKED.add(name)
    return name


def _check_columns(spark: SparkSession, name: str, table: str) -> None:
    expected, found = set(columns(table)), set(spark.table(name).columns)
    if expected != found:
        raise BankError(
            f"table {name}: expected the columns of hive/*/{table}.hql; it lacks {sorted(expected - found)} and has "
            f"{sorted(found - expected)}. It is from an older version; run: bankstack upgrade"
        )


def read(spark: SparkSession, settings: Settings, table: str) -> DataFrame:
    """The published rows of a table; empty if nothing was published yet."""
    return spark.table(create(spark, settings, table))


def version(spark: SparkSession, settings: Settings, table: str, partition: Partition | None = None) -> str:
    """Name of the folder that a table or partition points to; empty if nothing was published."""
    return folder_of(spark, create(spark, settings, table), partition)


def folder_of(spark: SparkSession, name: str, partition: Partition | None = None) -> str:
    """Like `version`, for a table that exists in the metastore under a full name, `<database>.<table>`."""
    clause = f" PARTITION ({_conditions(partition)})" if partition else ""
    try:
        rows = spark.sql(f"DESCRIBE FORMATTED {name}{clause}").where("col_name = 'Location'").collect()
    except AnalysisException as error:
        if "PARTITION" in str(error.getCondition()):
            return ""
        raise
    folder = str(rows[0]["data_type"]).rstrip("/").rsplit("/", 1)[-1]
    return "" if folder == "empty" else folder


def content(version: str) -> str:
    """The fingerprint in a version's name; versions with the same fingerprint hold the same rows."""
    return version.split("-")[1] if VERSION.fullmatch(version) else version


def publish(
    rows: DataFrame,
    settings: Settings,
    table: str,
    fingerprint: str,
    partition: Partition | None = None,
    files: Mapping[str, int] | None = None,
) -> int:
    """Write rows as the new content of a table, or of one partition, and switch to it.

    Args:
        rows: the columns of the table in any order, without those of `partition`. They are cast to the types of the
            HQL; in ANSI mode a value that doesn't fit raises an error.
        settings: where the lake is.
        table: name of the table.
        fingerprint: hexadecimal, identifies the content.
        partition: value by partition column; None for a table without partitions.
        files: further rows, as Parquet files that hold the table's columns: number of rows by path relative to the
            lake. The files move into the new version.

    Returns:
        The number of rows in the new version.

    Raises:
        BankError: the columns are not those of the table.

    """
    spark = rows.sparkSession
    name = create(spark, settings, table)
    fitted = _fit(rows, spark.table(name), table, partition)
    folder = _new_version(fingerprint)
    location = f"{settings.lake_url}/tables/{table}/{_path(partition)}{folder}"
    _move(settings, files or {}, f"tables/{table}/{_path(partition)}{folder}")
    counted = Observation()
    # Spark adds its files and then marks the version as complete.
    writer = fitted.observe(counted, F.count(F.lit(1)).alias("rows")).write.mode("append")
    if "STORED AS TEXTFILE" in definition(table):
        writer.option("sep", "\t").option("emptyValue", "").csv(location)
    else:
        writer.parquet(location)
    _switch(spark, name, partition, location)
    _prune(settings, f"tables/{table}/{_path(partition)}".rstrip("/"), folder)
    return int(counted.get["rows"]) + sum((files or {}).values())


def _move(settings: Settings, files: Mapping[str, int], folder: str) -> None:
    if not files:
        return
    filesystem, root = lake_files(settings)
    filesystem.makedirs(f"{root}/{folder}", exist_ok=True)
    for path in files:
        filesystem.mv(f"{root}/{path}", f"{root}/{folder}/{path.rsplit('/', 1)[-1]}")


def appendable(spark: SparkSession, settings: Settings, table: str, partition: Partition, fingerprint: str) -> str:
    """The folder, relative to the lake, of a partition to which a stream appends files; created if it is missing.

    It is a version like those of `publish`, so maintenance compacts it in the same way. Files must be added atomically.
    """
    folder = version(spark, settings, table, partition)
    path = f"tables/{table}/{_path(partition)}"
    if folder:
        return f"{path}{folder}"
    folder = _new_version(fingerprint)
    filesystem, root = lake_files(settings)
    filesystem.makedirs(f"{root}/{path}{folder}", exist_ok=True)
    filesystem.pipe_file(f"{root}/{path}{folder}/_SUCCESS", b"")
    _switch(spark, f"{settings.database}.{table}", partition, f"{settings.lake_url}/{path}{folder}")
    return f"{path}{folder}"


def _new_version(fingerprint: str) -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{fingerprint}-{secrets.token_hex(2)}"


def _fit(rows: DataFrame, target: DataFrame, table: str, partition: Partition | None) -> DataFrame:
    fields = [field for field in target.schema if field.name not in (partition or {})]
    expected, found = {field.name for field in fields}, set(rows.columns)
    if expected != found:
        raise BankError(
            f"table {table}: the rows lack columns {sorted(expected - found)} and have {sorted(found - expected)}, "
            "which are not in its HQL"
        )
    return rows.select(*[F.col(f"`{field.name}`").cast(field.dataType).alias(field.name) for field in fields])


def _switch(spark: SparkSession, name: str, partition: Partition | None, location: str) -> None:
    if partition:
        clause = f"PARTITION ({_conditions(partition)})"
        spark.sql(f"ALTER TABLE {name} ADD IF NOT EXISTS {clause} LOCATION '{location}'")
        spark.sql(f"ALTER TABLE {name} {clause} SET LOCATION '{location}'")
    else:
        spark.sql(f"ALTER TABLE {name} SET LOCATION '{location}'")
    spark.sql(f"REFRESH TABLE {name}")


def _prune(settings: Settings, folder: str, published: str) -> None:
    """Remove all complete versions but the newest; maintenance removes what killed jobs leave behind."""
    filesystem, root = lake_files(settings)
    names = {path.rstrip("/").rsplit("/", 1)[-1] for path in filesystem.ls(f"{root}/{folder}", detail=False)}
    versions = sorted(name for name in names if VERSION.fullmatch(name))
    if len(versions) <= settings.keep_versions:
        return
    whole = [name for name in versions if filesystem.exists(f"{root}/{folder}/{name}/_SUCCESS")]
    for name in set(whole[: -settings.keep_versions]) - {published}:
        log.debug("removing old version %s", name)
        filesystem.rm(f"{root}/{folder}/{name}", recursive=True)


def _conditions(partition: Partition) -> str:
    return ", ".join(f"`{key}` = '{value}'" for key, value in partition.items())


def _path(partition: Partition | None) -> str:
    return "".join(f"{key}={value}/" for key, value in (partition or {}).items())
