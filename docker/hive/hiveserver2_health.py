#!/opt/hive-client/bin/python
"""Health check: exit 0 if HiveServer2 answers a query.

The first query after a start needs a Tez task, so healthy means that HiveServer2, Tez, YARN and HDFS work together.
Later queries are answered by HiveServer2 alone, which makes frequent checks cheap.
"""

import logging
import sys
from pathlib import Path
from typing import Any

TEZ_QUERY = "select sum(n) - 2 from (select stack(2, 1, 2) as n) numbers"
CHEAP_QUERY = "select 1"
TEZ_ANSWERED = Path("/tmp/tez-answered")
MAIN_PROCESS = Path("/proc/1")


def has_answered_on_tez(marker: Path = TEZ_ANSWERED, process: Path = MAIN_PROCESS) -> bool:
    """Return whether Tez has answered since the container's main process started.

    The marker file outlives a restart of the container, so an older one doesn't count.
    """
    return marker.exists() and marker.stat().st_mtime > process.stat().st_ctime


def answers(cursor: Any, query: str) -> bool:
    """Return whether HiveServer2 gives the right answer to a query; both queries have the answer 1."""
    cursor.execute(query)
    return bool(cursor.fetchall() == [(1,)])


def main() -> int:
    """Query HiveServer2 and return the exit code."""
    from pyhive import hive

    logging.disable(logging.CRITICAL)
    connection = hive.connect("localhost", port=10000, username="health")
    cursor = connection.cursor()
    on_tez = has_answered_on_tez()
    healthy = answers(cursor, CHEAP_QUERY if on_tez else TEZ_QUERY)
    if healthy and not on_tez:
        TEZ_ANSWERED.touch()
    cursor.close()
    connection.close()
    return 0 if healthy else 1


if __name__ == "__main__":
    sys.exit(main())
