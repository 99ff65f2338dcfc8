"""The stage as a whole: its steps publish the columns of their HQL."""

from jobs import pipeline
from jobs.core import tables
from jobs.core.runner import run_steps

COLUMNS = 20 + 27 + 16 + 4  # of clients, credit, transactions and call_notes


def test_every_step_publishes_its_tables_without_loaded_data(spark, settings, job):
    steps = pipeline.select(["explore"])

    run_steps(spark, settings, steps, job("explore.describe").run_date)

    rows = {table: tables.read(spark, settings, table).count() for step in steps for table in step.writes}
    # without rows only the columns are known, and they are all that is profiled
    assert {table: count for table, count in rows.items() if count} == {"column_profiles": COLUMNS}
    assert all(tables.version(spark, settings, table) for table in rows)
