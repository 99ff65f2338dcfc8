"""HDFS: files are written, replicated and read back, and permissions are enforced."""

import hashlib
import os

import pytest
import requests

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1200)]
API = "http://namenode:9870/webhdfs/v1"
MEGABYTE = 1 << 20


def live_datanodes() -> int:
    query = "Hadoop:service=NameNode,name=FSNamesystemState"
    beans = requests.get("http://namenode:9870/jmx", {"qry": query}, timeout=10).json()["beans"]
    return beans[0]["NumLiveDataNodes"]


def test_a_file_is_written_replicated_and_read_back(proved):
    content = os.urandom(MEGABYTE)
    path = f"{API}/tmp/smoke-{os.getpid()}"
    bank = {"user.name": "bank"}
    requests.put(path, content, params={"op": "CREATE", "overwrite": "true", **bank}, timeout=60).raise_for_status()
    try:
        blocks = requests.get(path, {"op": "GETFILEBLOCKLOCATIONS", **bank}, timeout=10).json()
        copies = [len(block["hosts"]) for block in blocks["BlockLocations"]["BlockLocation"]]
        nodes = live_datanodes()
        assert copies == [min(3, nodes)]
        read = requests.get(path, {"op": "OPEN", **bank}, timeout=60).content
        assert hashlib.sha256(read).digest() == hashlib.sha256(content).digest()
    finally:
        requests.delete(path, params={"op": "DELETE", **bank}, timeout=10).raise_for_status()
    proved(f"HDFS wrote 1 MB to {copies[0]} of {nodes} DataNodes, and read the same bytes back")


def test_only_the_pipelines_user_may_write_to_bank(proved):
    mallory = {"op": "MKDIRS", "user.name": "mallory"}
    refused = requests.put(f"{API}/bank/mallory", params=mallory, timeout=10)
    assert refused.status_code == 403
    assert "Permission denied: user=mallory" in refused.text
    bank = {"op": "MKDIRS", "user.name": "bank"}
    requests.put(f"{API}/bank/smoke", params=bank, timeout=10).raise_for_status()
    requests.delete(f"{API}/bank/smoke", params={"op": "DELETE", "user.name": "bank"}, timeout=10).raise_for_status()
    proved("HDFS refuses to let user mallory write to /bank, and lets user bank")
