"""The rate of an outcome by category."""

import pandas as pd
import plotly.graph_objects as go

from jobs.report.formatting import category, column, percent, sentence
from jobs.report.records import highest, lowest, records
from jobs.report.theme import dots, large_groups, level, named_rows, share_axis, wrapped


def rates(feature_rates: pd.DataFrame, dataset: str) -> go.Figure:
    """Draw the rate of the outcome by category of one feature, with 95 % intervals and the number of clients.

    Args:
        feature_rates: rows of subscription_rates or default_rates of one feature.
        dataset: clients or credit.

    """
    rows = ordered(feature_rates)
    feature = feature_of(rows)
    names = wrapped(f"{category(dataset, feature, row.value)} ({row.row_count:,})" for row in records(rows))
    drawn = named_rows(rate_title(rows, dataset), names, share_axis(dataset))
    overall = 100 * feature_rates["positives"].sum() / feature_rates["row_count"].sum()
    return level(dots(drawn, rows, names), overall, f"all {overall:.1f} %")


def ordered(feature_rates: pd.DataFrame) -> pd.DataFrame:
    """Sort categories by descending rate and bands by value, without small groups."""
    rows = large_groups(feature_rates)
    is_band = bool((rows["kind"] == "band").any())
    return rows.sort_values("position") if is_band else rows.sort_values("rate", ascending=False, kind="stable")


def feature_of(rows: pd.DataFrame) -> str:
    """Return the feature of the first row."""
    return str(rows["feature"].tolist()[0])


def rate_title(rows: pd.DataFrame, dataset: str) -> str:
    """Name the category with the highest lower bound and the one with the lowest upper bound of the interval."""
    feature, most, least = feature_of(rows), highest(rows, "rate_low"), lowest(rows, "rate_high")
    return (
        f"{sentence(column(feature))}: {percent(most.rate)} for “{category(dataset, feature, most.value)}”, "
        f"{percent(least.rate)} for “{category(dataset, feature, least.value)}”"
    )
