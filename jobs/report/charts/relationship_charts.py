"""How columns hang together, which tell most about an outcome, and where values lie far out."""

import pandas as pd
import plotly.graph_objects as go

from jobs.report.formatting import OUTCOMES, column, percent, sentence
from jobs.report.records import records
from jobs.report.theme import BLUE, GREY, ROW, VERMILION, bars, named_rows

_MEASURES = {"pearson": "Pearson (straight line)", "spearman": "Spearman (ranks)"}
_RULES = {"iqr": "beyond 1.5 box lengths (Tukey)", "mad": "beyond 3.5 deviations (median-based)"}


def correlations(pairs: pd.DataFrame, shown: int = 10) -> go.Figure:
    """The strongest pairs of numeric columns: Spearman (ranks) beside Pearson (straight line)."""
    rows = strongest(pairs, "spearman", shown)
    names, top = pair_names(rows), records(rows)[0]
    title = f"{sentence(column(top.column_a))} and {column(top.column_b)} are most correlated: {top.spearman:.2f}"
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
    """The strongest pairs of categorical columns by Cramér's V."""
    rows = strongest(pairs, "cramers_v", shown)
    top = records(rows)[0]
    title = f"{sentence(column(top.column_a))} and {column(top.column_b)} go together most: {top.cramers_v:.2f}"
    values = pd.Series(rows["cramers_v"].to_list(), index=pair_names(rows))
    return bars(title, values, [f"{value:.2f}" for value in values], "Cramér's V, 0 to 1")


def strongest(pairs: pd.DataFrame, measure: str, shown: int) -> pd.DataFrame:
    """The pairs with the largest absolute value of a measure, nulls left out."""
    known = pairs.dropna(subset=[measure])
    return known.loc[known[measure].abs().sort_values(ascending=False, kind="stable").index].head(shown)


def pair_names(pairs: pd.DataFrame) -> list[str]:
    """`first column, second column` on two lines, in words."""
    return [f"{column(row.column_a)},<br>{column(row.column_b)}" for row in records(pairs)]


def relevance(features: pd.DataFrame, dataset: str, shown: int = 15) -> go.Figure:
    """Share of the uncertainty about the outcome that each column removes; known only afterwards in red.

    Args:
        features: rows of feature_relevance of one data set.
        dataset: clients or credit.
        shown: number of columns drawn, the most telling ones.

    """
    rows = features.sort_values("rank").head(shown)
    usable = features[~features["known_afterwards"].astype(bool)].sort_values("rank")
    best = column(records(usable)[0].feature) if len(usable) else "nothing"
    title = f"Beforehand, {best} tells most about who {OUTCOMES[dataset]}"
    names = [
        column(row.feature) + ("<br><i>known only afterwards</i>" if row.known_afterwards else "")
        for row in records(rows)
    ]
    values = 100 * pd.Series(rows["uncertainty_removed"].to_list(), index=names)
    colors = [VERMILION if afterwards else BLUE for afterwards in rows["known_afterwards"]]
    drawn = bars(title, values, [f"{value:.1f} %" for value in values], "Uncertainty removed, %", colors)
    return drawn.update_layout(height=ROW * len(rows) + 136)


def outliers(rows: pd.DataFrame, shown: int = 12) -> go.Figure:
    """Share of values far out, by two robust rules, for the columns that have most."""
    known = rows[rows["low_bound"].notna() | rows["high_bound"].notna()]
    shares = known.pivot(index="column_name", columns="rule", values="share").reindex(columns=["iqr", "mad"])
    shares = shares.loc[shares.max(axis=1).sort_values(ascending=False).index].head(shown)
    title = (
        f"{sentence(column(str(shares.index.tolist()[0])))} has the most values far out: {percent(shares.max().max())}"
    )
    names = [column(str(name)) for name in shares.index]
    drawn = named_rows(title, names, "Share of the known values, %")
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
