"""Tests of the stage on generated transactions, whose customers belong to planted groups."""

from datetime import date

import pytest
from sklearn.metrics import adjusted_rand_score

from jobs import pipeline
from jobs.core import tables
from jobs.core.runner import run_steps
from jobs.core.session import start_session
from jobs.core.settings import Settings
from jobs.segments import null_search
from jobs.simulation.datasets import planted_effects, write

ROWS = 20_000
SEED = 11


@pytest.fixture(scope="module")
def bank(spark, tmp_path_factory):
    """Settings of a bank whose generated transactions have been loaded and segmented."""
    folder = tmp_path_factory.mktemp("planted")
    settings = Settings(data=folder / "data", var=folder / "var", database="bank_planted_groups")
    settings.data.mkdir()
    start_session(settings, "tests")
    write("transactions", settings.data, ROWS, SEED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(null_search, "DRAWS", 4)  # test_planted_behaviour.py has all of them
        run_steps(spark, settings, pipeline.select(["ingest.transactions", "segments"]), date(2026, 1, 31))
    yield settings
    spark.sql(f"DROP DATABASE {settings.database} CASCADE")


def test_the_planted_groups_are_found(spark, bank):
    segments = tables.read(spark, bank, "segments").select("customer_id", "segment").toPandas()
    planted = planted_effects.true_group(segments["customer_id"], SEED)
    assert adjusted_rand_score(planted, segments["segment"]) >= 0.9
    assert segments["segment"].nunique() == len(planted_effects.GROUPS)


def test_the_load_of_the_file_is_the_first_cleaning_step(spark, bank):
    steps = tables.read(spark, bank, "customer_cleaning").orderBy("position").collect()
    assert (steps[0]["step"], steps[0]["before"]) == ("contract_kept", ROWS)
    assert steps[0]["after"] == steps[3]["before"]
