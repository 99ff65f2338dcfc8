"""Example rows of the tables that the report reads."""

from datetime import date, datetime

import pandas as pd
import pytest

from jobs.report.report_tables import ReportTables

RATES = ["feature", "kind", "position", "value", "row_count", "positives", "rate", "rate_low", "rate_high"]


def load(dataset, file, source, rows_in, rejected, nulled):
    return {
        "dataset": dataset,
        "sha256": dataset[0] * 64,
        "run_date": date(2026, 1, 31),
        "file": file,
        "source": source,
        "bytes": 1000,
        "rows_in": rows_in,
        "rows_loaded": rows_in - rejected,
        "rows_rejected": rejected,
        "nulled": nulled,
        "loaded_at": datetime(2026, 1, 31, 2, 0),
    }


def answer(question, key, name, clients, value, agrees=True):
    return {
        "question": question,
        "key": key,
        "name": name,
        "clients": clients,
        "total": value,
        "streaming": value,
        "spark": value,
        "agrees": agrees,
    }


LOADS = pd.DataFrame(
    [
        load("call_notes", "synthetic_call_notes.csv", "synthetic", 50, 0, {}),
        load("clients", "bank.csv", "real", 100, 2, {}),
        load("credit", "UCI_Credit_Card.csv", "real", 200, 0, {"age": 2}),
        load("transactions", "synthetic_transactions.csv", "synthetic", 30, 0, {}),
    ]
)
SUBSCRIPTION = pd.DataFrame(
    [
        ("job", "category", 1, "retired", 40, 16, 0.40, 0.26, 0.55),
        ("job", "category", 2, "student", 1, 1, 1.00, 0.21, 1.00),
        ("job", "category", 3, "blue-collar", 59, 3, 0.05, 0.02, 0.14),
        ("duration", "band", 1, "0 to 99", 50, 1, 0.02, 0.00, 0.10),
        ("duration", "band", 2, "100 to 900", 50, 19, 0.38, 0.26, 0.52),
    ],
    columns=RATES,
).assign(known_afterwards=lambda rows: rows["feature"] == "duration")
DEFAULT = pd.DataFrame(
    [
        ("pay_0", "category", 1, "-1", 150, 15, 0.10, 0.06, 0.16),
        ("pay_0", "category", 2, "2", 50, 35, 0.70, 0.56, 0.81),
        ("sex", "category", 1, "1", 80, 24, 0.30, 0.21, 0.41),
        ("sex", "category", 2, "2", 120, 26, 0.22, 0.15, 0.30),
    ],
    columns=RATES,
).assign(known_afterwards=False)
RELEVANCE = pd.DataFrame(
    [
        ("clients", "subscribed", "duration", 1, 2, 0.09, 0.20, True),
        ("clients", "subscribed", "job", 2, 3, 0.02, 0.05, False),
        ("credit", "defaulted", "pay_0", 1, 2, 0.11, 0.15, False),
        ("credit", "defaulted", "sex", 2, 2, 0.01, 0.01, False),
    ],
    columns=[
        "dataset",
        "label",
        "feature",
        "rank",
        "bins",
        "mutual_information",
        "uncertainty_removed",
        "known_afterwards",
    ],
)
MONTHS = pd.DataFrame(
    [(3, "mar", 20, 10, 0.50, 0.30, 0.70), (5, "may", 80, 10, 0.125, 0.07, 0.21)],
    columns=["month_number", "month", "contacts", "subscribed", "rate", "rate_low", "rate_high"],
)
AGES = pd.DataFrame(
    [
        ("clients", 1, "under 25", 40, 12, 0.30, 0.18, 0.45, 500.0),
        ("clients", 2, "25-34", 60, 8, 0.13, 0.07, 0.24, 900.0),
        ("credit", 1, "under 25", 50, 20, 0.40, 0.28, 0.54, 60000.0),
        ("credit", 7, "unknown", 150, 30, 0.20, 0.14, 0.27, 90000.0),
        ("transactions", 2, "25-34", 30, None, None, None, None, 250.0),
    ],
    columns=[
        "dataset",
        "position",
        "age_band",
        "row_count",
        "positives",
        "rate",
        "rate_low",
        "rate_high",
        "mean_money",
    ],
)
DAYS = pd.DataFrame(
    [(date(2016, 8, 1), 1, 20, 5000.0), (date(2016, 8, 6), 6, 10, 2500.0)],
    columns=["transaction_date", "weekday", "transactions", "amount"],
)
CITIES = pd.DataFrame(
    [("MUMBAI", 18, 3000.0, 1, 2), ("NEW DELHI", 12, 4500.0, 2, 1)],
    columns=["city", "transactions", "amount", "rank_by_count", "rank_by_amount"],
)
TERMS = pd.DataFrame(
    [("card", 1, 20, 0.4, 25), ("loan", 2, 10, 0.2, 11)], columns=["term", "rank", "notes", "share", "occurrences"]
)
TOPICS = pd.DataFrame(
    [
        (1, 1, "card", 0.2, 30, 0.6),
        (1, 2, "blocked", 0.1, 30, 0.6),
        (2, 1, "loan", 0.3, 20, 0.4),
        (2, 2, "rate", 0.2, 20, 0.4),
    ],
    columns=["topic", "rank", "term", "weight", "notes", "share"],
)
CORRELATIONS = pd.DataFrame(
    [
        ("clients", "age", "balance", 98, 0.10, 0.12),
        ("clients", "campaign", "previous", 98, -0.03, -0.62),
        ("clients", "age", "day", 98, None, None),
    ],
    columns=["dataset", "column_a", "column_b", "row_count", "pearson", "spearman"],
)
ASSOCIATIONS = pd.DataFrame(
    [("clients", "job", "education", 98, 3, 3, 55.0, 0.46), ("clients", "job", "loan", 98, 3, 1, 0.0, None)],
    columns=[
        "dataset",
        "column_a",
        "column_b",
        "row_count",
        "categories_a",
        "categories_b",
        "chi_squared",
        "cramers_v",
    ],
)
OUTLIERS = pd.DataFrame(
    [
        ("transactions", "amount", "iqr", 30, -10.0, 900.0, 0, 3, 3, 0.10),
        ("transactions", "amount", "mad", 30, -90.0, 990.0, 0, 2, 2, 0.067),
        ("transactions", "balance", "mad", 30, None, None, 0, 0, 0, 0.0),
    ],
    columns=[
        "dataset",
        "column_name",
        "rule",
        "row_count",
        "low_bound",
        "high_bound",
        "below",
        "above",
        "outlier_count",
        "share",
    ],
)
PROFILES = pd.DataFrame(
    [
        ("clients", 1, "age", "int", 98, 0, 0.0, 60, "18", "95", 41.0, 10.0, 25.0, 33.0, 39.0, 49.0, 59.0),
        ("credit", 6, "age", "int", 200, 2, 0.01, 56, "21", "79", 35.5, 9.0, 23.0, 28.0, 34.0, 41.0, 53.0),
    ],
    columns=[
        "dataset",
        "position",
        "column_name",
        "type",
        "row_count",
        "null_count",
        "null_share",
        "distinct_count",
        "minimum",
        "maximum",
        "mean",
        "stddev",
        "p05",
        "p25",
        "p50",
        "p75",
        "p95",
    ],
)
ANSWERS = pd.DataFrame(
    [
        answer("balance_by_job", "retired", "count", 40, 40.0),
        answer("balance_by_job", "retired", "mean", 40, 2319.1912857142857),
        answer("balance_by_job", "blue-collar", "count", 58, 58.0),
        answer("balance_by_job", "blue-collar", "mean", 58, 1085.5),
        answer("housing_by_education", "primary", "yes", 98, 60.0),
        answer("housing_by_education", "primary", "no", 98, 38.0),
        answer("contacts_by_month", "may", "contacts", 80, 80.0),
        answer("contacts_by_month", "may", "subscribed", 80, 10.0),
        answer("contacts_by_month", "mar", "contacts", 18, 18.0),
        answer("contacts_by_month", "mar", "subscribed", 18, 9.0),
        answer("duration_by_poutcome", "failure", "count", 98, 98.0),
        answer("duration_by_poutcome", "failure", "mean", 98, 254.38),
        answer("balance_by_age", "100", "count", 48, 48.0),
        answer("balance_by_age", "100", "mean", 48, 700.0),
        answer("balance_by_age", "33", "count", 50, 50.0),
        answer("balance_by_age", "33", "mean", 50, 1200.0),
    ]
)
REASONS = pd.DataFrame(
    [("clients", "age: expected int", 1), ("clients", "month: is blank", 1)], columns=["dataset", "reason", "row_count"]
)
EXAMPLES = pd.DataFrame(
    [("clients", "bank.csv", 7, "abc;<script>alert(1)</script>", "age: expected int, found 'abc'")],
    columns=["dataset", "file", "line", "raw", "reasons"],
)


@pytest.fixture
def tables() -> ReportTables:
    """Tables of a small bank: clients and credit are real, transactions and call notes synthetic."""
    frames = {
        "load_runs": LOADS,
        "rejected_reasons": REASONS,
        "rejected_examples": EXAMPLES,
        "subscription_rates": SUBSCRIPTION,
        "default_rates": DEFAULT,
        "feature_relevance": RELEVANCE,
        "month_patterns": MONTHS,
        "age_patterns": AGES,
        "daily_volume": DAYS,
        "city_totals": CITIES,
        "note_terms": TERMS,
        "note_topics": TOPICS,
        "correlations": CORRELATIONS,
        "associations": ASSOCIATIONS,
        "outliers": OUTLIERS,
        "column_profiles": PROFILES,
        "mapreduce_answers": ANSWERS,
    }
    return ReportTables(
        date(2026, 1, 31), frames, {"ingest.clients": 12.5, "report.build": 3.25}, {"bankstack": "0.1.0"}
    )
