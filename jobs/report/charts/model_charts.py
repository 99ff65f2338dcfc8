"""Models: how well candidates rank, what acting brings, whether probabilities hold, and which columns matter."""

import pandas as pd
import plotly.graph_objects as go

from jobs.report.formatting import UNITS, column, count, money, percent, sentence
from jobs.report.records import highest, records
from jobs.report.theme import BLUE, GREY, VERMILION, bars, figure, named_rows

CANDIDATES = {
    "logistic": "logistic regression",
    "forest": "random forest",
    "boosting": "boosted trees",
    "xgboost": "XGBoost",
    "average": "their average",
}
SHOWN = 10  # columns in a picture of importances


def candidates(metrics: pd.DataFrame) -> go.Figure:
    """ROC-AUC of each candidate with its interval: rows of model_metrics of one evaluation."""
    rows = metrics[metrics["metric"] == "roc_auc"].sort_values("value", ascending=False)
    best = highest(rows, "value")
    names = [CANDIDATES[name] for name in rows["candidate"]]
    drawn = named_rows(
        f"{sentence(CANDIDATES[best.candidate])} ranks best: ROC-AUC {best.value:.3f}",
        names,
        "ROC-AUC (bar: 95 % interval)",
    )
    error = {
        "array": rows["high"] - rows["value"],
        "arrayminus": rows["value"] - rows["low"],
        "thickness": 1.6,
        "width": 4,
    }
    texts = [f" {value:.3f}" for value in rows["value"]]
    drawn.add_scatter(
        x=rows["value"],
        y=names,
        mode="markers",
        marker={"size": 9},
        error_x=error,
        hovertemplate="%{y}: %{x:.4f}<extra></extra>",
    )
    drawn.add_scatter(
        x=rows["high"],
        y=names,
        mode="text",
        text=texts,
        textposition="middle right",
        hoverinfo="skip",
        cliponaxis=False,
    )
    margin = 0.35 * float(rows["high"].max() - rows["low"].min())
    return drawn.update_xaxes(range=[rows["low"].min() - margin / 3, rows["high"].max() + margin])


def calibration(tenths: pd.DataFrame) -> go.Figure:
    """Predicted against observed rates: rows of calibration of one candidate and evaluation."""
    rows = tenths.sort_values("tenth")
    top = records(rows)[-1]
    drawn = figure(
        f"Of the highest tenth {percent(top.observed)} came true, {percent(top.predicted)} were predicted",
        *(340, "Predicted, %", "Came true, %"),
    )
    end = 100 * max(rows["predicted"].max(), rows["observed"].max())
    drawn.add_scatter(x=[0, end], y=[0, end], mode="lines", line={"color": GREY, "dash": "dot"}, hoverinfo="skip")
    drawn.add_scatter(
        x=100 * rows["predicted"],
        y=100 * rows["observed"],
        mode="lines+markers",
        line={"color": BLUE},
        error_y={
            "array": 100 * (rows["observed_high"] - rows["observed"]),
            "arrayminus": 100 * (rows["observed"] - rows["observed_low"]),
            "thickness": 1,
        },
        hovertemplate="%{x:.1f} % predicted, %{y:.1f} % came true<extra></extra>",
    )
    return drawn


def profit(curve: pd.DataFrame, dataset: str) -> go.Figure:
    """What acting on the best N clients brings: rows of profit_curve of one candidate and evaluation."""
    rows = curve.sort_values("share")
    best = highest(rows, "profit")
    drawn = figure(
        f"Acting on the best {percent(best.share, 0)} brings most: {money(best.profit, dataset)}",
        *(340, "Clients acted on, % (best scores first)", f"Profit, {UNITS[dataset]}"),
    )
    drawn.add_scatter(
        x=100 * rows["share"],
        y=rows["profit"],
        mode="lines",
        line={"color": BLUE},
        hovertemplate="%{x:.0f} %: %{y:,.0f}<extra></extra>",
    )
    drawn.add_scatter(
        x=[100 * best.share], y=[best.profit], mode="markers", marker={"size": 10, "color": VERMILION}, hoverinfo="skip"
    )
    return drawn


def importances(found: pd.DataFrame) -> go.Figure:
    """Fall of ROC-AUC by shuffled column, the largest first."""
    rows = found.dropna(subset=["permutation"]).sort_values("permutation", ascending=False).head(SHOWN)
    first = records(rows)[0]
    values = pd.Series(rows["permutation"].to_numpy(), index=[column(name) for name in rows["column_name"]])
    title = f"Without {column(first.column_name)} the model would lose most: {first.permutation:.3f}"
    return bars(title, values, [f"{value:.3f}" for value in values], "Fall of ROC-AUC when shuffled")


def shap_values(points: pd.DataFrame) -> go.Figure:
    """SHAP values of single clients by feature, coloured by the feature's value where that is a number."""
    strength = points["contribution"].abs().groupby(points["column_name"]).mean().sort_values(ascending=False)
    names = list(strength.head(SHOWN).index)
    drawn = named_rows(
        f"{sentence(column(names[0]))} moves single scores most",
        [column(name) for name in names],
        "SHAP value, log-odds (right raises the probability)",
    )
    for name in names:
        rows = points[points["column_name"] == name]
        numbers = rows["level"].notna().all()
        color = {"color": rows["level"], "colorscale": [[0, BLUE], [1, VERMILION]]} if numbers else {"color": GREY}
        drawn.add_scatter(
            x=rows["contribution"].round(3),
            y=[column(name)] * len(rows),
            mode="markers",
            marker={"size": 5, "opacity": 0.5, **color},
            customdata=rows["value"],
            hovertemplate=f"{column(name)} = %{{customdata}}: %{{x}}<extra></extra>",
        )
    return drawn


def in_short(curve: pd.DataFrame, share: float, dataset: str) -> str:
    """`The best 9,042 (20 %) hold 59 % …` at about this share."""
    row = records(curve.assign(far=(curve["share"] - share).abs()).sort_values("far"))[0]
    everyone = float(curve["positives"].max())
    held = percent(row.positives / max(everyone, 1), 0)
    brings = f"bring {money(row.profit, dataset)}"
    return f"the best {count(row.clients)} ({percent(row.share, 0)}) hold {held} of those with the outcome and {brings}"
