"""More DataNodes and workers while the cluster runs, and one lost without a loss."""

import hashlib
import re

import pytest

from tests.stack.cluster import (
    compose,
    containers,
    hdfs,
    live_datanodes,
    run,
    spark_workers,
    wait_until,
)

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1800)]
FILES = {f"/bank/scale/{number}": f"line {number}\n" * 50_000 for number in range(3)}


def checksums() -> dict[str, str]:
    return {path: hashlib.sha256(hdfs("-cat", path).encode()).hexdigest() for path in FILES}


def replication() -> set[int]:
    """Copies that the blocks of the test's files have."""
    user = ("-e", "HADOOP_USER_NAME=hdfs")
    report = compose("exec", "-T", *user, "namenode", "hdfs", "fsck", "/bank/scale", "-files", "-blocks")
    return {int(copies) for copies in re.findall(r"Live_repl=(\d+)", report)}


@pytest.fixture
def files():
    hdfs("-mkdir", "-p", "/bank/scale")
    for path, text in FILES.items():
        hdfs("-put", "-f", "-", path, stdin=text)
    yield {path: hashlib.sha256(text.encode()).hexdigest() for path, text in FILES.items()}
    hdfs("-rm", "-r", "-f", "-skipTrash", "/bank/scale")
    run("make", "scale", "datanode=1", "spark-worker=1")


def test_scaled_up_running_and_one_lost(files):
    assert replication() == {1}
    namenode = containers("namenode")

    run("make", "scale", "datanode=3", "spark-worker=2")
    wait_until(lambda: live_datanodes() == 3, "three DataNodes are live")
    wait_until(lambda: spark_workers() == 2, "two Spark workers are registered")
    assert containers("namenode") == namenode
    wait_until(lambda: replication() == {3}, "every block has three copies")

    # The first one held the only copy when there was one.
    run("docker", "kill", containers("datanode")[0])
    wait_until(lambda: live_datanodes() == 2, "the NameNode has noticed", 120)
    assert checksums() == files
