"""Which days there are, which are holes, and whether they are enough."""

import numpy as np
import pandas as pd
import pytest

from jobs.forecast.history import filled, history
from tests.forecast.days import WEEK, volume, weekly

SUNDAYS = range(6, 140, 7)


def test_a_missing_day_is_not_known_and_not_zero():
    days = history(volume(weekly(140), missing=[10])).days["transactions"]

    assert len(days) == 140 and days.isna().sum() == 1 and np.isnan(days.iloc[10])


def test_a_weekday_on_which_the_bank_never_opens_has_true_zeros():
    known = history(volume(weekly(140), missing=SUNDAYS))

    assert (known.days["transactions"].iloc[list(SUNDAYS)[:-1]] == 0).all()
    assert (known.seen, known.expected, known.reason) == (120, 120, "")


def test_where_few_transactions_come_a_day_without_any_is_a_true_zero():
    known = history(volume(weekly(140) / 50, missing=[10, 20]))

    assert known.days["transactions"].iloc[[10, 20]].to_list() == [0.0, 0.0]
    assert known.reason == ""


@pytest.mark.parametrize(("days", "horizon", "origins"), [(111, 0, 0), (112, 7, 8), (168, 14, 8), (280, 28, 8)])
def test_the_longest_horizon_is_taken_that_leaves_room_for_eight_tests(days, horizon, origins):
    known = history(volume(weekly(days)))

    assert (known.horizon, len(known.origins), bool(known.reason)) == (horizon, origins, horizon == 0)


def test_the_last_test_ends_on_the_last_day_and_there_are_at_most_sixteen():
    origins = history(volume(weekly(823))).origins

    assert (len(origins), origins[0], origins[-1]) == (16, 823 - 16 * 28, 823 - 28)


def test_days_that_are_too_few_say_so_in_a_sentence():
    assert history(volume(weekly(40))).reason == (
        "There are transactions on 40 of the 40 days from 1 Feb 2016 to 11 Mar 2016. That is too short (a forecast and "
        "its test take 112 days), so nothing is forecast."
    )


def test_days_with_many_holes_say_so_in_a_sentence():
    holes = [place for place in range(1, 139) if place % 3 == 0]

    reason = history(volume(weekly(140), missing=holes)).reason
    assert "on 94 of the 140 days" in reason
    assert "That is too irregular (46 ordinary days are missing), so nothing is forecast." in reason


def test_the_real_sample_is_too_short_and_too_irregular(shared):
    rows = pd.read_csv(shared / "bank_transactions_20k.csv")
    days = rows.groupby("TransactionDate")["TransactionAmount (INR)"].agg(transactions="size", amount="sum")
    dated = days.reset_index().assign(
        transaction_date=lambda d: pd.to_datetime(d["TransactionDate"], dayfirst=True).dt.date
    )

    assert history(dated).reason == (
        "There are transactions on 38 of the 82 days from 1 Aug 2016 to 21 Oct 2016. That is too short (a forecast and "
        "its test take 112 days) and too irregular (44 ordinary days are missing), so nothing is forecast."
    )


def test_no_transactions_say_so():
    assert history(volume([])).reason == "There are no transactions, so nothing is forecast."


def test_a_hole_is_closed_by_the_same_weekday_before_or_else_after():
    days = history(volume(weekly(140), missing=[1, 17])).days["transactions"]
    days.iloc[10] = 999.0

    whole = filled(days)

    assert days.iloc[:8].isna().sum() == 1 and (whole.iloc[1], whole.iloc[8]) == (WEEK[1], WEEK[1])
    assert whole.iloc[17] == 999.0
