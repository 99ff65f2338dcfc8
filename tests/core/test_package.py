"""The package: its wheel has what the command needs, and the version comes from its metadata."""

import re
import subprocess
import sys
import tomllib
import zipfile

import pytest

from jobs.core.hive_files import hive_folder
from jobs.core.settings import PROJECT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> set[str]:
    """Names of the files in the wheel."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    (path,) = folder.glob("bankstack-*.whl")
    return set(zipfile.ZipFile(path).namelist())


def test_the_wheel_has_every_module_and_data_file_of_jobs_and_dashboard(wheel):
    for folder in ("jobs", "dashboard"):
        files = {path.relative_to(PROJECT).as_posix() for path in (PROJECT / folder).rglob("*") if path.is_file()}
        assert {name for name in files if "__pycache__" not in name} <= wheel


def test_the_wheel_has_the_hive_files_where_hive_folder_finds_them(wheel):
    files = {path.relative_to(PROJECT / "hive").as_posix() for path in (PROJECT / "hive").rglob("*.*")}
    assert {f"jobs/hive/{name}" for name in files} <= wheel


def test_the_wheel_has_no_tests_or_images(wheel):
    assert not [name for name in wheel if name.startswith(("tests/", "docker/", "dags/", "benchmarks/"))]


def test_a_checkout_reads_its_own_hive_files():
    assert hive_folder() == PROJECT / "hive"


def test_the_locks_hold_what_pyproject_requires():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    for lock, requirements in (
        ("jobs", project["dependencies"]),
        ("dashboard", project["optional-dependencies"]["dashboard"]),
    ):
        text = (PROJECT / f"requirements/{lock}.txt").read_text()
        for requirement in requirements:
            name, _, pinned = re.sub(r"\[.*?\]", "", requirement).partition("==")
            expected = f"{name}=={pinned}" if pinned else f"{name.split('<')[0].split('>')[0]}=="
            assert f"\n{expected}" in f"\n{text}", f"requirements/{lock}.txt lacks {requirement}: run make lock"
