"""After any damage to its disk, the NameNode either runs or says in one sentence what to do."""

import uuid

import pytest

from tests.stack.cluster import PROJECT, run, setting, wait_until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
SMALL_VOLUME = ("--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", "o=size=200m,uid=2001")


@pytest.fixture(params=[()])
def namenode(request):
    """Start a separate NameNode on a volume that a shell command has prepared."""
    name = f"bankstack-test-{uuid.uuid4().hex[:8]}"
    run("docker", "volume", "create", *request.param, name)
    image = f"{setting('PREFIX')}/hadoop"
    common = ("-v", f"{name}:/data/hdfs", "-v", f"{PROJECT}/docker/conf:/opt/conf:ro", "--hostname", "namenode")

    def start(prepare: str) -> str:
        run("docker", "run", "--rm", *common, image, "sh", "-c", prepare)
        return run("docker", "run", "-d", "--name", name, *common, image, "namenode").strip()

    yield start
    run("docker", "rm", "-f", name)
    run("docker", "volume", "rm", name)


def log(container: str) -> str:
    return run("sh", "-c", f"docker logs {container} 2>&1")


def is_running(container: str) -> bool:
    return run("docker", "inspect", "-f", "{{.State.Running}}", container).strip() == "true"


def test_an_empty_volume_is_formatted_once(namenode):
    container = namenode("true")
    wait_until(lambda: "NameNode RPC up at" in log(container), "the NameNode is running", 120)
    assert "has been successfully formatted" in log(container)
    identity = ("docker", "exec", container, "grep", "clusterID", "/data/hdfs/name/current/VERSION")
    before = run(*identity)
    run("docker", "restart", container)
    wait_until(lambda: log(container).count("NameNode RPC up at") == 2, "the NameNode is running again", 120)
    assert run(*identity) == before
    assert log(container).count("has been successfully formatted") == 1


def test_an_interrupted_format_is_repeated(namenode):
    container = namenode("touch /data/hdfs/name.formatting; mkdir -p /data/hdfs/name/current")
    wait_until(lambda: "NameNode RPC up at" in log(container), "the NameNode is running", 120)
    assert "an earlier format was interrupted before it was complete; formatting again" in log(container)


def test_a_damaged_volume_is_reported_and_never_formatted(namenode):
    container = namenode("mkdir -p /data/hdfs/name/current; echo edits >/data/hdfs/name/current/edits_1")
    wait_until(lambda: not is_running(container), "the NameNode stops", 60)
    assert "without current/VERSION: it is damaged. Restore it (docs/operations.md, Backup)" in log(container)
    assert "formatted" not in log(container)


@pytest.mark.parametrize("namenode", [SMALL_VOLUME], indirect=True)
def test_a_full_disk_is_reported_with_the_fix(namenode):
    container = namenode("true")
    inside = ("docker", "exec", container)
    wait_until(lambda: "NameNode RPC up at" in log(container), "the NameNode is running", 120)
    run(*inside, "dd", "if=/dev/zero", "of=/data/hdfs/ballast", "bs=1M", "count=150")

    message = "namenode: its disk is full, so HDFS is read-only. Free some space, then: make restart S=namenode"
    wait_until(
        lambda: message in run(*inside, "hadoop-health", "namenode", check=False), "the health check reports it", 60
    )
    run(*inside, "rm", "/data/hdfs/ballast")
