"""A small bank whose credit clients default for a reason that models can learn."""

from datetime import datetime

import pytest
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.contracts import load_contract
from jobs.ingest.check import add_derived


@pytest.fixture
def credit(spark):
    """Makes `number` credit clients; those late in September default more often. Another `seed` makes other clients."""

    def make(number=600, seed=1):
        names = [column.name for column in load_contract("credit").columns]
        clients = spark.range(1, number + 1).select(F.col("id").alias("client_id"))
        rng = {name: F.abs(F.xxhash64("client_id", F.lit(f"{name} {seed}"))) for name in names}
        amounts = {name: (rng[name] % 50_000).cast("int") for name in names if "_amt" in name}
        status_names = [name for name in names if name.startswith("pay_") and "_amt" not in name]
        statuses = {name: (rng[name] % 5).cast("int") - 2 for name in status_names}
        others = {
            "credit_limit": 10_000 + rng["credit_limit"] % 90_000,
            "sex": 1 + (rng["sex"] % 2).cast("int"),
            "education": (1 + rng["education"] % 3).cast("int"),
            "marriage": (1 + rng["marriage"] % 2).cast("int"),
            "age": (21 + rng["age"] % 50).cast("int"),
        }
        clients = clients.withColumns({**amounts, **statuses, **others})
        default_percent = F.when(F.col("pay_0") > 0, 70).otherwise(15)
        return clients.withColumn("defaulted", (rng["defaulted"] % 100 < default_percent).cast("int"))

    return make


@pytest.fixture
def load(settings):
    """Publishes rows as the table credit, as a load of the file with this checksum."""

    def publish(rows, checksum):
        tables.publish(add_derived(rows, load_contract("credit")), settings, "credit", checksum)
        fields = tables.read(rows.sparkSession, settings, "load_runs").drop("dataset", "sha256").schema
        row = {"file": "x.csv", "loaded_at": datetime(2026, 1, len(checksum))}
        load = rows.sparkSession.createDataFrame([[row.get(name) for name in fields.names]], fields)
        tables.publish(load, settings, "load_runs", checksum, {"dataset": "credit", "sha256": checksum})

    return publish
