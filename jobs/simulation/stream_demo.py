"""A minute of a simulated bank: producer and stream in one process, then figures and a picture."""

import logging
import threading
import time

from pyspark.sql import SparkSession

from jobs.core.settings import Settings
from jobs.simulation.bank.earlier_events import simulated_earlier, write_earlier
from jobs.simulation.bank.producer import Folder, Plan, produce, sender, simulated
from jobs.stream.run import Stream, forget
from jobs.stream.verification.evaluation_page import write_page
from jobs.stream.verification.stream_metrics import figures, in_words

SPEED = 14_400.0
"""Seconds of event time in one of the clock: a minute shows ten days."""
CUSTOMERS = 1_500
log = logging.getLogger("bankstack")


def demo(spark: SparkSession, settings: Settings, seconds: int, rate: float, seed: int) -> str:
    """Stream for so many seconds; returns figures and the picture's path. Earlier demos are forgotten."""
    settings = settings.model_copy(update={"stream_source": ""})
    clear(spark, settings)
    plan = Plan(rate, SPEED, CUSTOMERS, seed)
    write_earlier(settings, simulated_earlier(plan))
    stream = Stream(spark, settings)
    try:
        sent, streamed = fed(stream, settings, plan, seconds)
    finally:
        stream.stop()
    log.info("sent: %s", sent)
    found = figures(spark, settings, streamed)
    path, words = settings.stream_folder / "index.html", in_words(found)
    write_page(path, found.windows, found.alerts, found.judged.by_type, words)
    return f"\n{words}\n\nPicture: {path}"


def clear(spark: SparkSession, settings: Settings) -> None:
    """Forget the stream and its source."""
    forget(spark, settings)
    for path in [*settings.source_folder.glob("*.jsonl"), *settings.stream_folder.glob("truth.jsonl")]:
        path.unlink()


def fed(stream: Stream, settings: Settings, plan: Plan, seconds: int) -> tuple[dict[str, int], float]:
    """Produce beside the running stream, and wait until all is worked; returns the counts and the seconds of both."""
    counts: dict[str, int] = {}
    truth_file, target = settings.stream_folder / "truth.jsonl", Folder(settings.source_folder)

    def work() -> None:
        counts.update(
            produce(simulated(plan, truth_file), sender(settings, plan), target, seconds, stream.stopping.is_set)
        )

    producer, started = threading.Thread(target=work, name="producer"), time.monotonic()
    producer.start()
    stream.wait(until=lambda: not producer.is_alive())
    stream.finish()
    return counts, time.monotonic() - started
