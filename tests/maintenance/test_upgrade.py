"""An installation of version 0.1.0 gets the names of this version and keeps its rows."""

import pytest

from jobs.core import tables
from jobs.core.errors import BankError
from jobs.maintenance import upgrade
from jobs.maintenance.upgrade import ASIDE, upgrade_tables

OLD_TOTALS = """CREATE EXTERNAL TABLE {db}.place_totals (
  place STRING, transactions BIGINT, amount DECIMAL(18,2), rank_by_count INT, rank_by_amount INT
) STORED AS PARQUET LOCATION '{lake}/tables/place_totals/empty'"""

DRIFT = """CREATE EXTERNAL TABLE {db}.drift (
  measure STRING, column_name STRING, value DOUBLE, level DOUBLE, warn BOOLEAN, model_version INT
) PARTITIONED BY (problem STRING, run_date STRING) STORED AS PARQUET LOCATION '{lake}/tables/drift/empty'"""

ALERTS = """CREATE EXTERNAL TABLE {db}.alerts (
  alert_id STRING, at TIMESTAMP, raised_at TIMESTAMP, type STRING, customer_id STRING, location STRING, score DOUBLE,
  reason STRING, events STRING, habit STRING, stream STRING, batch BIGINT
) PARTITIONED BY (query STRING, day STRING) STORED AS PARQUET LOCATION '{lake}/tables/alerts/empty'"""

SEGMENT_GROUPS = """CREATE EXTERNAL TABLE {db}.segment_groups (
  segment STRING, dimension STRING, position INT, value STRING, members BIGINT, share DOUBLE
) STORED AS PARQUET LOCATION '{lake}/tables/segment_groups/empty'"""

TRANSACTIONS = """CREATE EXTERNAL TABLE {db}.transactions (
  transaction_id STRING, customer_id STRING, birth_date DATE, gender STRING, location STRING, balance DECIMAL(18,2),
  transaction_date DATE, transaction_time INT, transaction_at TIMESTAMP, amount DECIMAL(18,2)
) STORED AS PARQUET LOCATION '{lake}/tables/transactions/empty'"""


@pytest.fixture
def old_table(spark, settings):
    """Creates a table as version 0.1.0 did and publishes rows to it, or to one of its partitions."""

    def make(table: str, ddl: str, rows: str, fingerprint: str = "abc", partition: dict[str, str] | None = None):
        name = f"{settings.database}.{table}"
        if not spark.catalog.tableExists(name):
            spark.sql(ddl.format(db=settings.database, lake=settings.lake_url))
        path = "".join(f"{column}={value}/" for column, value in (partition or {}).items())
        folder = f"{settings.lake_url}/tables/{table}/{path}20260101T000000000000-{fingerprint}-0001"
        columns = [column for column in spark.table(name).columns if column not in (partition or {})]
        types = {field.name: field.dataType.simpleString() for field in spark.table(name).schema}
        typed = [f"CAST({column} AS {types[column]}) AS {column}" for column in columns]
        spark.sql(rows).toDF(*columns).selectExpr(*typed).write.parquet(folder)
        if partition:
            clause = ", ".join(f"{column} = '{value}'" for column, value in partition.items())
            spark.sql(f"ALTER TABLE {name} ADD PARTITION ({clause}) LOCATION '{folder}'")
        else:
            spark.sql(f"ALTER TABLE {name} SET LOCATION '{folder}'")

    return make


def rows(spark, settings, table: str, columns: str) -> list[tuple]:
    return sorted(map(tuple, tables.read(spark, settings, table).select(*columns.split()).collect()))


def test_a_renamed_table_keeps_its_rows_and_their_fingerprint(spark, settings, old_table):
    old_table("place_totals", OLD_TOTALS, "SELECT 'MUMBAI', 2L, 3.50BD, 1, 2")
    (sentence,) = upgrade_tables(spark, settings)
    assert sentence == "city_totals: renamed place -> city (1 rows)"
    assert rows(spark, settings, "city_totals", "city transactions") == [("MUMBAI", 2)]
    assert tables.content(tables.version(spark, settings, "city_totals")) == "abc"
    assert not spark.catalog.tableExists(f"{settings.database}.place_totals")


def test_no_file_of_the_old_table_is_deleted(spark, settings, old_table):
    old_table("place_totals", OLD_TOTALS, "SELECT 'MUMBAI', 2L, 3.50BD, 1, 2")
    upgrade_tables(spark, settings)
    folder = settings.var / "warehouse/tables/place_totals/20260101T000000000000-abc-0001"
    assert list(folder.glob("part-*"))


def two_days_of_drift(old_table) -> None:
    for use_case, day, fingerprint in (("default", "2026-01-01", "a1"), ("subscription", "2026-01-02", "b2")):
        partition = {"problem": use_case, "run_date": day}
        old_table("drift", DRIFT, "SELECT 'feature', 'age', 0.5D, 0.25D, true, 3", fingerprint, partition)


def test_a_renamed_partition_column_keeps_every_partition(spark, settings, old_table):
    two_days_of_drift(old_table)
    (sentence,) = upgrade_tables(spark, settings)
    assert sentence == "drift: renamed problem -> use_case (2 rows)"
    assert rows(spark, settings, "drift", "use_case run_date column_name value") == [
        ("default", "2026-01-01", "age", 0.5),
        ("subscription", "2026-01-02", "age", 0.5),
    ]
    own = {"use_case": "subscription", "run_date": "2026-01-02"}
    assert tables.content(tables.version(spark, settings, "drift", own)) == "b2"


def test_a_killed_upgrade_is_continued(spark, settings, old_table, monkeypatch):
    two_days_of_drift(old_table)
    publish = tables.publish

    def die_after_one(*arguments):
        publish(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(upgrade.tables, "publish", die_after_one)
    with pytest.raises(KeyboardInterrupt):
        upgrade_tables(spark, settings)
    assert spark.catalog.tableExists(f"{settings.database}.drift{ASIDE}")
    monkeypatch.undo()
    upgrade_tables(spark, settings)
    assert len(rows(spark, settings, "drift", "use_case")) == 2
    assert not spark.catalog.tableExists(f"{settings.database}.drift{ASIDE}")


def test_alerts_get_their_new_columns_types_and_event_keys(spark, settings, old_table):
    events, profile = '[{"transaction_id": "T1", "location": "PUNE"}]', '{"last_location": "PUNE"}'
    moment = "TIMESTAMP '2026-01-01 10:00:00'"
    old_table(
        "alerts",
        ALERTS,
        f"SELECT 'place-T1', {moment}, {moment}, 'place', NULL, 'PUNE', 4.5D, 'why', '{events}', '{profile}', 's', 7L",
        partition={"query": "alerts", "day": "2026-01-01"},
    )
    upgrade_tables(spark, settings)
    assert rows(spark, settings, "alerts", "alert_id type city profile events query day") == [
        (
            "terminal-T1",
            "terminal",
            "PUNE",
            '{"last_city": "PUNE"}',
            '[{"transaction_id": "T1", "city": "PUNE"}]',
            "alerts",
            "2026-01-01",
        )
    ]


def test_old_values_are_replaced_in_a_table_whose_columns_stay(spark, settings, old_table):
    old_table(
        "segment_groups",
        SEGMENT_GROUPS,
        "SELECT * FROM VALUES ('A', 'place', 1, 'PUNE', 1L, 0.1D), ('A', 'gender', 1, 'F', 1L, 0.1D)",
    )
    (sentence,) = upgrade_tables(spark, settings)
    assert sentence == "segment_groups: 2 rows have their new values (place -> city, part_of_day -> day_part)"
    assert rows(spark, settings, "segment_groups", "dimension value") == [("city", "PUNE"), ("gender", "F")]


def test_a_table_that_lacks_derived_columns_is_loaded_again_by_the_next_run(spark, settings, old_table):
    moment = "TIMESTAMP '2016-08-02 10:00:00'"
    old_table(
        "transactions",
        TRANSACTIONS,
        f"SELECT 'T1', 'C1', NULL, 'F', 'PUNE', 1BD, DATE '2016-08-02', 100000, {moment}, 5BD",
    )
    with pytest.raises(BankError, match=r"lacks \['age', .*run: bankstack upgrade"):
        tables.read(spark, settings, "transactions")
    (sentence,) = upgrade_tables(spark, settings)
    assert sentence.startswith("transactions: dropped the old table definition")
    assert tables.version(spark, settings, "transactions") == ""


def test_an_upgrade_of_an_up_to_date_installation_changes_nothing(spark, settings, old_table):
    assert upgrade_tables(spark, settings) == []
    two_days_of_drift(old_table)
    old_table("place_totals", OLD_TOTALS, "SELECT 'MUMBAI', 2L, 3.50BD, 1, 2")
    assert len(upgrade_tables(spark, settings)) == 2
    versions = [tables.version(spark, settings, "city_totals"), *rows(spark, settings, "drift", "use_case run_date")]
    assert upgrade_tables(spark, settings) == []
    assert [
        tables.version(spark, settings, "city_totals"),
        *rows(spark, settings, "drift", "use_case run_date"),
    ] == versions


def test_every_rename_leads_to_a_column_of_this_version():
    for table, renames in upgrade.RENAMES.items():
        known = set(tables.columns(table))
        assert set(renames.columns.values()) <= known, table
        assert set(renames.values) | set(renames.patterns) <= known, table
