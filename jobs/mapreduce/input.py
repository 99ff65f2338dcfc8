"""Write the clients as text, which is what Hadoop Streaming's mappers read. Reads: clients. Writes: clients_text."""

from jobs.core.job import Job


def main(job: Job) -> None:
    """Publish the rows of clients once more, as tab-separated text."""
    job.rows_in["clients"] = job.publish("clients_text", job.read("clients"))
