"""A session of its own for the stream, with the settings of stream.conf."""

import os
import shlex
from pathlib import Path

from pyspark.sql import SparkSession

CONF, EMBEDDED = (Path(__file__).parent / name for name in ("stream.conf", "embedded.conf"))


def runs_for_days() -> None:
    """Let a session that is about to start run long, unless its home says so itself."""
    conf = shlex.quote(str(EMBEDDED))
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # else RocksDB's threads each keep memory that they gave back
    os.environ.setdefault("PYSPARK_SUBMIT_ARGS", f"--load-spark-defaults --properties-file {conf} pyspark-shell")


def stream_session(spark: SparkSession) -> SparkSession:
    """Another session over the same tables, configured for streaming queries."""
    session = spark.newSession()
    for name, value in configuration().items():
        session.conf.set(name, value)
    return session


def configuration() -> dict[str, str]:
    """The settings in stream.conf."""
    lines = [line.split(None, 1) for line in CONF.read_text().splitlines() if line and not line.startswith("#")]
    return {name: value.strip() for name, value in lines}
