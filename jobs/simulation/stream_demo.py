"""The stream demo: a simulated bank and the stream in one process, then metrics and a page of charts."""

import logging
import threading
import time

from pyspark.sql import SparkSession

from jobs.core.settings import Settings
from jobs.simulation.bank.producer import FolderTarget, Plan, create_sender, produce, simulate
from jobs.simulation.bank.reference_simulation import fallback_events, simulate_reference_events
from jobs.stream.detection.reference_events import write_reference_events
from jobs.stream.run import Stream, forget
from jobs.stream.verification.evaluation_page import write_page
from jobs.stream.verification.labels import labels_path
from jobs.stream.verification.stream_metrics import measure_stream, summarise

SPEED = 14_400.0
"""Seconds of event time per second of the wall clock: a minute covers ten days."""
CUSTOMERS = 1_500
log = logging.getLogger("bankstack")


def run_demo(spark: SparkSession, settings: Settings, seconds: int, rate: float, seed: int) -> str:
    """Run the demo; it deletes the state and files of earlier runs.

    Args:
        spark: gives the tables.
        settings: give the folders; a Kafka source is ignored.
        seconds: how long the bank sends events.
        rate: events per second.
        seed: of the simulated bank.

    Returns:
        The metrics, and the path of the page.

    """
    settings = settings.model_copy(update={"stream_source": ""})
    delete_earlier_runs(spark, settings)
    plan = Plan(rate, SPEED, CUSTOMERS, seed)
    write_reference_events(settings, simulate_reference_events(plan))
    stream = Stream(spark, settings, lambda: fallback_events(settings))
    try:
        counts, elapsed_s = send_and_process(stream, settings, plan, seconds)
    finally:
        stream.stop()
    log.info("sent: %s", counts)
    metrics = measure_stream(spark, settings, elapsed_s)
    path, summary = settings.stream_folder / "index.html", summarise(metrics)
    write_page(path, metrics.windows, metrics.alerts, metrics.evaluation.by_type, summary)
    return f"\n{summary}\n\nCharts: {path}"


def delete_earlier_runs(spark: SparkSession, settings: Settings) -> None:
    """Delete the stream's state and tables, its source and its labels."""
    forget(spark, settings)
    for path in settings.source_folder.glob("*.jsonl"):
        path.unlink()
    labels_path(settings).unlink(missing_ok=True)


def send_and_process(stream: Stream, settings: Settings, plan: Plan, seconds: int) -> tuple[dict[str, int], float]:
    """Send events while the stream runs, then wait until all of them are processed.

    Returns:
        The sender's counts, and the elapsed seconds.

    """
    counts: dict[str, int] = {}
    target = FolderTarget(settings.source_folder)

    def send() -> None:
        events, sender = simulate(plan, labels_path(settings)), create_sender(settings, plan)
        counts.update(produce(events, sender, target, seconds, stream.stopping.is_set))

    producer, started = threading.Thread(target=send, name="producer"), time.monotonic()
    producer.start()
    stream.wait(is_done=lambda: not producer.is_alive())
    stream.process_available()
    return counts, time.monotonic() - started
