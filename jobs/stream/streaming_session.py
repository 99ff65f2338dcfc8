"""Spark sessions and JVM settings for the streaming queries."""

import os
import shlex
from pathlib import Path

from pyspark.sql import SparkSession

STREAM_CONF = Path(__file__).parent / "stream.conf"
EMBEDDED_CONF = Path(__file__).parent / "embedded.conf"


def configure_long_run() -> None:
    """Configure the session that is about to start for a run of days, unless the environment does so already."""
    conf = shlex.quote(str(EMBEDDED_CONF))
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # otherwise each RocksDB thread holds on to memory that it has freed
    os.environ.setdefault("PYSPARK_SUBMIT_ARGS", f"--load-spark-defaults --properties-file {conf} pyspark-shell")


def stream_session(spark: SparkSession) -> SparkSession:
    """Create a session over the same tables, configured for streaming queries."""
    session = spark.newSession()
    for name, value in configuration().items():
        session.conf.set(name, value)
    return session


def configuration() -> dict[str, str]:
    """The settings in stream.conf."""
    lines = STREAM_CONF.read_text().splitlines()
    pairs = [line.split(None, 1) for line in lines if line and not line.startswith("#")]
    return {name: value.strip() for name, value in pairs}
