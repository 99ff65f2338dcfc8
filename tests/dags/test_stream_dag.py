"""The DAG `stream` fails for a stream that needs attention, and passes for the others."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException
from stream import check_health

from jobs.serving.schema import IDLE, METADATA, PROGRESS
from tests.serving.stream_cases import CASES, Case


def run_check() -> None:
    check_health.function()


@pytest.fixture
def database(tmp_path, monkeypatch) -> sa.Engine:
    """A serving database without tables."""
    url = f"sqlite:///{tmp_path}/live.db"
    monkeypatch.setenv("BANK_LIVE", url)
    return sa.create_engine(url)


def fill(database: sa.Engine, case: Case) -> None:
    """Write the case's rows as of now."""
    now = datetime.now(UTC).replace(tzinfo=None)
    METADATA.create_all(database)
    with database.begin() as connection:
        for row in case.rows(now):
            connection.execute(PROGRESS.insert(), [row])
        for query, looked_at in case.polls(now).items():
            connection.execute(IDLE.insert(), [{"query": query, "looked_at": looked_at}])


@pytest.mark.parametrize("case", [case for case in CASES if not case.incidents], ids=lambda case: case.name)
def test_a_healthy_or_idle_stream_passes(database, case):
    fill(database, case)
    run_check()


@pytest.mark.parametrize("case", [case for case in CASES if case.incidents], ids=lambda case: case.name)
def test_a_stream_that_needs_attention_fails_with_a_sentence(database, case):
    fill(database, case)
    with pytest.raises(AirflowFailException) as failure:
        run_check()
    assert str(failure.value) == " ".join(case.incidents)


def test_a_stream_that_never_ran_is_skipped(database):
    with pytest.raises(AirflowSkipException, match="The stream has never run here"):
        run_check()


def test_an_unavailable_database_is_retried(monkeypatch):
    monkeypatch.setenv("BANK_LIVE", "postgresql+psycopg2://live:secret@127.0.0.1:1/live")
    with pytest.raises(AirflowException, match="The serving database is unavailable") as failure:
        run_check()
    assert not isinstance(failure.value, AirflowFailException)
    assert "secret" not in str(failure.value)
