"""Tests of the stage on customers who differ in behaviour only, and on customers without groups.

`benchmarks/segments_null.py` runs the same comparison for 40 seeds.
"""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from jobs import pipeline
from jobs.core import tables
from jobs.core.runner import run_steps
from jobs.core.session import start_session
from jobs.core.settings import Settings
from jobs.segments.clustering_search import search
from jobs.segments.null_search import search_null
from jobs.segments.selection_rule import NO_GROUPS, choose
from jobs.simulation.datasets.payment_histories import GROUPS, WITHOUT_GROUPS, payment_histories, true_groups
from tests.segments.example_transactions import with_derived

CUSTOMERS = 480
SEED = 7
LABELS = dict(zip([f"C{number}" for number in range(CUSTOMERS)], true_groups(CUSTOMERS, GROUPS), strict=True))


def bank_with(spark, folder, name, behaviours):
    """Settings of a bank in which the stage has run on generated payment histories."""
    settings = Settings(data=folder / "data", var=folder / "var", database=f"bank_{name}")
    start_session(settings, "tests")
    rows = spark.createDataFrame(payment_histories(CUSTOMERS, SEED, behaviours))
    typed = rows.withColumns({column: rows[column].cast("decimal(18,2)") for column in ("balance", "amount")})
    tables.publish(with_derived(typed), settings, "transactions", "0123456789ab")
    run_steps(spark, settings, pipeline.select(["segments"]), date(2026, 1, 31))
    return settings


@pytest.fixture(scope="module")
def read_planted(spark, tmp_path_factory):
    settings = bank_with(spark, tmp_path_factory.mktemp("planted"), "planted_behaviour", GROUPS)
    yield lambda table: tables.read(spark, settings, table).toPandas()
    spark.sql(f"DROP DATABASE {settings.database} CASCADE")


@pytest.fixture(scope="module")
def read_uniform(spark, tmp_path_factory):
    settings = bank_with(spark, tmp_path_factory.mktemp("uniform"), "without_groups", WITHOUT_GROUPS)
    yield lambda table: tables.read(spark, settings, table).toPandas()
    spark.sql(f"DROP DATABASE {settings.database} CASCADE")


def test_groups_that_differ_in_behaviour_only_are_found(read_planted):
    segments = read_planted("segments")
    expected = [LABELS[customer] for customer in segments["customer_id"]]
    assert len(segments) > 0.95 * CUSTOMERS
    assert adjusted_rand_score(expected, segments["segment"]) >= 0.9


def test_their_segments_exceed_data_without_groups_and_are_named_by_behaviour(read_planted):
    decision = read_planted("segment_decisions").iloc[0]
    assert bool(decision["natural"])
    assert decision["silhouette"] > decision["null_silhouette"]
    assert decision["stability"] > decision["null_stability"]
    names = " ".join(read_planted("segment_names")["name"]).lower()
    assert "travellers" in names and "evenings" in names


def test_customers_without_groups_get_no_segments_but_tiers(read_uniform):
    decision = read_uniform("segment_decisions").iloc[0]
    assert (decision["k"], decision["reason"]) == (0, NO_GROUPS)
    assert read_uniform("segments").empty
    assert read_uniform("customer_tiers")["rfm_tier"].notna().all()


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_lognormal_money_has_no_natural_groups(spark, correlation):
    logs = np.random.default_rng(1).multivariate_normal(
        [9, 6], [[4, 2.4 * correlation], [2.4 * correlation, 1.44]], 500
    )
    customers = pd.DataFrame({"balance": np.exp(logs[:, 0]), "amount_mean": np.exp(logs[:, 1])})
    usable, ks = list(customers), [2, 3, 4, 5]
    assert choose(search(customers, usable, 1, ks), search_null(spark, customers, usable, 1, ks)) is None
