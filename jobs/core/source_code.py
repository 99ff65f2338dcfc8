"""Hashes of source code by what it does: comments, docstrings and layout don't count."""

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Lock

_PARSING = Lock()
"""Python 3.11's parser counts its recursion depth for all threads together (SystemError); steps run in threads."""


def source_hash(paths: Iterable[Path]) -> str:
    """SHA-256, in hexadecimal, of the code in Python files.

    It changes when a statement changes, and stays when only comments, docstrings or layout change. The order of the
    files matters, their names don't.
    """
    digest = hashlib.sha256()
    for path in paths:
        digest.update(_code(path, path.stat().st_mtime_ns).encode())
    return digest.hexdigest()


def imported_modules(paths: Iterable[Path]) -> set[str]:
    """Top-level names of all modules that Python files import, also inside functions: `sklearn`, `jobs`."""
    return set().union(*(_imports(path, path.stat().st_mtime_ns) for path in paths))


@cache
def _code(path: Path, _modified: int) -> str:
    """The syntax tree without docstrings, as text; cached until the file changes."""
    tree = _parse(path)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [statement for statement in body if not _is_docstring(statement)]  # type: ignore[attr-defined]
    return ast.dump(tree)


@cache
def _imports(path: Path, _modified: int) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(_parse(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return frozenset(name.split(".")[0] for name in names)


def _parse(path: Path) -> ast.Module:
    with _PARSING:
        return ast.parse(path.read_text(encoding="utf-8"))


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
