"""Submitted by test_hive_and_spark.py; prints one line of JSON with the hosts that tasks ran on.

With a table and an INSERT statement as arguments, it also prints the table's rows and then runs the statement.
"""

import json
import socket
import sys
from collections.abc import Iterator

import pandas as pd
from pyspark.sql import SparkSession


def host_of_task(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Yield the host that processed each batch of rows."""
    for _ in batches:
        yield pd.DataFrame({"host": [socket.gethostname()]})


spark = SparkSession.builder.appName("smoke").getOrCreate()
hosts = spark.range(100, numPartitions=2).mapInPandas(host_of_task, "host string").distinct().collect()
result = {"master": spark.conf.get("spark.master"), "hosts": sorted(row.host for row in hosts)}
if len(sys.argv) > 1:
    table, insert = sys.argv[1:]
    rows = spark.table(table).orderBy("client").collect()
    result["rows_before"] = [[str(value) for value in row] for row in rows]
    spark.sql(insert)
print(json.dumps(result))
