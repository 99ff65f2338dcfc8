"""Correlations between columns, feature importance for an outcome, and outliers."""

import pandas as pd
import plotly.graph_objects as go

from jobs.report.formatting import column, percent, sentence
from jobs.report.records import records
from jobs.report.theme import BLUE, GREY, ROW, VERMILION, bars, named_rows

_MEASURES = {"pearson": "Pearson (linear)", "spearman": "Spearman (ranks)"}
_RULES = {"iqr": "IQR rule (beyond 1.5 IQR)", "mad": "MAD rule (modified z-score above 3.5)"}
_OUTCOME_NOUNS = {"clients": "subscription", "credit": "default"}


def correlations(pairs: pd.DataFrame, shown: int = 10) -> go.Figure:
    """Draw Spearman and Pearson correlations of the most strongly correlated pairs of numeric columns."""
    rows = strongest(pairs, "spearman", shown)
    names, top = pair_names(rows), records(rows)[0]
    title = (
        f"{sentence(column(top.column_a))} and {column(top.column_b)} "
        f"have the strongest correlation: {top.spearman:.2f}"
    )
    drawn = named_rows(title, names, "Correlation, -1 to 1")
    for name, color, symbol in (("spearman", BLUE, "circle"), ("pearson", GREY, "circle-open")):
        drawn.add_scatter(
            x=rows[name],
            y=names,
            mode="markers",
            name=_MEASURES[name],
            marker={"size": 10, "color": color, "symbol": symbol},
            hovertemplate="%{y}: %{x:.3f}<extra>" + name + "</extra>",
        )
    return drawn.update_layout(showlegend=True).update_xaxes(
        range=[-1.05, 1.05], zeroline=True, zerolinecolor="#9AA5B1"
    )


def associations(pairs: pd.DataFrame, shown: int = 10) -> go.Figure:
    """Draw Cramér's V of the most strongly associated pairs of categorical columns."""
    rows = strongest(pairs, "cramers_v", shown)
    top = records(rows)[0]
    title = (
        f"{sentence(column(top.column_a))} and {column(top.column_b)} "
        f"have the strongest association: {top.cramers_v:.2f}"
    )
    values = pd.Series(rows["cramers_v"].to_list(), index=pair_names(rows))
    return bars(title, values, [f"{value:.2f}" for value in values], "Cramér's V, 0 to 1")


def strongest(pairs: pd.DataFrame, measure: str, shown: int) -> pd.DataFrame:
    """Return the pairs with the largest absolute values of a measure, without nulls."""
    known = pairs.dropna(subset=[measure])
    return known.loc[known[measure].abs().sort_values(ascending=False, kind="stable").index].head(shown)


def pair_names(pairs: pd.DataFrame) -> list[str]:
    """Label each pair with both column names on two lines."""
    return [f"{column(row.column_a)},<br>{column(row.column_b)}" for row in records(pairs)]


def relevance(features: pd.DataFrame, dataset: str, shown: int = 15) -> go.Figure:
    """Draw how much of the uncertainty about the outcome each column explains; leaking columns are red.

    Args:
        features: rows of feature_relevance of one data set.
        dataset: clients or credit.
        shown: number of columns drawn, the most informative first.

    """
    rows = features.sort_values("rank").head(shown)
    usable = features[~features["known_afterwards"].astype(bool)].sort_values("rank")
    best = sentence(column(records(usable)[0].feature)) if len(usable) else "No column"
    title = f"{best} is the most informative column about {_OUTCOME_NOUNS[dataset]}"
    names = [
        column(row.feature) + ("<br><i>only known afterwards</i>" if row.known_afterwards else "")
        for row in records(rows)
    ]
    values = 100 * pd.Series(rows["uncertainty_removed"].to_list(), index=names)
    colors = [VERMILION if afterwards else BLUE for afterwards in rows["known_afterwards"]]
    axis = "Uncertainty explained, %"
    drawn = bars(title, values, [f"{value:.1f} %" for value in values], axis, colors)
    return drawn.update_layout(height=ROW * len(rows) + 136)


def outliers(rows: pd.DataFrame, shown: int = 12) -> go.Figure:
    """Draw the share of outliers by two robust rules, for the columns with the largest shares."""
    known = rows[rows["low_bound"].notna() | rows["high_bound"].notna()]
    shares = known.pivot(index="column_name", columns="rule", values="share").reindex(columns=["iqr", "mad"])
    shares = shares.loc[shares.max(axis=1).sort_values(ascending=False).index].head(shown)
    top = sentence(column(str(shares.index.tolist()[0])))
    title = f"{top} has the most outliers: {percent(shares.max().max())}"
    names = [column(str(name)) for name in shares.index]
    drawn = named_rows(title, names, "Share of known values, %")
    for rule, color, symbol in (("iqr", BLUE, "circle"), ("mad", GREY, "diamond-open")):
        drawn.add_scatter(
            x=100 * shares[rule],
            y=names,
            mode="markers",
            name=_RULES[rule],
            marker={"size": 10, "color": color, "symbol": symbol},
            hovertemplate="%{y}: %{x:.1f} %<extra></extra>",
        )
    return drawn.update_layout(showlegend=True).update_xaxes(rangemode="tozero")
