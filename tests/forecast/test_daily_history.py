"""Which days have values, which are gaps, and whether there are enough."""

import numpy as np
import pandas as pd
import pytest

from jobs.forecast.daily_history import daily_history, fill_gaps
from tests.forecast.daily_volume_rows import WEEK, volume, weekly

SUNDAYS = range(6, 140, 7)


def test_a_missing_day_is_unknown_and_not_zero():
    days = daily_history(volume(weekly(140), missing=[10])).days["transactions"]

    assert len(days) == 140 and days.isna().sum() == 1 and np.isnan(days.iloc[10])


def test_a_weekday_on_which_the_bank_never_opens_counts_as_zero():
    history = daily_history(volume(weekly(140), missing=SUNDAYS))

    assert (history.days["transactions"].iloc[list(SUNDAYS)[:-1]] == 0).all()
    assert (history.seen, history.expected, history.reason) == (120, 120, "")


def test_a_missing_day_counts_as_zero_if_ordinary_days_have_few_transactions():
    history = daily_history(volume(weekly(140) / 50, missing=[10, 20]))

    assert history.days["transactions"].iloc[[10, 20]].to_list() == [0.0, 0.0]
    assert history.reason == ""


@pytest.mark.parametrize(("days", "horizon", "origins"), [(111, 0, 0), (112, 7, 8), (168, 14, 8), (280, 28, 8)])
def test_the_horizon_is_the_longest_that_leaves_room_for_eight_tests(days, horizon, origins):
    history = daily_history(volume(weekly(days)))

    assert (history.horizon, len(history.origins), bool(history.reason)) == (horizon, origins, horizon == 0)


def test_there_are_at_most_sixteen_tests_and_the_last_one_ends_on_the_last_day():
    origins = daily_history(volume(weekly(823))).origins

    assert (len(origins), origins[0], origins[-1]) == (16, 823 - 16 * 28, 823 - 28)


def test_the_reason_says_that_the_history_is_too_short():
    assert daily_history(volume(weekly(40))).reason == (
        "There are transactions on 40 of the 40 days from 1 Feb 2016 to 11 Mar 2016. That is too short (a forecast and "
        "its test take 112 days), so nothing is forecast."
    )


def test_the_reason_says_that_the_history_has_too_many_gaps():
    missing = [day for day in range(1, 139) if day % 3 == 0]

    reason = daily_history(volume(weekly(140), missing=missing)).reason
    assert "on 94 of the 140 days" in reason
    assert "That is too irregular (46 ordinary days are missing), so nothing is forecast." in reason


def test_the_real_sample_is_too_short_and_too_irregular(shared):
    rows = pd.read_csv(shared / "bank_transactions_20k.csv")
    days = rows.groupby("TransactionDate")["TransactionAmount (INR)"].agg(transactions="size", amount="sum")
    dated = days.reset_index().assign(
        transaction_date=lambda d: pd.to_datetime(d["TransactionDate"], dayfirst=True).dt.date
    )

    assert daily_history(dated).reason == (
        "There are transactions on 38 of the 82 days from 1 Aug 2016 to 21 Oct 2016. That is too short (a forecast and "
        "its test take 112 days) and too irregular (44 ordinary days are missing), so nothing is forecast."
    )


def test_the_reason_says_that_there_are_no_transactions():
    assert daily_history(volume([])).reason == "There are no transactions, so nothing is forecast."


def test_a_gap_is_filled_with_the_same_weekday_before_or_else_after():
    days = daily_history(volume(weekly(140), missing=[1, 17])).days["transactions"]
    days.iloc[10] = 999.0

    filled = fill_gaps(days)

    assert days.iloc[:8].isna().sum() == 1 and (filled.iloc[1], filled.iloc[8]) == (WEEK[1], WEEK[1])
    assert filled.iloc[17] == 999.0
