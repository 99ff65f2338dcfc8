"""Tests of the stage on customers who can't be clustered as usual, and with a pinned number of segments."""

from dataclasses import replace
from decimal import Decimal

import pytest

from jobs.core import tables
from jobs.core.errors import BankError
from jobs.segments import cluster
from jobs.segments.lookup import segment_of
from tests.segments.example_transactions import crowd, transaction
from tests.segments.stage_runs import CLUSTER, run_stage, without_history


@pytest.fixture
def read(spark, settings):
    """Reads the rows of a table."""
    return lambda table: tables.read(spark, settings, table).collect()


def test_a_pinned_number_of_segments_is_published(spark, settings, read):
    run_stage(spark, settings.model_copy(update={"segments_k": 6}), crowd(200), CLUSTER)
    (decision,) = read("segment_decisions")
    assert (decision["k"], decision["pinned"]) == (6, 6)
    assert "BANK_SEGMENTS_K pins 6" in decision["explanation"]


def test_a_pinned_number_out_of_range_is_refused_and_nothing_is_published(spark, settings, job):
    wrong = replace(job("segments.cluster"), settings=settings.model_copy(update={"segments_k": 11}))
    with pytest.raises(BankError, match="BANK_SEGMENTS_K is 11, but it must be 2 to 10, or 0 to let the rule choose"):
        cluster.main(wrong)
    assert tables.version(spark, settings, "segment_decisions") == ""


def test_without_transactions_there_are_no_segments_and_the_decision_says_why(spark, settings, read):
    run_stage(spark, settings, [])
    names = ("customers", "clusterings", "segment_model", "segments", "segment_names", "segment_concentration")
    assert {name: len(read(name)) for name in names} == dict.fromkeys(names, 0)
    (decision,) = read("segment_decisions")
    assert (decision["k"], decision["reason"]) == (0, "There are no customers, so there are no segments.")
    with pytest.raises(BankError, match="rate the customers first: bankstack run segments"):
        segment_of(spark, settings, ["C1"])


def test_a_handful_of_customers_is_refused_and_the_decision_says_why(spark, settings, read):
    run_stage(spark, settings, crowd(5), CLUSTER)
    (decision,) = read("segment_decisions")
    reason = "Only 5 of 5 customers have all features; at least 100 are needed, so there are no segments."
    assert (decision["k"], decision["reason"]) == (0, reason)
    assert [len(read(name)) for name in ("customers", "clusterings", "segment_model")] == [5, 0, 0]


def test_customers_with_nothing_but_amounts_are_segmented_by_amount(spark, settings, read):
    two_groups = crowd(120, groups=((1000, 100, 20), (1000, 5000, 20)))
    run_stage(spark, settings, [(*row[:2], None, None, None, None, *row[6:]) for row in two_groups])
    (decision,) = read("segment_decisions")
    assert decision["features"] == ["amount_mean"]
    assert "balance is known for only 0 of 120 customers" in decision["left_out"]
    sizes = {row["segment"]: row["customers"] for row in read("segment_names")}
    assert sum(sizes.values()) == 120
    assert len(sizes) == decision["k"] > 1
    complete_groups = {(row["dimension"], row["value"]) for row in read("segment_groups") if row["share"] == 1.0}
    assert {("gender", "unknown"), ("age_band", "unknown"), ("city", "unknown")} <= complete_groups


def test_equal_balances_and_unknown_ages_are_left_out_and_a_giant_is_no_segment_of_its_own(spark, settings, read):
    two_groups = crowd(120, groups=((1000, 100, 20), (1000, 5000, 20)))
    rows = [(*row[:2], None, *row[3:5], Decimal(1000), *row[6:]) for row in two_groups]
    rows.append(transaction(999, "GIANT", "2016-08-28 09:00:00", amount=10**12, birth=None))
    run_stage(spark, settings, rows)
    (decision,) = read("segment_decisions")
    assert decision["left_out"] == (
        "balance is the same for all customers and was left out. "
        f"age is known for only 0 of 121 customers and was left out. {without_history(121)}"
    )
    sizes = [row["customers"] for row in read("segment_names")]
    assert sum(sizes) == 121
    assert min(sizes) > 1
