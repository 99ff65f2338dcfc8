"""Tests of the whole stage: from transactions to its tables, MLflow, the command line and the export.

The fixtures `first_run`, `second_run` and `third_run` run the stage in one database, one after the other.
"""

import re
from dataclasses import dataclass

import mlflow
import pytest
from sklearn.metrics import adjusted_rand_score

from jobs import pipeline
from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.export import export_table
from jobs.core.runner import run_steps
from jobs.core.session import start_session
from jobs.core.settings import Settings
from jobs.segments.export_segment import export_segment
from jobs.segments.lookup import segment_of
from tests.segments.example_transactions import crowd, transaction
from tests.segments.stage_runs import RUN_DATE, STAGE, run_stage, without_history

ASSIGN = pipeline.select(["segments.customers", "segments.assign"])
LATER_CROWD = [
    *crowd(399),
    *[transaction(1000 + number, f"N{number}", "2016-08-28 09:00:00", 100, 1000) for number in range(3)],
]
"""The customers of crowd(400) without C399, and three new ones who resemble C0."""


@pytest.fixture(scope="module")
def bank(spark, tmp_path_factory):
    """Settings with a database that all tests of this module share."""
    folder = tmp_path_factory.mktemp("bank")
    settings = Settings(data=folder / "data", var=folder / "var", database="bank_segments_stage")
    start_session(settings, "tests")
    yield settings
    spark.sql(f"DROP DATABASE {settings.database} CASCADE")


@dataclass
class Run:
    """What a run of the stage published."""

    tables: dict[str, list]
    model_version: str

    @property
    def segments(self):
        """The segment of each customer."""
        return {row["customer_id"]: row["segment"] for row in self.tables["segments"]}

    @property
    def names(self):
        """The row of segment_names for each letter."""
        return {row["segment"]: row for row in self.tables["segment_names"]}

    @property
    def movement(self):
        """The number of customers for each pair of segments."""
        rows = self.tables["segment_movement"]
        return {(row["from_segment"], row["to_segment"]): row["customers"] for row in rows}


def published(spark, settings):
    names = [table for step in STAGE for table in step.writes]
    rows = {name: tables.read(spark, settings, name).collect() for name in names}
    return Run(rows, tables.version(spark, settings, "segment_model"))


@pytest.fixture(scope="module")
def first_run(spark, bank):
    """400 customers in four tight groups."""
    run_stage(spark, bank, crowd(400))
    return published(spark, bank)


@pytest.fixture(scope="module")
def second_run(spark, bank, first_run):
    """One customer is missing and three are new."""
    run_stage(spark, bank, LATER_CROWD)
    return published(spark, bank)


@pytest.fixture(scope="module")
def third_run(spark, bank, second_run):
    """One more new customer, assigned with the saved model."""
    rows = [*LATER_CROWD, transaction(2000, "NEW", "2016-08-28 09:00:00", 100, 1000)]
    run_stage(spark, bank, rows, ASSIGN)
    return published(spark, bank)


def test_tight_groups_become_segments(first_run):
    (decision,) = first_run.tables["segment_decisions"]
    assert (decision["k"], decision["reason"], decision["left_out"]) == (4, None, without_history(400))
    groups = [int(customer[1:]) % 4 for customer in first_run.segments]
    assert adjusted_rand_score(groups, list(first_run.segments.values())) == 1.0


def test_the_quality_of_the_published_segments_is_measured(first_run):
    (decision,) = first_run.tables["segment_decisions"]
    assert decision["silhouette"] > 0.6
    assert decision["stability"] > 0.95
    assert decision["agreement"] == 1.0


def test_every_segment_has_a_letter_and_a_unique_name(first_run):
    assert sorted(first_run.names) == ["A", "B", "C", "D"]
    assert len({row["name"] for row in first_run.names.values()}) == 4


def test_sizes_and_shares_cover_all_customers(first_run):
    names = first_run.names.values()
    assert [row["customers"] for row in names] == [100] * 4
    assert sum(row["balance_share"] for row in names) == pytest.approx(1.0)


def test_segments_are_profiled_explained_and_measured_for_concentration(first_run):
    assert len(first_run.tables["segment_profiles"]) == 4 * 14
    assert len(first_run.tables["segment_concentration"]) == 2 * 2
    assert first_run.tables["segment_rules"][0]["accuracy"] > 0.9


@pytest.mark.parametrize("dimension", ["gender", "age_band", "city", "day_part", "weekday"])
def test_every_dimension_counts_all_customers_with_their_one_transaction(first_run, dimension):
    groups = [row for row in first_run.tables["segment_groups"] if row["dimension"] == dimension]
    assert sum(row["members"] for row in groups) == 400


def test_all_candidates_and_the_baseline_are_published_with_the_chosen_one_marked(first_run):
    clusterings = first_run.tables["clusterings"]
    algorithms = {row["algorithm"] for row in clusterings}
    assert algorithms == {"k-means", "bisecting k-means", "Ward", "Gaussian mixture", "baseline"}
    assert [row["k"] for row in clusterings if row["chosen"]] == [4]
    assert len(clusterings) == 2 * 3 * 4 * 5 + 1


def test_every_clustering_stands_beside_data_without_groups(first_run):
    clusterings = first_run.tables["clusterings"]
    compared = [row for row in clusterings if row["null_silhouette"] is not None and row["null_stability"] is not None]
    assert len(compared) == len(clusterings) - 1, "all but the baseline"
    (decision,) = first_run.tables["segment_decisions"]
    assert decision["natural"] is True
    assert decision["silhouette"] > decision["null_silhouette"]


def test_all_customers_have_tiers_beside_their_segments(first_run):
    tiers = first_run.tables["customer_tiers"]
    assert len(tiers) == 400
    assert {row["value_tier"] for row in tiers} == {"Platinum", "Gold", "Silver", "Bronze"}
    assert sum(row["customers"] for row in first_run.tables["tier_profiles"] if row["scheme"] == "rfm") == 400


def test_the_dendrogram_has_four_points_for_each_merge(first_run):
    assert len(first_run.tables["segment_dendrogram"]) == 4 * 23


def test_the_first_run_has_no_movement(first_run):
    assert first_run.movement == {}


def test_the_search_is_tracked_with_a_parent_run_and_a_run_for_each_space_and_algorithm(bank, first_run):
    client = mlflow.MlflowClient(bank.mlflow_url)
    experiment = client.get_experiment_by_name("segments").experiment_id
    runs = client.search_runs([experiment])
    parents = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    first_parent = min(parents, key=lambda run: run.info.start_time).info.run_id
    children = [run for run in runs if run.data.tags.get("mlflow.parentRunId") == first_parent]
    assert len(children) == 2 * 3 * 4 + 1
    assert {run.info.status for run in runs} == {"FINISHED"}


def test_the_second_run_counts_new_missing_and_remaining_customers(first_run, second_run):
    first, movement = first_run.segments, second_run.movement
    assert movement[(None, first["C0"])] == 3
    assert movement[(first["C399"], None)] == 1
    assert sum(movement[(letter, letter)] for letter in "ABCD") == 399


def test_segments_keep_their_letters_in_the_second_run(second_run):
    remaining = {pair for pair in second_run.movement if None not in pair}
    assert remaining == {(letter, letter) for letter in "ABCD"}


def test_new_customers_are_assigned_with_the_saved_model(first_run, second_run, third_run):
    assert third_run.model_version == second_run.model_version
    assert third_run.movement[(None, first_run.segments["C0"])] == 1
    assert sum(third_run.movement.values()) == 403


def test_a_forced_repetition_does_not_overwrite_the_movement(spark, bank, third_run):
    run_steps(spark, bank, ASSIGN, RUN_DATE, force=True)
    assert published(spark, bank).movement == third_run.movement


def test_the_command_line_describes_the_segment_of_a_customer(spark, bank, third_run):
    (description,) = segment_of(spark, bank, ["C2"])
    letter = third_run.segments["C2"]
    assert description.startswith(f"C2: segment {letter}, {third_run.names[letter]['name']} (distance")
    assert "Second nearest:" in description
    assert re.search(r"RFM tier [A-Z].+ \(R\d F\d M\d\), value tier \w+\.$", description)


def test_the_command_line_refuses_a_customer_that_does_not_exist(spark, bank, third_run):
    with pytest.raises(BankError, match="No customer NOBODY in bank_segments_stage"):
        segment_of(spark, bank, ["C2", "NOBODY"])


def test_one_segment_can_be_exported(spark, bank, third_run):
    letter = third_run.segments["C2"]
    path = export_segment(spark, bank, letter)
    header, *lines = path.read_text().splitlines()
    assert path.name == f"customers-{letter.lower()}.csv"
    assert header.endswith("rfm_tier,value_tier,segment")
    assert len(lines) == list(third_run.segments.values()).count(letter)
    assert {line.rsplit(",", 1)[1] for line in lines} == {letter}


def test_one_tier_can_be_exported_by_its_name_in_any_case(spark, bank, third_run):
    platinum = [row["customer_id"] for row in third_run.tables["customer_tiers"] if row["value_tier"] == "Platinum"]
    lines = export_segment(spark, bank, "platinum").read_text().splitlines()[1:]
    assert sorted(line.split(",")[0] for line in lines) == sorted(platinum)


def test_exporting_an_unknown_group_lists_the_groups(spark, bank, third_run):
    with pytest.raises(BankError, match=r"no customer is in a segment or tier 'Z'. There are: A, .*Platinum"):
        export_segment(spark, bank, "Z")


def test_customers_can_be_exported_with_a_header(spark, bank, third_run):
    lines = export_table(spark, bank, "customers").read_text().splitlines()
    assert len(lines) == 1 + 403
    assert lines[0].startswith("customer_id,birth_date,age,gender,city,balance,transactions,")
