"""The effects planted in the transactions can be found in the file."""

import csv
import json

import numpy as np
import pandas as pd
import pytest

from jobs.simulation.datasets import planted_effects, write
from jobs.simulation.datasets.customer_population import CITIES

ROWS, SEED = 100_000, 11
AMOUNT = "TransactionAmount (INR)"


@pytest.fixture(scope="module")
def transactions(tmp_path_factory):
    path = write("transactions", tmp_path_factory.mktemp("data"), ROWS, SEED)
    texts = pd.read_csv(path, dtype=str, keep_default_na=False)
    texts["day"] = pd.to_datetime(texts["TransactionDate"], format="%d-%m-%Y")
    texts["birth"] = pd.to_datetime(texts["CustomerDOB"], format="%d-%m-%Y", errors="coerce")
    return texts


def test_dates_run_forward_over_three_years(transactions):
    assert transactions["day"].is_monotonic_increasing
    assert str(transactions["day"].iloc[0].date()) == "2013-11-01"
    assert str(transactions["day"].iloc[-1].date()) == "2016-10-31"


def test_daily_counts_are_known_exactly(transactions):
    counted = transactions.groupby("day").size().reindex(planted_effects.days(), fill_value=0)

    assert counted.tolist() == planted_effects.daily_counts(ROWS, SEED).tolist()
    assert counted.sum() == ROWS


def test_counts_by_day_and_city_are_known_exactly(transactions):
    known = transactions[transactions["CustLocation"] != ""]
    city = known["CustLocation"].str.split(",").str[0].str.strip().str.upper()
    counted = known.groupby(["day", city]).size().unstack(fill_value=0).reindex(planted_effects.days(), fill_value=0)

    planted = planted_effects.city_counts(ROWS, SEED)
    for position, name in enumerate(CITIES):
        missing = planted[:, position].sum() - counted[name].sum()
        assert 0 <= missing <= planted_effects.DIRT["location_blank"].rows(ROWS), name
        assert (planted[:, position] - counted[name].to_numpy()).max() <= missing


def dispersion(rows):
    """Variance / mean of the daily counts around the plan; independent payments have 1."""
    expected = rows * planted_effects.volume_plan(SEED).expected().sum(axis=1)
    return np.mean((planted_effects.daily_counts(rows, SEED) - expected) ** 2 / expected)


def test_daily_counts_have_the_noise_of_independent_payments_and_more():
    assert dispersion(20_000) == pytest.approx(1.03, abs=0.12)
    assert 1.05 < dispersion(100_000) < 1.3
    assert 2 < dispersion(1_000_000) < 4


def test_what_was_planted_is_written_beside_the_file(tmp_path):
    path = write("transactions", tmp_path, 10, SEED)

    planted = json.loads(path.with_suffix(".planted.json").read_text())

    assert (planted["first_day"], planted["rows"], planted["seed"]) == ("2013-11-01", 10, SEED)
    assert set(planted["incidents"]) == {"outage", "city_outage", "level_shift"}
    assert planted["holidays"]["2015-11-11"]["name"] == "Diwali"
    assert 0.4 < planted["holidays"]["2015-11-11"]["factor"] < 0.6


def test_friday_is_busiest_and_sunday_quietest(transactions):
    by_weekday = transactions.groupby(transactions["day"].dt.weekday).size()
    relative = by_weekday / by_weekday.mean()

    assert relative.idxmax() == 4
    assert relative.idxmin() == 6
    assert relative.to_numpy() == pytest.approx(planted_effects.WEEKDAYS, abs=0.05)


def test_volume_grows_from_year_to_year(transactions):
    first, second = (transactions["day"].between(f"{y}-11-01", f"{y + 1}-10-31").sum() for y in (2013, 2014))

    assert 1.1 < second / first < 1.35


def test_november_is_busier_than_june_despite_growth(transactions):
    by_month = transactions.groupby(transactions["day"].dt.to_period("M")).size()

    assert by_month["2014-11"] > 1.15 * by_month["2015-06"]


def test_shops_are_quiet_on_diwali_and_busy_on_the_first_of_a_month():
    plan = planted_effects.volume_plan(SEED)
    on = plan.days.isin(pd.to_datetime(["2014-10-23", "2015-11-11", "2016-10-30"]))
    ordinary = (plan.days.day > 10) & (plan.days.day < 25) & ~on

    assert plan.effect("holiday", on, ordinary) == pytest.approx(0.54, abs=0.06)
    assert plan.effect("pay", plan.days.day == 1, ordinary) == pytest.approx(1.24, abs=0.03)


def test_a_customers_birth_date_gender_and_home_city_do_not_change(transactions):
    clean = transactions[transactions["birth"].notna() & (transactions["birth"] < transactions["day"])]
    clean = clean[(clean["CustGender"] != "") & (clean["CustLocation"] != "")]
    home = clean["CustLocation"].str.split(",").str[0].str.strip().str.upper()
    facts = clean.assign(home=home).groupby("CustomerID")[["birth", "CustGender", "home"]].nunique()

    assert facts.to_numpy().max() == 1


def test_a_few_customers_make_many_transactions_and_most_make_few(transactions):
    visits = transactions.groupby("CustomerID").size()

    assert 0.85 * ROWS / 5 < len(visits) <= planted_effects.customer_count(ROWS) == ROWS / 5
    assert visits.max() > 5 * np.sqrt(0.15 * ROWS / 5), "five times the root of a large city's customers"
    assert visits.median() < 5


def test_dirty_rows_are_counted_exactly(transactions):
    location, birth = transactions["CustLocation"], transactions["CustomerDOB"]
    counted = {
        "birth_1800": (birth == "1/1/1800").sum(),
        "birth_nan": (birth == "nan").sum(),
        "birth_after_transaction": (transactions["birth"] > transactions["day"]).sum(),
        "gender_blank": (transactions["CustGender"] == "").sum(),
        "location_blank": (location == "").sum(),
        "location_comma": location.str.contains(",").sum(),
        "location_untidy": (location.str.islower() & location.str.endswith(" ")).sum(),
        "balance_blank": (transactions["CustAccountBalance"] == "").sum(),
    }

    assert counted == {kind: dirt.rows(ROWS) for kind, dirt in planted_effects.DIRT.items()}
    assert counted["birth_1800"] == 6_250


def test_only_locations_with_a_comma_are_quoted(tmp_path):
    path = write("transactions", tmp_path, 10, SEED)
    *plain, comma = path.read_bytes().decode().split("\r\n")[1:11]

    assert not any('"' in line for line in plain)
    assert next(csv.reader([comma]))[4].count(", ") == 1
    assert comma.count('"') == 2


def test_times_lose_their_leading_zeros(transactions):
    times = transactions["TransactionTime"]

    assert times.str.fullmatch(r"0|[1-9]\d{0,5}").all()
    assert (times.str.len() < 6).any()
    assert times.str.zfill(6).str.fullmatch(r"([01]\d|2[0-3])[0-5]\d[0-5]\d").all()


def test_groups_differ_in_balance_amount_age_and_hour(transactions):
    found = _customers(transactions)
    medians = found.groupby(planted_effects.true_group(found.index, SEED)).median()
    assert len(medians) == len(planted_effects.GROUPS) == 5

    for position, group in enumerate(planted_effects.GROUPS):
        assert medians.loc[position, "balance"] == pytest.approx(np.log(group.balance), abs=0.05)
        assert medians.loc[position, "amount"] == pytest.approx(np.log(group.amount), abs=0.05)
        assert medians.loc[position, "age"] == pytest.approx(group.age, abs=0.5)
        assert medians.loc[position, "hour"] == pytest.approx(group.hour, abs=0.4)


def test_kmeans_finds_the_planted_groups(transactions):
    found = _customers(transactions).sample(5_000, random_state=0)
    points = ((found - found.mean()) / found.std())[["balance", "amount", "age"]].to_numpy()

    assert _adjusted_rand(_kmeans(points, 5), planted_effects.true_group(found.index, SEED)) > 0.95


def _customers(transactions):
    rows = pd.DataFrame(
        {
            "id": transactions["CustomerID"],
            "balance": np.log(pd.to_numeric(transactions["CustAccountBalance"])),
            "amount": np.log(pd.to_numeric(transactions[AMOUNT])),
            "age": (pd.Timestamp("2016-01-01") - transactions["birth"]).dt.days / 365.25,
            "hour": transactions["TransactionTime"].astype(int) // 10_000 + 0.5,
        }
    )
    return rows[rows["age"] > 0].groupby("id").median().dropna()


def _kmeans(points, k):
    """Lloyd's algorithm, best of 20 random starts (each from k-means++), seeded."""
    random, best = np.random.default_rng(0), (np.inf, None)
    for _ in range(20):
        centres = points[random.integers(len(points), size=1)]
        while len(centres) < k:
            squares = _squares(points, centres).min(axis=1)
            centres = np.vstack([centres, points[random.choice(len(points), p=squares / squares.sum())]])
        for _ in range(15):
            labels = _squares(points, centres).argmin(axis=1)
            centres = np.array([points[labels == label].mean(axis=0) for label in range(k)])
        best = min(best, (_squares(points, centres).min(axis=1).sum(), labels), key=lambda run: run[0])
    return best[1]


def _squares(points, centres):
    return ((points[:, None, :] - centres[None]) ** 2).sum(axis=2)


def _adjusted_rand(first, second):
    """Hubert and Arabie (1985)."""
    table = pd.crosstab(first, second).to_numpy()
    cells, rows, columns, total = (
        (counts * (counts - 1) / 2).sum() for counts in (table, table.sum(1), table.sum(0), np.array([len(first)]))
    )
    expected = rows * columns / total
    return (cells - expected) / ((rows + columns) / 2 - expected)
