"""Measure the stream on the running cluster: make bench-stream-cluster [MINUTES=5] [RATE=2000].

Starts the stream without its simulated bank. The producer's container sends the broker the same number of events each
second, made beforehand and given their sending time when sent. Then the benchmark queries the serving database, which
the live page reads each second, for how long the events took. The first three minutes, while Java warms up, do not
count. A minute covers an hour of event time, starting now; so events that reach the same stream within the next hours
are late.
"""

import argparse
import subprocess
import sys
import time
from itertools import islice

from stream import constant_rate, set_sending_time

from jobs.core.settings import PROJECT, Settings
from jobs.simulation.bank.producer import Plan, create_sender, create_target

WARM_UP_S = 180
STACK = str(PROJECT / "docker/stack")
SLICES = 10
"""Parts in which a second's events are sent, because a bank's events do not arrive all at once."""
PAGE_INTERVAL_S = 1.0
"""Seconds between two refreshes of the live page."""
LATENCY_QUERY = """
    with batch as (
        select query, seconds, events, latency_p50_s as p50, latency_p95_s as p95
        from live_progress
        where finished_at > now() at time zone 'utc' - interval '{seconds} seconds' and query != 'events' and events > 0
    ), event as (
        select query, p50 + (p95 - p50) * ((nth - 0.5) / count - 0.5) / 0.45 as latency
        from (select *, greatest(events / 50, 1) as count from batch) sample, generate_series(1, count) nth
    ), refresh as (
        select query, percentile_cont(0.95) within group (order by latency + {page} * nth / 10.0) as page_p95_s
        from event, generate_series(0, 10) nth group by query
    )
    select batch.query, round(sum(events) / {seconds}) as events_per_s, count(*) as batches,
        round(avg(seconds)::numeric, 2) as batch_s,
        (select round(percentile_cont(0.5) within group (order by latency)::numeric, 2) from event
         where event.query = batch.query) as store_p50_s,
        (select round(percentile_cont(0.95) within group (order by latency)::numeric, 2) from event
         where event.query = batch.query) as store_p95_s,
        round(max(page_p95_s)::numeric, 2) as page_p95_s
    from batch join refresh on refresh.query = batch.query
    group by batch.query
"""
"""Latency of all events until they are in the serving database, and until a page shows them. The events of a batch
arrived evenly, so their latencies lie on the line through the batch's p50 and p95."""


def main() -> None:
    """Measure; or, in the producer's container, send the events."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--rate", type=float, default=2_000)
    parser.add_argument(
        "--send", action="store_true", help="run in the producer's container: send events to the broker"
    )
    options = parser.parse_args()
    seconds = round(options.minutes * 60)
    if options.send:
        send(options.rate, seconds)
    else:
        measure(options.rate, seconds)


def send(rate: float, seconds: int) -> None:
    """Send the same number of events each second."""
    settings, plan = Settings(), Plan(rate, 60.0, 100_000, 1)
    prepared = list(islice(constant_rate(settings, plan, create_sender(settings, plan), time.time()), seconds))
    slices = [messages[part::SLICES] for messages in prepared for part in range(SLICES)]
    broker, started = create_target(settings), time.monotonic()
    for number, messages in enumerate(slices):
        time.sleep(max(0.0, started + number / SLICES - time.monotonic()))
        broker.send([(customer, set_sending_time(line)) for customer, line in messages])


def measure(rate: float, seconds: int) -> None:
    """Start the stream, have events sent to it, and print the latencies."""
    subprocess.run([STACK, "stream"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([STACK, "compose", "--profile", "stream", "stop", "producer"], check=True)
    container = ["run", "--rm", "-T", "-v", f"{PROJECT}/benchmarks:/opt/bankstack/benchmarks:ro", "producer"]
    python = ["/opt/spark/bin/python", "/opt/bankstack/benchmarks/stream_cluster.py", "--send"]
    options = ["--rate", str(rate), "--minutes", str((WARM_UP_S + seconds) / 60)]
    subprocess.run([STACK, "compose", "--profile", "stream", *container, *python, *options], check=True)
    psql = ["exec", "-T", "postgres", "psql", "-U", "postgres", "-d", "live", "-c"]
    query = LATENCY_QUERY.format(seconds=seconds, page=PAGE_INTERVAL_S)
    sys.exit(subprocess.run([STACK, "compose", *psql, query]).returncode)


if __name__ == "__main__":
    main()
