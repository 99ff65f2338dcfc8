"""The Spark session. Its configuration is the home's spark-defaults.conf, never Python."""

import os
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from jobs.core.java import ensure_java
from jobs.core.settings import Settings

EMBEDDED = Path(__file__).parent / "embedded"


def start_session(settings: Settings, name: str) -> SparkSession:
    """Start the Spark session, or return the one that runs; makes the database if it is not there."""
    os.environ.setdefault("SPARK_CONF_DIR", str(EMBEDDED))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ["BANK_VAR"] = str(settings.var.resolve())
    settings.var.mkdir(parents=True, exist_ok=True)
    ensure_java(settings.var)
    spark = SparkSession.builder.appName(name).getOrCreate()
    spark.sql(
        f"CREATE DATABASE IF NOT EXISTS {settings.database} COMMENT 'The bank: see docs/architecture.md'"
        f" LOCATION '{settings.lake_url}/tables'"
    )
    return spark
