"""The command line: output, exit codes, and the search for Java."""

import fcntl
import subprocess
from pathlib import Path

import pytest

from jobs import pipeline
from jobs.cli import main
from jobs.core.java import major_version, wrap_bundled_java
from jobs.core.runner import read_timings, record_seconds


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
