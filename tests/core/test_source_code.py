"""What changes the fingerprint of a step: its code and its libraries, never its docstrings."""

import shutil
from pathlib import Path

import pytest

from jobs.core import job as job_module
from jobs.core.job import fingerprint, library_versions
from jobs.core.settings import PROJECT
from jobs.core.source_code import imported_modules, source_hash

CODE = '''"""Module."""

import numpy as np


def double(values):
    """Twice the values."""
    return 2 * np.asarray(values)  # as an array
'''


def hash_of(folder: Path, code: str) -> str:
    path = folder / f"{abs(hash(code))}.py"
    path.write_text(code)
    return source_hash([path])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""Twice the values."""', '"""Each value times two."""'),
        ('    """Twice the values."""\n', ""),
        ("  # as an array", ""),
        ("import numpy as np\n", "import numpy as np\n\n"),
    ],
)
def test_docstrings_comments_and_layout_do_not_change_the_hash(tmp_path, old, new):
    assert hash_of(tmp_path, CODE.replace(old, new)) == hash_of(tmp_path, CODE)


@pytest.mark.parametrize(("old", "new"), [("2 *", "3 *"), ("values):", "values, n=1):")])
def test_a_changed_statement_changes_the_hash(tmp_path, old, new):
    assert hash_of(tmp_path, CODE.replace(old, new)) != hash_of(tmp_path, CODE)


def test_imports_inside_functions_are_found(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("import numpy as np\ndef f():\n    from sklearn.tree import plot_tree\n    import scipy.stats\n")
    assert imported_modules([path]) == {"numpy", "sklearn", "scipy"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the package whose files a test may edit."""
    shutil.copytree(PROJECT / "jobs", tmp_path / "copy/jobs", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(job_module, "PROJECT", tmp_path / "copy")
    return tmp_path / "copy"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_docstring_edit_retrains_nothing(job, project):
    before = fingerprint(job("models.train_default"))
    edit(project / "jobs/models/__init__.py", '"""', '"""Another text. ')
    edit(project / "jobs/core/files.py", '"""', '"""Another text. ')
    assert fingerprint(job("models.train_default")) == before


def test_a_change_in_a_sub_package_changes_the_fingerprint(job, project):
    before = fingerprint(job("models.train_default"))
    (project / "jobs/models/more").mkdir()
    (project / "jobs/models/more/extra.py").write_text("LIMIT = 1\n")
    assert fingerprint(job("models.train_default")) != before


def test_a_change_of_another_stage_changes_nothing(job, project):
    before = fingerprint(job("models.train_default"))
    (project / "jobs/explore/extra.py").write_text("LIMIT = 1\n")
    assert fingerprint(job("models.train_default")) == before


def test_an_xgboost_upgrade_changes_the_models_but_not_ingest(job, monkeypatch):
    steps = ("models.train_default", "ingest.clients")
    before = [fingerprint(job(step)) for step in steps]
    installed = job_module.library_version
    monkeypatch.setattr(job_module, "library_version", lambda name: "9" if name == "xgboost-cpu" else installed(name))
    models, ingest = (fingerprint(job(step)) for step in steps)
    assert models != before[0] and ingest == before[1]


def test_the_versions_of_the_models_libraries_are_known():
    versions = library_versions(sorted((PROJECT / "jobs/models").rglob("*.py")))
    assert {"numpy", "pandas", "pyspark", "sklearn", "xgboost"} <= set(versions)
    assert all(versions.values())
