"""Which columns become features."""

import pytest

from jobs.core.contracts import load_contract
from jobs.core.errors import BankError
from jobs.models.use_cases import USE_CASES, allowed_features, model_inputs, source_columns

CLIENTS, CREDIT = USE_CASES["subscription"], USE_CASES["default"]


def test_the_contract_names_key_outcome_and_positive_value():
    assert (CLIENTS.key, CLIENTS.outcome, CLIENTS.positive) == ("client_id", "subscribed", "yes")
    assert (CREDIT.key, CREDIT.outcome, CREDIT.positive) == ("client_id", "defaulted", "1")


def test_columns_known_afterwards_are_no_features_and_nothing_is_derived_from_them():
    assert CLIENTS.known_afterwards == ("duration",)
    assert "duration" not in source_columns(CLIENTS)
    assert not any("duration" in formula for formula in allowed_features(CLIENTS).derived.values())


def test_columns_known_afterwards_are_features_of_the_comparison():
    assert "duration" in allowed_features(CLIENTS, afterwards=True).names


def test_key_and_outcome_are_no_features():
    assert not {"client_id", "subscribed"} & set(allowed_features(CLIENTS).names)


@pytest.mark.parametrize("use_case", USE_CASES.values(), ids=lambda use_case: use_case.name)
def test_fairness_compares_groups_of_protected_columns(use_case):
    protected = {column.name for column in load_contract(use_case.table).columns if column.protected}
    assert use_case.groups and set(use_case.groups) <= protected


def test_the_features_of_clients_keep_their_order():
    """The order decides folds and models: champions trained before stay comparable."""
    features = allowed_features(CLIENTS)
    assert features.categories == (
        "job",
        "marital",
        "education",
        "in_default",
        "housing",
        "loan",
        "contact",
        "month",
        "poutcome",
    )
    assert features.numbers == ("age", "balance", "day", "campaign", "pdays", "previous")
    assert list(features.derived) == ["day_of_year", "earlier_contact_day", "earlier_contact_season"]


def test_the_features_of_credit_clients_keep_their_order():
    features = allowed_features(CREDIT)
    status = ("pay_0", "pay_2", "pay_3", "pay_4", "pay_5", "pay_6")
    bills = tuple(f"bill_amt{month}" for month in range(1, 7))
    payments = tuple(f"pay_amt{month}" for month in range(1, 7))
    assert features.categories == ("sex", "education", "marriage")
    assert features.numbers == ("credit_limit", "age", *status, *bills, *payments)
    assert list(features.derived)[:5] == ["months_late", "worst_status", "lateness", "used_1", "used_2"]


def test_the_day_of_year_counts_months_of_31_days(spark):
    formula = CLIENTS.derived["day_of_year"]
    days = spark.sql("SELECT 'jan' AS month, 1D AS day UNION ALL SELECT 'mar', 5D").selectExpr(formula).collect()
    assert [row[0] for row in days] == [32.0, 98.0]


def test_inputs_have_the_types_of_the_model(spark):
    rows = spark.range(1).selectExpr("'retired' AS job", "33 AS age")
    assert model_inputs(rows, CLIENTS, ["job", "age"]).dtypes == [("job", "string"), ("age", "double")]


def test_a_missing_input_column_is_an_error(spark):
    rows = spark.range(1).selectExpr("'retired' AS job", "33 AS age")
    with pytest.raises(BankError, match="table clients lacks balance, which the model for subscription was trained on"):
        model_inputs(rows, CLIENTS, ["job", "age", "balance"])
