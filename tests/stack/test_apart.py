"""The cluster without a network, beside another copy of itself, and put back from a backup."""

import pytest

from tests.stack.cluster import PROJECT, TOOL, compose, hdfs, run, setting, sql, wait_until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(2400)]
PORTS = [line.split("=")[0] for line in (PROJECT / ".env.example").read_text().splitlines() if "_PORT=" in line]
COPY = {name: str(int(setting(name)) + 20000) for name in PORTS} | {"COMPOSE_PROJECT_NAME": "bankstack-copy"}


def copy(*arguments: str, **options) -> str:
    """Compose for a second copy of the project, with its own name and ports."""
    return run(TOOL, "compose", *arguments, **COPY, **options)


@pytest.fixture
def leave_nothing():
    yield
    copy("down", "--volumes", "--remove-orphans")


def healthy_services() -> set[str]:
    lines = copy("ps", "--format", "{{.Service}} {{.Health}}").split("\n")
    return {line.split()[0] for line in lines if line.endswith(" healthy")}


def test_a_second_copy_runs_beside_the_first_with_files_of_its_own(leave_nothing):
    services = {"namenode", "datanode", "postgres", "mlflow"}
    hdfs("-touchz", "/tmp/first-copy")
    copy("up", "-d", *services)
    wait_until(lambda: healthy_services() == services, "the second copy is healthy")
    page = run("curl", "-s", f"http://127.0.0.1:{COPY['NAMENODE_PORT']}/webhdfs/v1/?op=LISTSTATUS")
    assert '"FileStatus":[' in page
    assert "first-copy" not in page
    assert "first-copy" in hdfs("-ls", "/tmp")


def test_it_starts_without_a_network(leave_nothing):
    """All that Hive and Spark need, which is most of it."""
    files = ("-f", "docker-compose.yml", "-f", "tests/stack/offline.yml")
    last = ("hiveserver2", "datanode", "nodemanager", "spark-master", "spark-worker")
    run(TOOL, "compose", *files, "up", "-d", *last, **COPY)
    expected = {"postgres", "namenode", "resourcemanager", "metastore", *last}
    wait_until(lambda: healthy_services() == expected, f"healthy without a network: {expected}", 900)
    assert run("docker", "network", "inspect", "-f", "{{.Internal}}", "bankstack-copy_default").strip() == "true"


def test_every_service_stops_in_its_time_and_a_backup_brings_back_what_was_deleted(tmp_path):
    """Docker kills what does not end on SIGTERM in 30 seconds: exit code 137."""
    sql(
        "create external table if not exists kept (n int) stored as parquet location '/bank/kept';"
        " insert overwrite table kept values (7)"
    )
    backup = str(tmp_path / "backup")
    compose("stop")
    codes = dict(line.split() for line in compose("ps", "-a", "--format", "{{.Service}} {{.ExitCode}}").splitlines())
    run("make", "down")
    run(TOOL, "backup", backup)
    run("make", "clean", FORCE="1")
    run(TOOL, "restore", backup)
    run("make", "up")
    assert len(codes) > 15
    assert {name: code for name, code in codes.items() if code == "137"} == {}
    assert "| 7 " in sql("select n from kept")
    assert (PROJECT / ".env").stat().st_mode & 0o777 == 0o600
    sql("drop table kept")
    hdfs("-rm", "-r", "-skipTrash", "/bank/kept")
