"""Which days have values, which are gaps, and whether there are enough."""

import numpy as np
import pandas as pd
import pytest

from jobs.forecast.daily_history import BANK, OTHER_CITIES, daily_history, fill_gaps
from tests.forecast.daily_volume_rows import WEEK, volume, weekly

SUNDAYS = range(6, 140, 7)


def transactions(history):
    return history.values["transactions"][BANK]


def test_a_missing_day_is_unknown_and_not_zero():
    days = transactions(daily_history(volume(weekly(140), missing=[10])))

    assert len(days) == 140 and days.isna().sum() == 1 and np.isnan(days.iloc[10])


def test_a_weekday_on_which_the_bank_never_opens_counts_as_zero():
    history = daily_history(volume(weekly(140), missing=SUNDAYS))

    assert (transactions(history).iloc[list(SUNDAYS)[:-1]] == 0).all()
    assert (history.seen, history.expected, history.reason("transactions")) == (120, 120, "")


def test_a_missing_day_counts_as_zero_if_ordinary_days_have_few_transactions():
    history = daily_history(volume(weekly(140) / 50, missing=[10, 20]))

    assert transactions(history).iloc[[10, 20]].to_list() == [0.0, 0.0]
    assert history.reason("transactions") == ""


@pytest.mark.parametrize(("days", "horizon", "origins"), [(111, 0, 0), (112, 7, 8), (168, 14, 8), (280, 28, 8)])
def test_the_horizon_is_the_longest_that_leaves_room_for_eight_tests(days, horizon, origins):
    history = daily_history(volume(weekly(days)))

    found = (history.horizon, len(history.origins), bool(history.reason("amount")))
    assert found == (horizon, origins, horizon == 0)


def test_there_are_at_most_sixteen_tests_and_the_last_one_ends_on_the_last_day():
    origins = daily_history(volume(weekly(823))).origins

    assert (len(origins), origins[0], origins[-1]) == (16, 823 - 16 * 28, 823 - 28)


def test_the_reason_says_that_the_history_is_too_short():
    assert daily_history(volume(weekly(40))).reason("transactions") == (
        "There are transactions on 40 of the 40 days from 1 Feb 2016 to 11 Mar 2016. That is too short (a forecast and "
        "its test take 112 days), so nothing is forecast."
    )


def test_the_reason_says_that_the_history_has_too_many_gaps():
    missing = [day for day in range(1, 139) if day % 3 == 0]

    reason = daily_history(volume(weekly(140), missing=missing)).reason("amount")
    assert "on 94 of the 140 days" in reason
    assert "That is too irregular (46 ordinary days are missing), so nothing is forecast." in reason


def test_the_real_sample_is_too_short_and_too_irregular(shared):
    rows = pd.read_csv(shared / "bank_transactions_20k.csv")
    days = rows.groupby("TransactionDate").agg(
        transactions=("TransactionAmount (INR)", "size"),
        amount=("TransactionAmount (INR)", "sum"),
        balances=("CustAccountBalance", "count"),
        balance_sum=("CustAccountBalance", "sum"),
    )
    dated = days.reset_index().assign(
        transaction_date=lambda d: pd.to_datetime(d["TransactionDate"], dayfirst=True).dt.date, city="MUMBAI"
    )

    assert daily_history(dated).reason("transactions") == (
        "There are transactions on 38 of the 82 days from 1 Aug 2016 to 21 Oct 2016. That is too short (a forecast and "
        "its test take 112 days) and too irregular (44 ordinary days are missing), so nothing is forecast."
    )


def test_the_reason_says_that_there_are_no_transactions():
    assert daily_history(volume([])).reason("transactions") == "There are no transactions, so nothing is forecast."


def test_a_gap_is_filled_with_the_same_weekday_before_or_else_after():
    days = transactions(daily_history(volume(weekly(140), missing=[1, 17])))
    days.iloc[10] = 999.0

    filled = fill_gaps(days.to_frame())[BANK]

    assert days.iloc[:8].isna().sum() == 1 and (filled.iloc[1], filled.iloc[8]) == (WEEK[1], WEEK[1])
    assert filled.iloc[17] == 999.0


def test_cities_add_up_to_the_bank_and_small_ones_are_taken_together():
    sizes = {"PUNE": 1.0, "DELHI": 0.5, "JORHAT": 0.02, "DIMAPUR": 0.01}
    rows = pd.concat([volume(size * weekly(140), city=city) for city, size in sizes.items()])

    values = daily_history(rows).values["amount"]

    assert list(values) == [BANK, OTHER_CITIES, "DELHI", "PUNE"]
    assert values[BANK].to_list() == pytest.approx(values.drop(columns=BANK).sum(axis=1).to_list())
    assert values[OTHER_CITIES].iloc[0] == pytest.approx(0.03 * 10 * WEEK[0])


def test_a_city_without_transactions_on_a_day_has_a_true_zero():
    rows = pd.concat([volume(weekly(140), city="PUNE"), volume(weekly(140), city="DELHI", missing=[10])])

    assert daily_history(rows).values["transactions"]["DELHI"].iloc[10] == 0.0


def test_the_balance_is_the_mean_of_the_known_ones_and_has_a_reason_if_there_are_none():
    rows = volume(weekly(140))
    unknown = rows.assign(balances=0, balance_sum=0.0)

    assert daily_history(rows).values["balance"][BANK].unique().tolist() == [1000.0]
    assert (
        daily_history(unknown).reason("balance") == "The balance is unknown on 140 of 140 days, so it isn't forecast."
    )
    assert daily_history(unknown).reason("amount") == ""
