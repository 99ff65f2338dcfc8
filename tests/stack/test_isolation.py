"""The cluster beside a second copy of itself, and without internet access."""

import pytest

from tests.stack.cluster import PROJECT, TOOL, hdfs, run, setting, wait_until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(2400)]
PORTS = [line.split("=")[0] for line in (PROJECT / ".env.example").read_text().splitlines() if "_PORT=" in line]
COPY = {name: str(int(setting(name)) + 20000) for name in PORTS} | {"COMPOSE_PROJECT_NAME": "bankstack-copy"}


def copy(*arguments: str, **options) -> str:
    """Run Compose for a second copy of the project, with its own name and ports."""
    return run(TOOL, "compose", *arguments, **COPY, **options)


@pytest.fixture
def remove_copy():
    yield
    copy("down", "--volumes", "--remove-orphans")


def healthy_services() -> set[str]:
    lines = copy("ps", "--format", "{{.Service}} {{.Health}}").split("\n")
    return {line.split()[0] for line in lines if line.endswith(" healthy")}


def test_a_second_copy_runs_beside_the_first_with_its_own_files(remove_copy):
    services = {"namenode", "datanode", "postgres", "mlflow"}
    hdfs("-touchz", "/tmp/first-copy")
    copy("up", "-d", *services)
    wait_until(lambda: healthy_services() == services, "the second copy is healthy")
    page = run("curl", "-s", f"http://127.0.0.1:{COPY['NAMENODE_PORT']}/webhdfs/v1/?op=LISTSTATUS")
    assert '"FileStatus":[' in page
    assert "first-copy" not in page
    assert "first-copy" in hdfs("-ls", "/tmp")


def test_the_cluster_starts_without_internet_access(remove_copy):
    """All services that Hive and Spark need, which is most of the cluster."""
    files = ("-f", "docker-compose.yml", "-f", "tests/stack/offline.yml")
    requested = ("hiveserver2", "datanode", "nodemanager", "spark-master", "spark-worker")
    run(TOOL, "compose", *files, "up", "-d", *requested, **COPY)
    expected = {"postgres", "namenode", "resourcemanager", "metastore", *requested}
    wait_until(lambda: healthy_services() == expected, f"healthy without a network: {expected}", 900)
    assert run("docker", "network", "inspect", "-f", "{{.Internal}}", "bankstack-copy_default").strip() == "true"
