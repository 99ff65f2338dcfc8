"""The pipeline and its tables: every step has a module, every table one definition and one writer."""

import pytest

from jobs import pipeline
from jobs.core.contracts import load_contract
from jobs.core.settings import PROJECT
from jobs.core.tables import columns, definition


def test_the_pipeline_is_in_order_and_every_step_has_its_module():
    pipeline.check_order()
    for step in pipeline.EVERY:
        assert (PROJECT / (step.module.replace(".", "/") + ".py")).exists(), f"{step.name}: no module {step.module}"


def test_every_table_has_one_definition_and_one_comment_per_column():
    written = {table for step in pipeline.EVERY for table in step.writes}
    for table in sorted(written):
        text = definition(table)
        lines = [line for line in text.split(" (\n", 1)[1].split("\n)", 1)[0].splitlines() if line.strip()]
        assert all("COMMENT '" in line for line in lines), f"{table}: a column without a comment"
        assert "\nCOMMENT '" in text, f"{table}: no comment on the table"
        assert f"${{db}}.{table} (" in text and f"/tables/{table}/empty'" in text, f"{table}: its HQL names another"
    assert {path.stem for path in (PROJECT / "hive").glob("*/*.hql")} == written


def test_a_table_has_one_writer():
    for step in pipeline.EVERY:
        for table in step.writes:
            writers = {other.module for other in pipeline.EVERY if table in other.writes}
            assert len(writers) == 1, f"{table} is written by {writers}"


@pytest.mark.parametrize("dataset", pipeline.DATASETS)
def test_contracts_fit_their_tables(dataset):
    contract = load_contract(dataset)
    names = {column.name for column in contract.columns} | set(contract.derived) | {contract.line_column} - {None}
    assert names == set(columns(dataset))
