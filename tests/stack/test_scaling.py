"""Scaling DataNodes and Spark workers while the cluster runs, and losing a DataNode without losing data."""

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
FILES = {f"/bank/scaling/{number}": f"line {number}\n" * 50_000 for number in range(3)}


def checksums() -> dict[str, str]:
    return {path: hashlib.sha256(hdfs("-cat", path).encode()).hexdigest() for path in FILES}


def replication() -> set[int]:
    """Return the numbers of live copies of the blocks of the test's files."""
    user = ("-e", "HADOOP_USER_NAME=hdfs")
    report = compose("exec", "-T", *user, "namenode", "hdfs", "fsck", "/bank/scaling", "-files", "-blocks")
    return {int(copies) for copies in re.findall(r"Live_repl=(\d+)", report)}


@pytest.fixture
def files():
    hdfs("-mkdir", "-p", "/bank/scaling")
    for path, text in FILES.items():
        hdfs("-put", "-f", "-", path, stdin=text)
    yield {path: hashlib.sha256(text.encode()).hexdigest() for path, text in FILES.items()}
    hdfs("-rm", "-r", "-f", "-skipTrash", "/bank/scaling")
    run("make", "scale", "datanode=1", "spark-worker=1")


def test_blocks_are_copied_to_new_datanodes_and_survive_the_loss_of_one(files):
    assert replication() == {1}
    namenode = containers("namenode")

    run("make", "scale", "datanode=3", "spark-worker=2")
    wait_until(lambda: live_datanodes() == 3, "three DataNodes are live")
    wait_until(lambda: spark_workers() == 2, "two Spark workers are registered")
    assert containers("namenode") == namenode
    wait_until(lambda: replication() == {3}, "every block has three copies")

    # Before scaling, the first DataNode held the only copy.
    run("docker", "kill", containers("datanode")[0])
    wait_until(lambda: live_datanodes() == 2, "the NameNode has noticed the loss", 120)
    assert checksums() == files
