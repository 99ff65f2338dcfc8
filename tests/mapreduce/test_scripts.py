"""Mapper, combiner and reducer as processes."""

import subprocess
import sys
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.core.errors import BankError
from jobs.mapreduce import pipes
from jobs.mapreduce.pipes import run_in_pipes
from tests.mapreduce.helpers import by_question, line, text

FILES = ("questions.py", "mapper.py", "combiner.py", "reducer.py")
BARE = (sys.executable, "-S", "-E")


def test_three_clients_give_the_five_answers():
    lines, _ = run_in_pipes(
        text(
            line(job="retired", balance="10.00", education="primary", housing="yes", month="may", age="70"),
            line(job="retired", balance="-3.01", education="primary", housing="no", month="may", age="71"),
            line(job="student", balance="0.50", month="jun", subscribed="yes", duration="61", age="70"),
        )
    )
    assert by_question(lines) == {
        "balance_by_job": {"retired": {"count": 2, "mean": 3.495}, "student": {"count": 1, "mean": 0.5}},
        "housing_by_education": {"primary": {"yes": 2, "no": 1}},
        "contacts_by_month": {"may": {"contacts": 2, "subscribed": 0}, "jun": {"contacts": 1, "subscribed": 1}},
        "duration_by_poutcome": {"unknown": {"count": 3, "mean": 181 / 3}},
        "balance_by_age": {"70": {"count": 2, "mean": 5.25}, "71": {"count": 1, "mean": -3.01}},
    }


def test_sums_are_exact_where_floats_are_not():
    lines, _ = run_in_pipes(text(*[line(balance="0.10")] * 3, line(balance="9999999999999999.99")))
    assert lines[2:4] == [
        "balance_by_job\tretired\tcount\t4\t4\t4.0",
        "balance_by_job\tretired\tmean\t4\t10000000000000000.29\t2500000000000000.0",
    ]


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param("\n", id="blank line"),
        pytest.param(line().replace("\tno\n", "\n"), id="a missing field"),
        pytest.param(line(subscribed="no\tyes"), id="an extra field"),
        pytest.param(line(balance="n/a"), id="text instead of a number"),
        pytest.param(line(balance="1.005"), id="a fraction of a cent"),
        pytest.param(line(duration="6_0"), id="an underscore in a number"),
        pytest.param(line(age="٣٠"), id="Arabic digits"),
        pytest.param(line(job=""), id="an empty field"),
        pytest.param(line(subscribed="yes\r"), id="a carriage return"),
        pytest.param("client_id\tage\n", id="a header"),
    ],
)
def test_a_malformed_line_is_counted_and_skipped(bad: str):
    lines, counts = run_in_pipes(text(line(), bad, line()))
    assert counts == {"lines": 3, "malformed_lines": 1}
    assert by_question(lines)["contacts_by_month"] == {"may": {"contacts": 2, "subscribed": 0}}


def test_invalid_utf8_is_a_malformed_line():
    lines, counts = run_in_pipes([b"\xff\xfe\n", line().encode(), line(job="\u2028").encode()])
    assert counts == {"lines": 3, "malformed_lines": 1}
    assert list(by_question(lines)["balance_by_job"]) == ["retired", "\u2028"]


def test_the_combiner_reduces_the_lines_but_not_the_answers():
    clients = text(*[line(job=job, balance=f"{n}.07") for n, job in enumerate(["retired", "student"] * 50)])
    assert run_in_pipes(clients, combine=True) == run_in_pipes(clients, combine=False)
    mapped = _bare("mapper.py", b"".join(clients))
    assert (len(mapped.splitlines()), len(_bare("combiner.py", _sorted(mapped)).splitlines())) == (500, 6)


@pytest.mark.parametrize("cut", [0, 1, 3, 7])
def test_a_split_at_any_line_gives_the_same_answers(cut: int):
    clients = text(*[line(age=str(20 + n % 3), balance=f"{n}.01", duration=str(n)) for n in range(8)])
    splits = [b"".join(clients[:cut]), b"".join(clients[cut:])]
    combined = b"".join(_bare("combiner.py", _sorted(_bare("mapper.py", split))) for split in splits)
    reduced = _bare("reducer.py", _sorted(combined)).decode().splitlines()
    assert reduced == run_in_pipes(clients)[0]


def test_the_mapper_can_answer_a_single_question():
    mapped = _bare("mapper.py", line().encode(), "housing_by_education")
    assert mapped == b"housing_by_education/primary\t1\t1\t0\n"


def test_an_unknown_question_is_refused():
    answer = subprocess.run([*BARE, pipes.HERE / "mapper.py", "balance"], input=b"", capture_output=True)
    assert answer.returncode == 1
    assert answer.stderr.startswith(b"unknown question balance; expected: balance_by_job, housing_by_education")


def test_the_scripts_run_from_linked_files_as_on_a_nodemanager(tmp_path: Path):
    """YARN puts each shipped file into a folder of its own and links it from the working directory."""
    work = tmp_path / "container"
    work.mkdir()
    for number, name in enumerate(FILES):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / name).write_bytes((pipes.HERE / name).read_bytes())
        (work / name).symlink_to(tmp_path / str(number) / name)
    mapped = _bare("-m", line().encode(), "mapper", folder=work)
    combined = _bare("-m", _sorted(mapped), "combiner", folder=work)
    reduced = _bare("-m", combined, "reducer", folder=work)
    assert reduced.decode().splitlines() == run_in_pipes(text(line()))[0]


def test_a_failed_process_is_reported_with_its_last_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in FILES:
        (tmp_path / name).write_text((pipes.HERE / name).read_text())
    (tmp_path / "combiner.py").write_text("raise SystemExit('disk full')")
    monkeypatch.setattr(pipes, "HERE", tmp_path)
    with pytest.raises(BankError, match=r"combiner.py \(1\).* last message on stderr: disk full"):
        run_in_pipes(text(*[line()] * 20_000))


def test_no_process_outlives_an_interrupted_run(monkeypatch: pytest.MonkeyPatch):
    started: list[pipes.Process] = []
    start = pipes.start
    monkeypatch.setattr(pipes, "start", lambda *given: started.extend(start(*given)) or started)

    def interrupted():
        yield line().encode()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_in_pipes(interrupted())
    assert [process.poll() is None for process in started] == [False] * 5
    assert started[-1].returncode == -9  # killed, not waited for: sorting millions of lines would take long


WORDS = st.text(st.characters(exclude_characters="\t\r\n", exclude_categories=["Cs"]), min_size=1, max_size=4)
CENTS = st.integers(-(10**17), 10**17)
CLIENTS = st.fixed_dictionaries(
    {"job": WORDS, "balance": CENTS, "housing": st.sampled_from(["yes", "no", "?"]), "duration": st.integers(0, 10**6)}
)


@settings(max_examples=25, deadline=None)
@given(st.lists(CLIENTS, max_size=30))
def test_the_pipes_equal_plain_python(clients: list[dict]):
    lines, counts = run_in_pipes(text(*[line(**_fields(client)) for client in clients]))
    found = by_question(lines)
    assert counts == {"lines": len(clients), "malformed_lines": 0}
    assert found.get("balance_by_job", {}) == _balances(clients)
    if clients:
        yes, no = (sum(client["housing"] == value for client in clients) for value in ("yes", "no"))
        assert found["housing_by_education"] == {"primary": {"yes": yes, "no": no}}
        seconds = sum(client["duration"] for client in clients) / len(clients)
        assert found["duration_by_poutcome"] == {"unknown": {"count": len(clients), "mean": seconds}}


def _fields(client: dict) -> dict[str, str]:
    cents = client["balance"]
    balance = f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"
    return {**client, "duration": str(client["duration"]), "balance": balance}


def _balances(clients: list[dict]) -> dict[str, dict[str, float]]:
    groups = defaultdict(list)
    for client in clients:
        groups[client["job"]].append(Fraction(client["balance"], 100))
    return {
        job: {"count": len(group), "mean": pytest.approx(float(sum(group) / len(group)), rel=1e-15)}
        for job, group in groups.items()
    }


def _bare(script: str, given: bytes, *arguments: str, folder: Path = pipes.HERE) -> bytes:
    command = [*BARE, script, *arguments]
    return subprocess.run(command, cwd=folder, input=given, stdout=subprocess.PIPE, check=True).stdout


def _sorted(lines: bytes) -> bytes:
    return subprocess.run(["sort"], input=lines, env={"LC_ALL": "C"}, stdout=subprocess.PIPE, check=True).stdout
