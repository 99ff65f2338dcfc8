"""Tests for RFM and value tiers."""

import pytest

from jobs.segments import tiers
from jobs.segments.customers import aggregate_customers
from jobs.segments.tier_rules import TIERS, rfm_name, rfm_names
from tests.segments.example_transactions import transaction, transactions

SCORES = range(1, 6)


@pytest.fixture(scope="module")
def customers(spark):
    """Ten customers: C<n> pays n + 1 times, ₹ 100 each, the last time on 2016-06-<n + 1>; C9 has the most of all."""
    rows = [
        transaction(
            100 * number + payment,
            f"C{number}",
            f"2016-{6 if payment == number else 4:02d}-{number + 1 if payment == number else payment + 1:02d} 10:00:00",
            balance=1000 * (number + 1),
        )
        for number in range(10)
        for payment in range(number + 1)
    ]
    rows.append(transaction(5000, "NEW", "2016-06-10 11:00:00", balance=None))
    return tiers.with_earlier_recency(aggregate_customers(transactions(spark, rows))).cache()


@pytest.fixture(scope="module")
def sample(customers):
    return tiers.limit_sample(customers)


@pytest.fixture(scope="module")
def rated(customers, sample):
    rows = tiers.rate_customers(customers, tiers.limits_of(sample), tiers.typical_gap(sample))
    return rows.cache()


@pytest.fixture(scope="module")
def by_id(rated):
    return {row["customer_id"]: row for row in rated.collect()}


@pytest.fixture(scope="module")
def groups(rated):
    return tiers.tier_groups(rated)


def test_every_combination_of_scores_has_a_known_name():
    assert len(rfm_names()) == 125
    assert set(rfm_names().values()) == {tier.name for tier in TIERS if tier.scheme == "rfm"}


@pytest.mark.parametrize(
    ("scores", "name"),
    [
        ((5, 5, 5), "Champions"),
        ((5, 1, 1), "New customers"),
        ((4, 4, 4), "Loyal customers"),
        ((1, 5, 5), "Can't lose them"),
        ((2, 3, 4), "At risk"),
        ((1, 1, 1), "Hibernating"),
    ],
)
def test_scores_have_the_names_that_crm_tools_use(scores, name):
    assert rfm_name(*scores) == name


def test_who_paid_last_most_often_and_most_is_a_champion(by_id):
    best = by_id["C9"]
    assert [best[f"{name}_score"] for name in ("recency", "frequency", "monetary")] == [5, 5, 5]
    assert best["rfm_tier"] == "Champions"


def test_who_paid_once_and_long_ago_hibernates(by_id):
    assert by_id["C0"]["rfm_tier"] == "Hibernating"


def test_value_tiers_rank_by_balance_and_an_unknown_balance_is_unrated(by_id):
    assert (by_id["C9"]["value_tier"], by_id["C0"]["value_tier"]) == ("Platinum", "Bronze")
    assert by_id["NEW"]["value_tier"] == "Unrated"
    assert by_id["NEW"]["value_at_stake"] is None


def test_equal_values_have_equal_scores_in_the_middle(spark):
    rows = [transaction(number, f"C{number}", "2016-06-01 10:00:00") for number in range(20)]
    customers = tiers.with_earlier_recency(aggregate_customers(transactions(spark, rows)))
    sample = tiers.limit_sample(customers)
    rated = tiers.rate_customers(customers, tiers.limits_of(sample), tiers.typical_gap(sample)).collect()
    assert {(row["recency_score"], row["frequency_score"], row["monetary_score"]) for row in rated} == {(3, 3, 3)}
    assert {(row["rfm_tier"], row["value_tier"]) for row in rated} == {("Need attention", "Bronze")}


def test_if_nobody_paid_twice_no_churn_risk_is_known(spark):
    rows = [transaction(number, f"C{number}", "2016-06-01 10:00:00") for number in range(20)]
    customers = tiers.with_earlier_recency(aggregate_customers(transactions(spark, rows)))
    assert tiers.typical_gap(tiers.limit_sample(customers)) is None
    rated = tiers.rate_customers(customers, tiers.limits_of(tiers.limit_sample(customers)), None)
    assert {(row["churn_risk"], row["value_at_stake"]) for row in rated.collect()} == {(None, None)}


def test_the_expected_gap_is_the_own_gap_shrunk_towards_that_of_all_customers(spark):
    rows = [transaction(number, "OFTEN", f"2016-06-{1 + 2 * number:02d} 10:00:00") for number in range(15)]
    rows += [transaction(99, "ONCE", "2016-06-01 10:00:00"), transaction(100, "LAST", "2016-07-29 10:00:00")]
    customers = tiers.with_earlier_recency(aggregate_customers(transactions(spark, rows)))
    sample = tiers.limit_sample(customers)
    gap = tiers.typical_gap(sample)
    assert gap == pytest.approx((58 + 58 + 0) / 14)
    rated = {row["customer_id"]: row for row in tiers.rate_customers(customers, tiers.limits_of(sample), gap).collect()}
    assert rated["OFTEN"]["expected_gap_days"] == pytest.approx((gap + 28) / 15)
    assert rated["ONCE"]["expected_gap_days"] == pytest.approx(gap)


def test_silence_that_is_long_for_the_own_rhythm_is_a_churn_risk(spark):
    rows = [transaction(number, "OFTEN", f"2016-06-{1 + 2 * number:02d} 10:00:00") for number in range(15)]
    rows += [transaction(99, "ONCE", "2016-06-29 10:00:00"), transaction(100, "LAST", "2016-07-29 10:00:00")]
    customers = tiers.with_earlier_recency(aggregate_customers(transactions(spark, rows)))
    sample = tiers.limit_sample(customers)
    rated = {
        row["customer_id"]: row
        for row in tiers.rate_customers(customers, tiers.limits_of(sample), tiers.typical_gap(sample)).collect()
    }
    assert rated["OFTEN"]["churn_risk"] > 0.99 > rated["ONCE"]["churn_risk"] > 0.5
    assert rated["LAST"]["churn_risk"] == 0.0
    assert float(rated["OFTEN"]["value_at_stake"]) == pytest.approx(1000 * rated["OFTEN"]["churn_risk"], abs=0.01)


def test_who_was_there_thirty_days_earlier_has_an_earlier_tier(by_id):
    assert by_id["C0"]["earlier_rfm_tier"] is None
    assert by_id["NEW"]["earlier_value_tier"] is None
    assert by_id["C9"]["earlier_rfm_tier"] == "Champions"


def test_profiles_cover_all_customers_of_each_scheme_in_order(groups):
    profiles = tiers.profile_rows(groups)
    for scheme in ("rfm", "value"):
        rows = profiles[profiles["scheme"] == scheme]
        assert rows["customers"].sum() == 11
        assert rows["share"].sum() == pytest.approx(1.0)
        assert rows["balance_share"].sum() == pytest.approx(1.0)
    assert list(profiles["tier"]) == [tier.name for tier in TIERS]
    assert (profiles["next_action"].str.len() > 0).all()


def test_migration_counts_every_customer_once_per_scheme(groups):
    moves = tiers.migration_rows(groups)
    assert moves.groupby("scheme")["customers"].sum().to_dict() == {"rfm": 11, "value": 11}
    new = moves[moves["from_tier"].isna() & (moves["scheme"] == "value")]
    assert new.set_index("to_tier")["customers"].to_dict()["Unrated"] == 1


def test_without_customers_there_are_no_tiers(spark):
    customers = tiers.with_earlier_recency(aggregate_customers(transactions(spark, [])))
    sample = tiers.limit_sample(customers)
    rated = tiers.rate_customers(customers, tiers.limits_of(sample), tiers.typical_gap(sample))
    assert rated.collect() == []
    assert tiers.profile_rows(tiers.tier_groups(rated)).empty
