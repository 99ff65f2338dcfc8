"""Export the customers of one segment or tier, for a campaign tool."""

import re
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.export import export_rows
from jobs.core.settings import Settings

GROUP_COLUMNS = ("segment", "rfm_tier", "value_tier")


def export_segment(spark: SparkSession, settings: Settings, group: str) -> Path:
    """Write the customers of a segment or tier, largest balance first, to `var/export/customers-<group>.csv`.

    Args:
        spark: the session.
        settings: where the tables are.
        group: letter of a segment, or name of a tier in any case.

    Returns:
        The path of the file. Its columns are those of customers and GROUP_COLUMNS.

    Raises:
        BankError: nobody is in such a group; the message lists the groups.

    """
    customers = grouped_customers(spark, settings)
    wanted = [F.lower(name) == group.lower() for name in GROUP_COLUMNS]
    rows = customers.where(wanted[0] | wanted[1] | wanted[2])
    if rows.isEmpty():
        names = [row[0] for row in customers.select(F.explode(F.array(*GROUP_COLUMNS))).distinct().collect()]
        groups = ", ".join(sorted(filter(None, names))) or "none yet; run: bankstack run segments"
        raise BankError(f"no customer is in a segment or tier {group!r}. There are: {groups}")
    name = re.sub(r"[^a-z0-9]+", "-", group.lower())
    return export_rows(rows.coalesce(1).sort(F.desc("balance"), "customer_id"), settings, f"customers-{name}")


def grouped_customers(spark: SparkSession, settings: Settings) -> DataFrame:
    """Return customers with their segment (null if there is none) and their tiers."""
    customers, segments, tiers = (
        tables.read(spark, settings, name) for name in ("customers", "segments", "customer_tiers")
    )
    tiered = customers.join(tiers.select("customer_id", "rfm_tier", "value_tier"), "customer_id")
    return tiered.join(segments.select("customer_id", "segment"), "customer_id", "left")
