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
OTHER_SPARK = ("SPARK_HOME", "SPARK_REMOTE", "HADOOP_CONF_DIR", "YARN_CONF_DIR")
"""Variables that lead to another Spark or Hadoop of the machine."""


def start_session(settings: Settings, name: str) -> SparkSession:
    """Start the Spark session or return the running one; creates the database if it is missing.

    On the cluster, where SPARK_REMOTE has the address of the Spark Connect server, the session is the server's.
    """
    if not settings.lake:
        configure_embedded(settings)
    spark = SparkSession.builder.appName(name).getOrCreate()
    statement = Template((hive_folder() / "database.hql").read_text())
    spark.sql(statement.substitute(db=settings.database, lake=settings.lake_url).rstrip().rstrip(";"))
    return spark


def configure_embedded(settings: Settings) -> None:
    """Set the environment from which Spark starts inside this process, whatever other Spark the machine has."""
    for name in OTHER_SPARK:
        os.environ.pop(name, None)
    os.environ["SPARK_CONF_DIR"] = str(EMBEDDED)
    # The machine's own name need not resolve.
    os.environ["SPARK_LOCAL_HOSTNAME"] = "localhost"
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ["BANK_VAR"] = str(settings.var.resolve())
    settings.var.mkdir(parents=True, exist_ok=True)
    ensure_java(settings.var)
