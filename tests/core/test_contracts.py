"""Contracts: the roles of the columns."""

from dataclasses import replace

import pytest

from jobs.core.contracts import load_contract
from jobs.pipeline import DATASETS


def test_every_table_has_a_key():
    keys = {dataset: load_contract(dataset).key for dataset in DATASETS}

    assert keys == {
        "clients": "client_id",
        "credit": "client_id",
        "transactions": "transaction_id",
        "call_notes": "note_id",
    }


@pytest.mark.parametrize(
    ("dataset", "outcome", "positive"), [("clients", "subscribed", "yes"), ("credit", "defaulted", "1")]
)
def test_the_outcome_has_a_positive_value(dataset, outcome, positive):
    contract = load_contract(dataset)

    assert (contract.outcome.name, contract.positive) == (outcome, positive)


def test_a_contract_without_an_outcome_says_what_it_expected():
    with pytest.raises(ValueError, match=r'transactions\.toml: expected one column with role = "outcome", found 0'):
        _ = load_contract("transactions").outcome


def test_roles_divide_the_columns_of_clients():
    clients = load_contract("clients")

    assert clients.categories == (
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
    assert clients.numbers == ("age", "balance", "day", "duration", "campaign", "pdays", "previous")
    assert clients.with_role("money") == ("balance",)
    assert clients.known_afterwards == ("duration",)


def test_derived_columns_with_a_role_come_in_the_order_of_the_table():
    transactions = load_contract("transactions")

    assert transactions.numbers == ("age", "balance", "amount", "hour")
    assert transactions.with_role("category", "outcome") == ("gender", "weekday")


def test_derived_columns_without_a_role_are_in_no_analysis():
    credit = load_contract("credit")

    analysed = credit.with_role("key", "category", "number", "money", "outcome")
    assert set(analysed) == {column.name for column in credit.columns}


def test_personal_traits_are_protected():
    protected = {
        dataset: {column.name for column in load_contract(dataset).columns if column.protected} for dataset in DATASETS
    }

    assert protected == {
        "clients": {"age", "marital"},
        "credit": {"age", "sex", "marriage"},
        "transactions": {"gender"},
        "call_notes": set(),
    }


def test_only_one_column_may_be_the_outcome():
    clients = load_contract("clients")
    twice = replace(clients, columns=(*clients.columns, clients.outcome))

    with pytest.raises(ValueError, match="found 2"):
        _ = twice.outcome
