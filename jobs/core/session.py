"""The Spark session. Its configuration is in the mode's spark-defaults.conf, never in Python."""

import os
import sys
from pathlib import Path
from string import Template

from pyspark.sql import SparkSession

from jobs.core.hive_files import hive_folder
from jobs.core.java import ensure_java
from jobs.core.settings import Settings

EMBEDDED = Path(__file__).parent / "embedded"


def start_session(settings: Settings, name: str) -> SparkSession:
    """Start the Spark session or return the running one; creates the database if it is missing."""
    os.environ.setdefault("SPARK_CONF_DIR", str(EMBEDDED))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ["BANK_VAR"] = str(settings.var.resolve())
    settings.var.mkdir(parents=True, exist_ok=True)
    ensure_java(settings.var)
    spark = SparkSession.builder.appName(name).getOrCreate()
    statement = Template((hive_folder() / "database.hql").read_text())
    spark.sql(statement.substitute(db=settings.database, lake=settings.lake_url).rstrip().rstrip(";"))
    return spark
