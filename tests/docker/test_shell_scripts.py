"""The small shell scripts of the images, run directly."""

import os
import subprocess
import time
from pathlib import Path

DOCKER = Path(__file__).parents[2] / "docker"


def run(script, *arguments, **environment):
    command = [str(DOCKER / script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})


def test_a_database_url_has_the_password_of_its_own_secret(tmp_path):
    (tmp_path / "LIVE_DB_PASSWORD").write_text("one\n")
    (tmp_path / "MLFLOW_DB_PASSWORD").write_text("two\n")
    done = run("base/bin/database-url", "live", SECRETS_FOLDER=str(tmp_path))
    assert done.stdout == "postgresql+psycopg2://live:one@postgres:5432/live\n"


def test_a_missing_secret_is_an_error_and_prints_no_url(tmp_path):
    done = run("base/bin/database-url", "live", SECRETS_FOLDER=str(tmp_path))
    assert done.returncode != 0
    assert done.stdout == ""
    assert "LIVE_DB_PASSWORD" in done.stderr


def test_the_stream_is_healthy_while_its_driver_reports(tmp_path):
    alive = tmp_path / "stream/alive"
    alive.parent.mkdir()
    alive.touch()
    assert run("spark/stream-health", BANK_VAR=str(tmp_path)).returncode == 0


def test_the_stream_is_unhealthy_after_thirty_seconds_without_a_report(tmp_path):
    alive = tmp_path / "stream/alive"
    alive.parent.mkdir()
    alive.touch()
    os.utime(alive, (time.time() - 40, time.time() - 40))
    done = run("spark/stream-health", BANK_VAR=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "the streaming queries are not running\n")


def test_an_unknown_hadoop_command_is_named_with_the_known_ones():
    done = run("hadoop/hdfs", "balancer")
    assert done.returncode == 64
    assert done.stderr.startswith("hdfs: unknown command 'balancer'. Known: hdfs dfs|dfsadmin|fsck")


def test_every_script_is_executable():
    """Docker copies the mode: an image can't run a script without it."""
    scripts = [path for path in DOCKER.rglob("*") if path.is_file() and path.read_bytes()[:2] == b"#!"]
    assert len(scripts) > 10
    assert not [path for path in scripts if not os.access(path, os.X_OK)]
