"""What the generator plants is found: holidays, pay days, outages, a level shift; and no forecast beats the noise.

The generator doesn't share code or functional forms with the forecast; see jobs/simulation/datasets/volume_plan.py.
"""

import numpy as np
import pandas as pd
import pytest

from jobs.forecast.backtest import forecast_series
from jobs.forecast.calendar_effects import EVE, OTHER_HOLIDAYS, bank_effects, fit_calendar, log_volume
from jobs.forecast.daily_history import BANK, daily_history, fill_gaps
from jobs.forecast.volume_anomalies import find_anomalies
from jobs.simulation.datasets.daily_volume import city_volume, make_cities
from jobs.simulation.datasets.volume_plan import plan_volume

SEED, TRANSACTIONS = 1, 1_500_000


@pytest.fixture(scope="module")
def plan():
    return plan_volume(make_cities(6), "2013-11-01", "2016-10-31", SEED)


@pytest.fixture(scope="module")
def history(plan):
    return daily_history(city_volume(plan, TRANSACTIONS, SEED))


@pytest.fixture(scope="module")
def calendar(history):
    return fit_calendar(log_volume(fill_gaps(history.values["transactions"])), 0)


@pytest.fixture(scope="module")
def anomalies(history, calendar):
    return find_anomalies(history.values["transactions"], calendar)


@pytest.fixture(scope="module")
def found(history):
    """All tables about the number of transactions."""
    return forecast_series(history, "transactions", SEED)


def test_holidays_and_pay_days_lie_within_their_intervals(plan, history, calendar):
    logs = log_volume(fill_gaps(history.values["transactions"]))[[BANK]]
    planted = plan.calendar_factors()

    rows = bank_effects(logs, calendar.clean[[BANK]]).set_index("effect").drop([EVE, OTHER_HOLIDAYS], errors="ignore")
    rows = rows[rows.index.isin(planted)]
    inside = [row.factor_low <= planted[name] <= row.factor_high for name, row in rows.iterrows()]

    assert len(rows) >= 28 and np.mean(inside) >= 0.85, "of 95 % intervals; six seeds have 92 %"
    assert rows.at["Diwali", "factor"] == pytest.approx(planted["Diwali"], abs=0.05)
    assert rows.at["day 1", "factor"] == pytest.approx(planted["day 1"], abs=0.04)


def test_the_outage_of_the_whole_bank_is_flagged_and_excluded(plan, anomalies):
    day = pd.Timestamp(plan.dates["outage"])

    row = anomalies[(anomalies["city"] == BANK) & (anomalies["first_day"] == day)].iloc[0]

    assert (row["kind"], row["last_day"], row["excluded"]) == ("outage", day, True)
    assert row["change"] == pytest.approx(-0.65, abs=0.08)


def test_the_outage_of_one_city_is_flagged_for_its_two_days(plan, anomalies):
    day = pd.Timestamp(plan.dates["city_outage"])

    row = anomalies[(anomalies["city"] == "CITY 02") & (anomalies["first_day"] == day)].iloc[0]

    assert (row["kind"], row["last_day"]) == ("outage", day + pd.Timedelta(days=1))
    assert not ((anomalies["city"] == BANK) & (anomalies["first_day"] == day)).any()


def test_the_level_shift_is_flagged_in_its_city_and_nowhere_else(plan, anomalies):
    shifts = anomalies[anomalies["kind"] == "level shift"]

    assert shifts["city"].to_list() == ["CITY 01"] and not shifts["excluded"].any()
    assert abs((shifts["first_day"].iloc[0] - pd.Timestamp(plan.dates["level_shift"])).days) <= 3
    assert shifts["change"].iloc[0] == pytest.approx(-0.35, abs=0.05)


def test_few_ordinary_days_are_anomalies(plan, history, anomalies):
    planted = {plan.dates["outage"], plan.dates["city_outage"]}
    days = anomalies[anomalies["kind"] != "level shift"]
    others = days[~days["first_day"].dt.strftime("%Y-%m-%d").isin(planted)]

    assert len(others) < 0.001 * history.values["transactions"].size


def test_the_best_method_beats_the_naive_and_not_the_noise(plan, found):
    best = found["forecast_scores"].iloc[0]
    tested = found["forecast_backtest"].query("city == '' and method == @best.method and reconciliation == 'none'")
    expected = pd.Series(plan.expected().sum(axis=1) * TRANSACTIONS, index=plan.days)[tested["transaction_date"]]
    known_plan = (2 * (tested["actual"] - expected.to_numpy()).abs() / (tested["actual"] + expected.to_numpy())).mean()

    assert best["error_to_naive_high"] < 0.7
    assert known_plan < best["smape"] < 2 * known_plan, "who knows the plan has the error of the noise alone"


def test_the_intervals_cover_as_often_as_they_say(found):
    published = found["forecast_reconciliation"].query("published")
    days = published.set_index("level")["days"]

    for level in (80, 95):
        pooled = (published.set_index("level")[f"coverage_{level}"] * days).sum() / days.sum()
        assert pooled == pytest.approx(level / 100, abs=0.03)


def test_the_coming_holiday_is_named(found):
    named = found["volume_forecast"].query("city == ''").set_index("transaction_date")["holiday"].dropna()

    assert {str(day.date()): name for day, name in named.items()} == {"2016-11-14": "Guru Nanak's Birthday"}
