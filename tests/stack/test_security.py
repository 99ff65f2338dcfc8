"""No port is open beyond this machine, no service runs as root, and no secret is visible."""

import json
import subprocess

import pytest

from tests.stack.cluster import compose, containers, run, secrets, setting

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def inspected() -> list[dict]:
    return json.loads(run("docker", "inspect", *containers(everything=True)))


def service_of(container: dict) -> str:
    return container["Config"]["Labels"]["com.docker.compose.service"]


def test_ports_are_open_on_the_loopback_interface_only(inspected):
    bound = {
        (service_of(container), binding["HostIp"])
        for container in inspected
        for bindings in (container["NetworkSettings"]["Ports"] or {}).values()
        for binding in bindings or []
    }
    assert len(bound) >= 8
    assert {address for _, address in bound} == {"127.0.0.1"}


def test_services_run_without_root_and_without_privileges(inspected):
    for container in inspected:
        assert container["Config"]["User"] not in ("", "root", "0"), service_of(container)
        assert container["HostConfig"]["CapDrop"] == ["ALL"], service_of(container)
        assert container["HostConfig"]["SecurityOpt"] == ["no-new-privileges:true"], service_of(container)
        assert container["HostConfig"]["Memory"] > 0, service_of(container)


def test_secrets_are_random_and_readable_only_by_their_owner():
    values = secrets()
    assert len(values) == len(set(values.values())) >= 8
    assert all(len(value) >= 24 for value in values.values())
    assert run("stat", "-c", "%a", ".env").strip() == "600"


def test_docker_inspect_shows_no_secret(inspected):
    shown = json.dumps(inspected)
    assert [name for name, value in secrets().items() if value in shown] == []


def test_logs_contain_no_secret():
    logs = compose("logs", "--no-color")
    assert len(logs) > 10_000
    assert [name for name, value in secrets().items() if value in logs] == []


def test_command_lines_in_containers_contain_no_secret():
    for container in containers():
        lines = run("docker", "top", container, "-eo", "pid,args")
        assert [name for name, value in secrets().items() if value in lines] == []


def test_images_contain_no_secret(tmp_path):
    prefix = setting("PREFIX")
    images = run("docker", "image", "ls", "--format", "{{.Repository}}", f"{prefix}/*").split()
    assert {f"{prefix}/{name}" for name in ("hadoop", "hive", "spark", "airflow", "mlflow", "postgres")} <= {*images}
    # with-secrets is in the images: finding it shows that the search works.
    patterns = tmp_path / "patterns"
    patterns.write_text("\n".join(["with-secrets", *secrets().values()]))
    with subprocess.Popen(["docker", "save", *images], stdout=subprocess.PIPE) as saved:
        search = ["grep", "-aoF", "-f", str(patterns)]
        found = subprocess.run(search, stdin=saved.stdout, capture_output=True, text=True)
    assert set(found.stdout.split()) == {"with-secrets"}
    assert saved.returncode == 0
