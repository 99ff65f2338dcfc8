"""Export a table, or some of its rows, as one CSV file."""

from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, MapType, StructType

from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.files import download, remove
from jobs.core.settings import Settings


def export_table(spark: SparkSession, settings: Settings, table: str) -> Path:
    """Write a table to `var/export/<table>.csv` with a header; returns the path.

    Nulls become empty values; columns with lists or maps, which CSV can't hold, become JSON.

    Raises:
        BankError: the table does not exist.

    """
    if not spark.catalog.tableExists(f"{settings.database}.{table}"):
        raise BankError(f"no table {table}. bankstack list names all tables; a run creates them: bankstack run")
    return export_rows(tables.read(spark, settings, table), settings, table)


def export_rows(unflattened: DataFrame, settings: Settings, name: str) -> Path:
    """Write rows to `var/export/<name>.csv` like `export_table`."""
    rows = _flat(unflattened)
    folder, target = f"staging/export/{name}", settings.var / "export" / f"{name}.csv"
    rows.write.mode("overwrite").csv(f"{settings.lake_url}/{folder}", escape='"', emptyValue="")
    download(settings, folder, target, ",".join(rows.columns))
    remove(settings, folder)
    return target


def _flat(rows: DataFrame) -> DataFrame:
    nested = {f.name for f in rows.schema if isinstance(f.dataType, ArrayType | MapType | StructType)}
    return rows.select(*[F.to_json(name).alias(name) if name in nested else name for name in rows.columns])
