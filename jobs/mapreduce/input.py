"""Write the clients as text for Hadoop Streaming, whose mappers read lines.

Reads: clients. Writes: clients_text.
"""

from jobs.core.job import Job
from jobs.core.tables import columns


def main(job: Job) -> None:
    """Publish the delivered columns of clients as tab-separated text."""
    delivered = job.read("clients").select(*columns("clients_text"))
    job.rows_in["clients"] = job.publish("clients_text", delivered)
