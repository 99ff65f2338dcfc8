"""Publishing: readers see the old rows or the new ones, a few old versions stay, the HQL defines a table."""

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from jobs import pipeline
from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.export import export_table

LOAD = (
    "run_date DATE, file STRING, source STRING, bytes BIGINT, rows_in BIGINT, rows_loaded BIGINT, rows_rejected BIGINT"
)
NOTES = "note_id STRING, customer_id STRING, noted_on DATE, text STRING"


def notes(spark: SparkSession, *texts: str) -> DataFrame:
    return spark.createDataFrame([(f"N{n}", "C1", None, text) for n, text in enumerate(texts)], NOTES)


def texts(spark, settings) -> list[str]:
    return sorted(row.text for row in tables.read(spark, settings, "call_notes").collect())


def test_a_table_is_empty_and_has_no_version_before_it_is_published(spark, settings):
    assert texts(spark, settings) == []
    assert tables.version(spark, settings, "call_notes") == ""


def test_publishing_replaces_all_rows_and_the_version_contains_the_fingerprint(spark, settings):
    assert tables.publish(notes(spark, "a", "b"), settings, "call_notes", "aa") == 2
    assert tables.publish(notes(spark, "c"), settings, "call_notes", "bb") == 1
    assert texts(spark, settings) == ["c"]
    assert "-bb-" in tables.version(spark, settings, "call_notes")


def test_the_last_versions_are_kept_to_go_back_to(spark, settings):
    for text in "abcde":
        tables.publish(notes(spark, text), settings, "call_notes", "aa")
    versions = sorted((settings.var / "warehouse/tables/call_notes").glob("2*"))
    assert len(versions) == settings.keep_versions == 3
    spark.sql(f"ALTER TABLE {settings.database}.call_notes SET LOCATION '{versions[0].as_uri()}'")
    assert texts(spark, settings) == ["c"]


def test_a_failed_write_leaves_the_old_rows(spark, settings):
    tables.publish(notes(spark, "a"), settings, "call_notes", "aa")
    broken = notes(spark, "b").selectExpr("note_id", "customer_id", "noted_on", "raise_error('boom') AS text")
    with pytest.raises(PySparkException, match="boom"):
        tables.publish(broken, settings, "call_notes", "bb")
    assert texts(spark, settings) == ["a"]


def test_rows_with_other_columns_are_refused_by_name(spark, settings):
    with pytest.raises(BankError, match=r"call_notes: the rows lack columns \['text'\] and have \['body'\]"):
        tables.publish(notes(spark, "a").withColumnRenamed("text", "body"), settings, "call_notes", "aa")


def test_one_partition_is_published_without_touching_the_others(spark, settings):
    for dataset, file in (("clients", "a"), ("credit", "b"), ("clients", "c")):
        row = [(None, file, "real", 1, 1, 1, 0, None, None)]
        rows = spark.createDataFrame(row, f"{LOAD}, nulled MAP<STRING, BIGINT>, loaded_at TIMESTAMP")
        tables.publish(rows, settings, "load_runs", "aa", {"dataset": dataset, "sha256": "0"})
    found = {(row.dataset, row.file) for row in tables.read(spark, settings, "load_runs").collect()}
    assert found == {("clients", "c"), ("credit", "b")}


def test_a_table_is_exported_as_one_csv_file_with_a_header(spark, settings):
    tables.publish(notes(spark, 'say "hi", twice'), settings, "call_notes", "aa")
    assert export_table(spark, settings, "call_notes").read_text() == (
        'note_id,customer_id,noted_on,text\nN0,C1,,"say ""hi"", twice"\n'
    )


def test_an_unknown_table_is_not_exported(spark, settings):
    with pytest.raises(BankError, match="no table nothing"):
        export_table(spark, settings, "nothing")


def test_columns_come_from_the_hql_with_partition_columns_last():
    assert tables.columns("rejected_rows") == ["file", "line", "raw", "reasons", "dataset", "sha256"]
    assert tables.columns("rejected_rows", partitions=False) == ["file", "line", "raw", "reasons"]


def test_column_types_keep_types_that_hold_commas():
    types = tables.column_types("load_runs")
    assert (types["nulled"], types["rows_in"], types["dataset"]) == ("MAP<STRING, BIGINT>", "BIGINT", "STRING")


@pytest.mark.parametrize("table", sorted({table for step in pipeline.EVERY for table in step.writes}))
def test_columns_are_those_of_the_created_table(spark, settings, table):
    assert tables.columns(table) == tables.read(spark, settings, table).columns
