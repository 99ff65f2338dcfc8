"""Measure the stream on the running cluster: make bench-stream-cluster [MINUTES=5] [RATE=2000].

Starts the stream beside it, without its simulated bank; feeds the broker from the producer's container with the same
number of events each second, made beforehand and stamped when sent; and asks the live store, to which the page looks
each second, how long they took to it. The first three minutes, in which Java warms up, do not count. An hour of event
time goes by in a minute, beginning now, so events of that stream that come within some hours afterwards are late.
"""

import argparse
import subprocess
import sys
import time
from itertools import islice

from stream import evenly, stamped

from jobs.core.settings import PROJECT, Settings
from jobs.simulation.bank.producer import Plan, sender, target

WARM_S = 180
TOOL = str(PROJECT / "docker/stack")
SLICES = 10
"""A second's events are sent in so many parts: a bank's do not come all at once."""
PAGE_S = 1.0
"""Seconds between two looks of the page."""
ASKED = """
    with batch as (
        select query, seconds, events, latency_p50_s as half, latency_p95_s as most
        from live_progress
        where finished_at > now() at time zone 'utc' - interval '{seconds} seconds' and query != 'events' and events > 0
    ), event as (
        select query, half + (most - half) * ((nth - 0.5) / count - 0.5) / 0.45 as latency
        from (select *, greatest(events / 50, 1) as count from batch) each, generate_series(1, count) nth
    ), look as (
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
    from batch join look on look.query = batch.query
    group by batch.query
"""
"""Of all events: until they are in the live store, and until a page looks there. In a batch they came evenly, so their
latencies lie on the line through the batch's median and its 95 %."""


def main() -> None:
    """Feed, in the container, or start that and ask."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--rate", type=float, default=2_000)
    parser.add_argument("--feed", action="store_true", help="run in the producer's container: feed the broker")
    options = parser.parse_args()
    seconds = round(options.minutes * 60)
    if options.feed:
        feed(options.rate, seconds)
    else:
        measure(options.rate, seconds)


def feed(rate: float, seconds: int) -> None:
    """Send so many events each second."""
    settings, plan = Settings(), Plan(rate, 60.0, 100_000, 1)
    made = list(islice(evenly(settings, plan, sender(settings, plan), time.time()), seconds))
    slices = [lines[part::SLICES] for lines in made for part in range(SLICES)]
    broker, started = target(settings), time.monotonic()
    for number, lines in enumerate(slices):
        time.sleep(max(0.0, started + number / SLICES - time.monotonic()))
        broker.send([(customer, stamped(line)) for customer, line in lines])


def measure(rate: float, seconds: int) -> None:
    """Start the stream, let it be fed, print what the live store says."""
    subprocess.run([TOOL, "stream"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([TOOL, "compose", "--profile", "stream", "stop", "producer"], check=True)
    container = ["run", "--rm", "-T", "-v", f"{PROJECT}/benchmarks:/opt/bankstack/benchmarks:ro", "producer"]
    python = ["/opt/spark/bin/python", "/opt/bankstack/benchmarks/stream_cluster.py", "--feed"]
    given = ["--rate", str(rate), "--minutes", str((WARM_S + seconds) / 60)]
    subprocess.run([TOOL, "compose", "--profile", "stream", *container, *python, *given], check=True)
    psql = ["exec", "-T", "postgres", "psql", "-U", "postgres", "-d", "live", "-c"]
    sys.exit(subprocess.run([TOOL, "compose", *psql, ASKED.format(seconds=seconds, page=PAGE_S)]).returncode)


if __name__ == "__main__":
    main()
