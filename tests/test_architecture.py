"""The rules of docs/architecture.md: what things are called, how code is written."""

import ast
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.core.tables import columns
from tests.source_files import PROJECT, PYTHON, name_of, tree_of

MAX_LINES = 300

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
    "bucket": "keyed state",
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

QUOTED_WORDS = {
    "call_notes.py": {"house"},  # a building
    "database.py": {"journal"},  # SQLite's write-ahead log
    "feature_spaces.py": {"night"},  # a part of the day, as in the next four
    "payment_histories.py": {"night"},
    "rule_tree.py": {"night"},
    "segment_names.py": {"night"},
    "segment_section.py": {"night"},
    "model_registry.py": {"card"},  # from here on: what version 0.1.0 wrote
    "promote.py": {"judged"},
    "scoring_config.py": {"problem"},
    "upgrade.py": {"habit", "place", "truth"},
}
"""Banned words that a file may have in string literals, but not in identifiers."""

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


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of the string literals that aren't docstrings: names of columns, labels, sentences."""
    tree = tree_of(path)
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings:
            yield node.lineno, node.value


def test_no_label_or_message_uses_a_private_word():
    found = [
        f"{name_of(path)}:{line}: {text!r}"
        for path in PYTHON
        if name_of(path).startswith(("jobs/", "dags/", "dashboard/"))
        for line, text in literals(path)
        if banned(text, path) - QUOTED_WORDS.get(path.name, set())
    ]
    assert not found, "\n".join(found)


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


@pytest.mark.parametrize(
    "pattern",
    [
        "hive/**/*.hql",
        "hive/**/*.toml",
        "jobs/report/templates/*",
        "docs/*.md",
        "*.md",
        "Makefile",
        "docker-compose.yml",
        ".env.example",
        "docker/stack",
        "docker/doctor.sh",
    ],
)
def test_no_table_comment_page_or_document_uses_a_private_phrase(pattern):
    for path in PROJECT.glob(pattern):
        match = PRIVATE_SENTENCES.search(path.read_text())
        assert not match, f"{name_of(path)}: {match[0]!r}"


# --- Code


def test_file_names_are_unique():
    names = Counter(path.name for path in PROJECT.glob("jobs/**/*.py"))
    assert {name for name, count in names.items() if count > 1} == {"__init__.py"}


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
