"""The project's Python files, for the tests of its rules."""

import ast
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PYTHON_FOLDERS = ("jobs", "dags", "dashboard", "benchmarks", "tests", "docker", ".ci")
PYTHON = sorted({path for folder in PYTHON_FOLDERS for path in PROJECT.glob(f"{folder}/**/*.py")})


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())
