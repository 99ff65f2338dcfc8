"""The Python health checks of the images, with fake connections."""

import os
import time

import airflow_health
import hiveserver2_health
import metastore_health
import pytest
import spark_connect_health


class FakeCursor:
    """A database cursor with a prepared answer, which keeps the queries."""

    def __init__(self, rows):
        self.rows, self.queries = rows, []

    def execute(self, query, parameters=()):
        self.queries.append((query, parameters))

    def fetchone(self):
        return self.rows[0]

    def fetchall(self):
        return self.rows


@pytest.mark.parametrize(("running_jobs", "healthy"), [(0, False), (1, True), (2, True)])
def test_an_airflow_service_is_healthy_while_its_own_job_has_a_fresh_heartbeat(running_jobs, healthy):
    cursor = FakeCursor([(running_jobs,)])
    assert airflow_health.has_fresh_heartbeat(cursor, "SchedulerJob", "host-1") is healthy
    assert cursor.queries[0][1] == ("SchedulerJob", "host-1", 45)


@pytest.mark.parametrize(("rows", "healthy"), [([(1,)], True), ([(2,)], False), ([], False)])
def test_hiveserver2_must_give_the_right_answer(rows, healthy):
    cursor = FakeCursor(rows)
    assert hiveserver2_health.answers(cursor, "select 1") is healthy
    assert cursor.queries == [("select 1", ())]


def test_tez_has_not_answered_without_the_marker(tmp_path):
    assert not hiveserver2_health.has_answered_on_tez(tmp_path / "missing", process=tmp_path)


def test_tez_has_answered_if_the_marker_is_newer_than_the_process(tmp_path):
    process, marker = tmp_path / "process", tmp_path / "marker"
    process.touch()
    marker.touch()
    os.utime(marker, (time.time() + 60, time.time() + 60))
    assert hiveserver2_health.has_answered_on_tez(marker, process)


def test_a_marker_from_before_a_restart_does_not_count(tmp_path):
    process, marker = tmp_path / "process", tmp_path / "marker"
    process.touch()
    marker.touch()
    os.utime(marker, (time.time() - 60, time.time() - 60))
    assert not hiveserver2_health.has_answered_on_tez(marker, process)


class FakeProtocol:
    """A Thrift protocol whose reply is of a given kind; it keeps the names of the calls made on it."""

    def __init__(self, reply):
        self.reply, self.calls, self.trans = reply, [], self

    def __getattr__(self, name):
        return lambda *arguments: self.calls.append((name, *arguments))

    def readMessageBegin(self):
        return "get_all_databases", self.reply, 1


@pytest.mark.parametrize(("kind", "healthy"), [(2, True), (3, False)])
def test_the_metastore_is_healthy_if_it_replies_without_an_exception(kind, healthy):
    protocol = FakeProtocol(kind)
    assert metastore_health.lists_databases(protocol) is healthy
    assert protocol.calls[0] == ("writeMessageBegin", "get_all_databases", 1, 1)
    assert protocol.calls[-1] == ("flush",)


def test_a_spark_connect_server_that_does_not_answer_is_named_unavailable(monkeypatch, capsys):
    monkeypatch.setattr(spark_connect_health, "ADDRESS", "127.0.0.1:1")
    assert spark_connect_health.main() == 1
    assert "UNAVAILABLE" in capsys.readouterr().out
