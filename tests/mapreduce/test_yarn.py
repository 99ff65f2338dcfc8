"""Streaming on YARN, with a fake `mapred` that runs the scripts locally. tests/stack covers the real one."""

from pathlib import Path

import pytest

from jobs.core.errors import BankError
from jobs.core.settings import Settings
from jobs.mapreduce.pipes import run_in_pipes
from jobs.mapreduce.yarn import counters, run_on_yarn
from tests.mapreduce.helpers import line, text

FAKE = """#!/bin/sh
set -e
[ "$1 $2" = "streaming -D" ]
while [ $# -gt 0 ]; do case $1 in
  -files) IFS=,; for file in $2; do cp "$file" .; done; unset IFS ;;
  -mapper) mapper=$2 ;; -combiner) combiner=$2 ;; -reducer) reducer=$2 ;;
  -input) input=${2#file://} ;; -output) output=${2#file://} ;;
esac; shift; done
mkdir -p "${output%/*}"
mkdir "$output"
cat "$input"/part-* | $mapper 2>counts | sort | $combiner | sort | $reducer >"$output/part-00000"
printf '\\tbankstack\\n'
sed -n 's/reporter:counter:bankstack,/\\t\\t/p' counts | tr , =
"""
PRINTED = """INFO mapreduce.Job: Counters: 56
\tMap-Reduce Framework
\t\tMap input records=4521
\tbankstack
\t\tlines=4521
\t\tmalformed_lines=2
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A lake with the text of two clients, and the fake `mapred` on the PATH."""
    (tmp_path / "warehouse/tables/clients_text/1").mkdir(parents=True)
    (tmp_path / "warehouse/tables/clients_text/1/part-0").write_text(line() + line(job="student"))
    (tmp_path / "mapred").write_text(FAKE)
    (tmp_path / "mapred").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.chdir(tmp_path)
    return Settings(var=tmp_path)


def test_a_job_gives_the_same_answers_as_pipes_and_cleans_up(settings: Settings):
    killed = settings.var / "warehouse/staging/mapreduce/a/_temporary"  # Hadoop refuses an existing output folder
    killed.mkdir(parents=True)
    answers = run_on_yarn(settings, "tables/clients_text/1", "a")
    assert answers == run_in_pipes(text(line(), line(job="student")))
    assert list((settings.var / "warehouse/staging/mapreduce").iterdir()) == []


def test_a_failed_job_is_reported_with_its_last_lines(settings: Settings):
    (settings.var / "mapred").write_text("#!/bin/sh\necho Job not successful >&2; exit 5\n")
    with pytest.raises(BankError, match="mapred streaming failed with exit code 5: Job not successful"):
        run_on_yarn(settings, "tables/clients_text/1", "a")


def test_the_counters_are_read_from_hadoops_output():
    assert counters(PRINTED) == {"lines": 4521, "malformed_lines": 2}


def test_a_missing_counter_is_an_error_and_not_zero():
    with pytest.raises(BankError, match=r"did not print the counters \['malformed_lines'\]"):
        counters(PRINTED.replace("malformed_lines=2", ""))
