"""The stage as a whole: from transactions to its tables, to MLflow and to the command line."""

from dataclasses import replace
from decimal import Decimal

import mlflow
import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from jobs import pipeline
from jobs.core import tables
from jobs.core.contracts import load_contract
from jobs.core.errors import BankError
from jobs.core.export import export_table
from jobs.core.runner import run_steps
from jobs.ingest.check import add_derived
from jobs.segments import cluster, clustering_search, quality
from jobs.segments.lookup import segment_of
from jobs.simulation.datasets import planted_effects, write
from tests.segments.examples import TRANSACTION, crowd, transaction

STEPS = pipeline.select(["segments"])
PLACING = pipeline.select(["segments.customers", "segments.assign"])


@pytest.fixture
def quick(monkeypatch):
    """A smaller field: up to six clusters, two resamples."""
    monkeypatch.setattr(clustering_search, "KS", range(2, 7))
    monkeypatch.setattr(quality, "RESAMPLES", 2)


@pytest.fixture
def run(spark, settings, job, quick):
    """Publishes transactions and runs the stage; returns the rows of a table."""

    def make(rows, wanted=settings, steps=STEPS):
        fingerprint = f"{abs(hash(str(rows))):x}"[:12].rjust(12, "0")
        transactions = add_derived(spark.createDataFrame(rows, TRANSACTION), load_contract("transactions"))
        tables.publish(transactions, settings, "transactions", fingerprint)
        run_steps(spark, wanted, steps, job("segments.cluster").run_date)
        return lambda name: tables.read(spark, settings, name).collect()

    return make


def test_plain_groups_become_segments_that_keep_their_letters(spark, settings, run, job):
    rows = run(crowd(400))
    (decided,) = rows("segment_decisions")
    assert (decided["k"], decided["reason"], decided["left_out"]) == (4, None, None)
    assert decided["silhouette"] > 0.6 and decided["stability"] > 0.95 and decided["agreement"] == 1.0
    placed = {row["customer_id"]: row["segment"] for row in rows("segments")}
    assert adjusted_rand_score([int(name[1:]) % 4 for name in placed], list(placed.values())) == 1.0
    names = {row["segment"]: row for row in rows("segment_names")}
    assert sorted(names) == ["A", "B", "C", "D"] and len({row["name"] for row in names.values()}) == 4
    assert sum(row["balance_share"] for row in names.values()) == pytest.approx(1.0)
    assert [row["customers"] for row in names.values()] == [100] * 4
    assert len(rows("segment_concentration")) == 2 * 2
    assert len(rows("segment_profiles")) == 4 * 9 and rows("segment_rules")[0]["accuracy"] > 0.9
    for dimension in ("gender", "age_band", "place", "part_of_day", "weekday"):
        part = [row for row in rows("segment_groups") if row["dimension"] == dimension]
        assert sum(row["members"] for row in part) == 400, dimension
    field = rows("clusterings")
    assert {row["algorithm"] for row in field} == {"k-means", "bisecting k-means", "Ward", "baseline"}
    assert [row["k"] for row in field if row["chosen"]] == [4] and len(rows("segment_movement")) == 0
    assert (len(field), len(rows("segment_dendrogram"))) == (2 * 3 * 3 * 5 + 1, 4 * 23)

    (said,) = segment_of(spark, settings, ["C2"])
    assert said.startswith(f"C2: segment {placed['C2']}, {names[placed['C2']]['name']} (distance") and "Second:" in said
    with pytest.raises(BankError, match="no customer NOBODY: customers are those with a transaction"):
        segment_of(spark, settings, ["C2", "NOBODY"])

    lines = export_table(spark, settings, "customers").read_text().splitlines()
    assert len(lines) == 401 and lines[0].startswith("customer_id,birth_date,age,gender,place,balance,transactions,")

    client = mlflow.MlflowClient(settings.mlflow_url)
    runs = client.search_runs([client.get_experiment_by_name("segments").experiment_id])
    assert len(runs) == 1 + 2 * 3 * 3 + 1 and {run.info.status for run in runs} == {"FINISHED"}

    later = [*crowd(399), *[transaction(1000 + n, f"N{n}", "2016-08-28 09:00:00", 100, 1000) for n in range(3)]]
    rows = run(later)
    moved = {(row["from_segment"], row["to_segment"]): row["customers"] for row in rows("segment_movement")}
    assert moved[(None, placed["C0"])] == 3 and moved[(placed["C399"], None)] == 1
    assert {pair for pair in moved if None not in pair} == {(letter, letter) for letter in "ABCD"}
    assert sum(moved[(letter, letter)] for letter in "ABCD") == 399

    model = tables.version(spark, settings, "segment_model")
    rows = run([*later, transaction(2000, "NEW", "2016-08-28 09:00:00", 100, 1000)], steps=PLACING)
    assert tables.version(spark, settings, "segment_model") == model, "customers are placed by the saved model"
    moved = [(row["from_segment"], row["to_segment"], row["customers"]) for row in rows("segment_movement")]
    assert (None, placed["C0"], 1) in moved and sum(number for *_, number in moved) == 403
    run_steps(spark, settings, PLACING, job("segments.cluster").run_date, force=True)
    again = [(row["from_segment"], row["to_segment"], row["customers"]) for row in rows("segment_movement")]
    assert again == moved, "the same customers placed once more do not hide who moved"


def test_a_pinned_number_of_segments_is_published(run, settings):
    steps = pipeline.select(["segments.customers", "segments.cluster"])
    rows = run(crowd(200), settings.model_copy(update={"segments_k": 6}), steps)
    (decided,) = rows("segment_decisions")
    assert (decided["k"], decided["pinned"]) == (6, 6) and "BANK_SEGMENTS_K pins 6" in decided["said"]


def test_a_number_of_segments_that_cannot_be_is_refused_and_all_stays(spark, settings, job):
    wrong = replace(job("segments.cluster"), settings=settings.model_copy(update={"segments_k": 11}))
    with pytest.raises(BankError, match="BANK_SEGMENTS_K is 11; it can be 2 to 10, or 0 for the rule"):
        cluster.main(wrong)
    assert tables.version(spark, settings, "segment_decisions") == ""


def test_transactions_that_are_gone_take_the_segments_away_with_a_sentence(spark, settings, run):
    rows = run([])
    names = ("customers", "clusterings", "segment_model", "segments", "segment_names", "segment_concentration")
    assert {name: len(rows(name)) for name in names} == dict.fromkeys(names, 0)
    (decided,) = rows("segment_decisions")
    assert (decided["k"], decided["reason"]) == (0, "There are no customers, so there are no segments.")
    with pytest.raises(BankError, match="there are no segments yet"):
        segment_of(spark, settings, ["C1"])


def test_a_handful_of_customers_is_refused_with_a_sentence(run):
    rows = run(crowd(5), steps=pipeline.select(["segments.customers", "segments.cluster"]))
    (decided,) = rows("segment_decisions")
    reason = "Only 5 of 5 customers are known well enough; 100 are needed, so there are no segments."
    assert (decided["k"], decided["reason"]) == (0, reason)
    assert [len(rows(name)) for name in ("customers", "clusterings", "segment_model")] == [5, 0, 0]


def test_customers_of_whom_only_the_amounts_are_known_are_segmented_by_these(run):
    plain = crowd(120, groups=((1000, 100, 20), (1000, 5000, 20)))
    rows = run([(*row[:2], None, None, None, None, *row[6:]) for row in plain])
    (decided,) = rows("segment_decisions")
    assert decided["features"] == ["amount_mean"] and "balance is known of 0 of 120" in decided["left_out"]
    sizes = {row["segment"]: row["customers"] for row in rows("segment_names")}
    assert sum(sizes.values()) == 120 and len(sizes) == decided["k"] > 1
    unknown = {(row["dimension"], row["value"]) for row in rows("segment_groups") if row["share"] == 1.0}
    assert {(name, "unknown") for name in ("gender", "age_band", "place")} <= unknown


def test_equal_balances_unknown_ages_and_a_giant_are_left_out_or_cut(run):
    plain = crowd(120, groups=((1000, 100, 20), (1000, 5000, 20)))
    rows = [(*row[:2], None, *row[3:5], Decimal(1000), *row[6:]) for row in plain]
    rows.append(transaction(999, "GIANT", "2016-08-28 09:00:00", amount=10**12, birth=None))
    found = run(rows)
    (decided,) = found("segment_decisions")
    same = "balance is the same for all customers and was left out."
    assert decided["left_out"] == f"{same} age is known of 0 of 121 customers only and was left out."
    sizes = [row["customers"] for row in found("segment_names")]
    assert sum(sizes) == 121 and min(sizes) > 1, "the one with 10^12 is no segment of its own"


def test_planted_groups_are_found_again(spark, settings, job, tmp_path):
    (settings.data / "synthetic.csv").unlink(missing_ok=True)
    write("transactions", settings.data, 20_000, 11)
    run_steps(spark, settings, pipeline.select(["ingest.transactions", "segments"]), job("segments.cluster").run_date)
    placed = tables.read(spark, settings, "segments").select("customer_id", "segment").toPandas()
    found = adjusted_rand_score(planted_effects.true_group(placed["customer_id"], 11), placed["segment"])
    assert found >= 0.9 and len(np.unique(placed["segment"])) == len(planted_effects.GROUPS)
    steps = tables.read(spark, settings, "customer_cleaning").orderBy("position").collect()
    assert (steps[0]["step"], steps[0]["before"]) == ("contract_kept", 20_000), "the load of the file is the first step"
    assert steps[0]["after"] == steps[3]["before"]
