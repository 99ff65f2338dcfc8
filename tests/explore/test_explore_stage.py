"""The stage as a whole: its steps publish what their HQL says."""

from jobs import pipeline
from jobs.core import tables
from jobs.core.runner import run_steps

PROFILES_OF_EMPTY = 20 + 27 + 16 + 4  # columns of clients, credit, transactions and call_notes


def test_every_step_publishes_its_tables_when_nothing_is_loaded(spark, settings, job):
    steps = pipeline.select(["explore"])

    run_steps(spark, settings, steps, job("explore.profile").run_date)

    rows = {table: tables.read(spark, settings, table).count() for step in steps for table in step.writes}
    # of pairs of numbers and of topics only the names are known, so nothing is said of them
    assert {table: count for table, count in rows.items() if count} == {"column_profiles": PROFILES_OF_EMPTY}
    assert all(tables.version(spark, settings, table) for table in rows)
