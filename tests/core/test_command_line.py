"""The command line: output, exit codes, and the search for Java."""

import fcntl
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from jobs import pipeline
from jobs.cli import main, parser
from jobs.core.java import major_version, wrap_bundled_java
from jobs.core.runner import read_timings, record_seconds
from tests.source_files import PROJECT


def test_list_prints_every_step(capsys):
    assert main(["list"]) == 0
    printed = capsys.readouterr().out
    assert all(step.name in printed for step in pipeline.STEPS)


def test_the_error_for_an_unknown_step_names_it_and_the_way_out(caplog):
    assert main(["run", "explore.nothing"]) == 1
    assert "no step or stage named explore.nothing; see: bankstack list" in caplog.text


def test_a_second_run_in_the_same_folder_is_refused(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("BANK_VAR", str(tmp_path))
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert main(["run", "ingest"]) == 1
    assert "another run is using" in caplog.text


def test_stages_and_steps_are_selected_in_the_order_of_the_pipeline():
    names = [step.name for step in pipeline.select(["mapreduce.input", "ingest"])]
    assert names == ["ingest.clients", "ingest.credit", "ingest.transactions", "ingest.call_notes", "mapreduce.input"]


def test_seconds_of_a_step_are_kept_beside_those_of_others(tmp_path):
    record_seconds(tmp_path, "a", 1.234)
    record_seconds(tmp_path, "b", 2.0)
    record_seconds(tmp_path, "a", 3.0)
    assert read_timings(tmp_path) == {"a": 3.0, "b": 2.0}


def test_the_bundled_java_starts_with_the_argument_that_spark_passes(tmp_path):
    java = wrap_bundled_java(tmp_path) / "bin/java"
    command = [java, "--add-modules=jdk.incubator.vector", "-Dname=a b", "-version"]
    assert subprocess.run(command, capture_output=True).returncode == 0
    assert major_version(java) == 21


def test_a_program_other_than_java_has_no_version(tmp_path):
    assert major_version(Path("/bin/true")) is None
    assert major_version(tmp_path / "missing") is None


def test_an_unexpected_error_keeps_its_traceback(monkeypatch):
    def broken() -> None:
        """Break."""
        raise ValueError("a defect")

    monkeypatch.setattr("jobs.commands.list_steps", broken)
    with pytest.raises(ValueError, match="a defect"):
        main(["list"])


@pytest.mark.parametrize("name", ["o'neill", "a:b", "x[1]"])
def test_a_folder_that_spark_cannot_use_is_refused_before_it_starts(name, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("BANK_VAR", str(tmp_path / name))
    assert main(["run", "ingest"]) == 1
    assert caplog.text.count("\n") == 1
    assert "BANK_VAR" in caplog.text and "Spark can't use a folder whose path has" in caplog.text


def test_a_future_run_date_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["run", "ingest", "--run-date", "2999-01-01"])
    assert stopped.value.code == 2
    assert "2999-01-01 is in the future; today is" in capsys.readouterr().err


def test_variables_of_another_spark_and_the_name_of_the_machine_do_not_count(tmp_path, monkeypatch):
    """In a process of its own, because a session of this one may be running."""
    other = {name: "/nowhere" for name in ("SPARK_HOME", "SPARK_CONF_DIR", "HADOOP_CONF_DIR")}
    code = "from jobs.core.session import configure_embedded as f; from jobs.core.settings import Settings; import os"
    code += "; f(Settings()); from pyspark.find_spark_home import _find_spark_home as home"
    code += "; print(os.environ['SPARK_CONF_DIR'], home(), os.environ['SPARK_LOCAL_HOSTNAME'])"
    environment = {**os.environ, **other, "BANK_VAR": str(tmp_path)}
    printed = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True).stdout
    conf, home, host = printed.split()
    assert conf.endswith("jobs/core/embedded") and Path(home).is_dir() and host == "localhost"


def test_an_invalid_setting_is_named_by_its_variable(monkeypatch, caplog):
    monkeypatch.setenv("BANK_FOLDS", "2")
    assert main(["run", "ingest"]) == 1
    assert "BANK_FOLDS: Input should be greater than or equal to 3, found '2'" in caplog.text


@pytest.mark.parametrize("arguments", [["--rows", "0"], ["--seed", "-1"]])
def test_numbers_out_of_range_are_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["generate", *arguments])
    assert stopped.value.code == 2
    assert "expected a whole number of" in capsys.readouterr().err


def test_the_documentation_lists_every_command_and_make_target():
    page = (PROJECT / "docs/commands.md").read_text()
    commands = re.findall(r"^ {4}([a-z]\S*) ", parser().format_help(), re.MULTILINE)
    targets = re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert len(commands) > 10 and len(targets) > 20
    named = {*(f"bankstack {name}" for name in commands), *(f"make {name}" for name in targets)}
    assert {name for name in named if not re.search(rf"`{name}[` ]", page)} == set()
