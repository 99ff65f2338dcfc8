#!/opt/airflow/bin/python
"""Health check: exit 0 if this container's Airflow job has a fresh heartbeat.

airflow-health JOB, where JOB is SchedulerJob, TriggererJob or DagProcessorJob.
"""

import socket
import sys
from pathlib import Path
from typing import Any

FRESH_SECONDS = 45
QUERY = """
    select count(*) from job
    where job_type = %s and hostname = %s and state = 'running'
    and latest_heartbeat > now() - make_interval(secs => %s)
"""


def has_fresh_heartbeat(cursor: Any, job: str, host: str) -> bool:
    """Return whether a job of this type on this host has written a heartbeat within `FRESH_SECONDS`."""
    cursor.execute(QUERY, (job, host, FRESH_SECONDS))
    return bool(cursor.fetchone()[0])


def main() -> int:
    """Query Airflow's database and return the exit code."""
    import psycopg2

    job, host = sys.argv[1], socket.getfqdn()
    # Docker starts health checks without the secrets that the main process has in its environment.
    password = Path("/run/secrets/AIRFLOW_DB_PASSWORD").read_text().strip()
    with psycopg2.connect(host="postgres", dbname="airflow", user="airflow", password=password) as connection:
        if has_fresh_heartbeat(connection.cursor(), job, host):
            return 0
    print(f"{job}: no heartbeat from {host} for {FRESH_SECONDS} s")
    return 1


if __name__ == "__main__":
    sys.exit(main())
