"""The classification models: champion, quality, profit, explanations, fairness and drift, by use case."""

from collections.abc import Hashable, Iterable
from typing import Any

import pandas as pd

from jobs.report import charts
from jobs.report.charts.model_charts import CANDIDATES, lift
from jobs.report.formatting import THIN, category, column, count, listed, percent, sentence
from jobs.report.records import highest, records
from jobs.report.report_tables import ReportTables
from jobs.report.results.model_results import models, newest
from jobs.report.sections.blocks import Block, Chart, Section, Table

EVALUATIONS = {
    "random_cv": "random cross-validation",
    "time_ordered": "trained on earlier calls, tested on later ones",
    "time_ordered_stable": "the same, stable columns only",
    "with_leaking_columns": "with columns only known afterwards (for comparison with the literature)",
}
METRICS = {
    "roc_auc": "ROC-AUC",
    "pr_auc": "PR-AUC",
    "ks": "KS",
    "brier": "Brier score",
    "accuracy": "Accuracy",
    "majority_accuracy": "Majority class",
    "f1": "F1",
    "recall": "Recall",
    "precision": "Precision",
}
DIFFERENCE = "equal_opportunity_difference"
SHAP_NOTE = (
    "Each dot is a client outside the training data; further right, the value raises the predicted probability more. "
    "Orange: high value, blue: low value, grey: category."
)
IMPORTANCE_NOTE = "How much the ROC-AUC drops when the values of one column are shuffled."
CALIBRATION_NOTE = "Well-calibrated probabilities lie on the dotted line; bars are 95 % intervals."
EFFECTS = {"raises": "raised", "lowers": "lowered"}
NO_CHAMPION = "There is no champion yet. Run: bankstack run models"


def subscription(tables: ReportTables) -> Section:
    """Show the model that predicts term-deposit subscriptions."""
    return _section(tables, "subscription", "clients", "Predicting term-deposit subscriptions")


def default(tables: ReportTables) -> Section:
    """Show the model that predicts credit-card defaults."""
    return _section(tables, "default", "credit", "Predicting credit-card defaults")


def _section(tables: ReportTables, use_case: str, dataset: str, title: str) -> Section:
    found = models(tables).get(use_case)
    if not found or not found["champion"]:
        return Section(f"model-{use_case}", title, empty=NO_CHAMPION)
    blocks = [
        *_charts(tables, use_case, dataset, found["champion"]["candidate"]),
        _metrics(tables.rows("model_metrics", use_case=use_case), dataset),
        *_fairness(tables, use_case, dataset),
        *_top_clients(tables, use_case, dataset),
        *_drift(tables, use_case, dataset),
    ]
    return Section(f"model-{use_case}", title, [*_lead(found), *_drift_warning(tables, use_case)], blocks)


def _charts(tables: ReportTables, use_case: str, dataset: str, candidate: str) -> list[Block]:
    champion = {"use_case": use_case, "evaluation": "random_cv", "candidate": candidate}
    metrics = tables.rows("model_metrics", use_case=use_case, evaluation="random_cv")
    tenths, curve = tables.rows("calibration", **champion), tables.rows("profit_curve", **champion)
    importances = tables.rows("importances", use_case=use_case)
    points = tables.rows("shap_points", use_case=use_case)
    return [
        Chart(charts.candidates(metrics), [dataset], half=True),
        Chart(charts.calibration(tenths), [dataset], CALIBRATION_NOTE, half=True),
        Chart(charts.profit(curve, dataset), [dataset], _lift(curve, dataset), half=True),
        Chart(charts.importances(importances), [dataset], IMPORTANCE_NOTE, half=True),
        Chart(charts.shap_values(points), [dataset], SHAP_NOTE),
    ]


def _lead(found: dict[str, Any]) -> list[str]:
    metrics, champion, challenger = found["random_cv"], found["champion"], found["challenger"]
    low, high = metrics["roc_auc_ci"]
    candidate = champion["candidate"]
    lead = [
        f"{sentence(CANDIDATES[candidate])} reaches a ROC-AUC of {metrics['roc_auc']:.3f} ({low:.3f} to {high:.3f}) on "
        "clients outside its training data: given one client with the outcome and one without, it ranks them correctly "
        f"{percent(metrics['roc_auc'], 0)} of the time.",
        f"Champion (the model in use): version {champion['version']}. Reason: {champion['reason']}.",
        f"Challenger (the best candidate of the latest training run): version {challenger['version']}. "
        f"Reason: {challenger['reason']}.",
    ]
    if candidate != "xgboost":
        lead.append("Reasons and SHAP values explain the XGBoost model of the same training run, a close second.")
    return [*lead, *_later(found)]


def _later(found: dict[str, Any]) -> list[str]:
    """Describe how much ROC-AUC is lost on later calls."""
    later = found["time_ordered"]
    if not later:
        return []
    lost = found["random_cv"]["roc_auc"] - later["roc_auc"]
    return [
        "Trained on the first 70 % of the calls and tested on the later ones, the best combination of model and "
        f"columns ({CANDIDATES[later['candidate']]}, {later['columns']}) reaches {later['roc_auc']:.3f}, which is "
        f"{lost:.3f} less. Rely on the ranking for the near future rather than on the probabilities."
    ]


def _drift_warning(tables: ReportTables, use_case: str) -> list[str]:
    rows = [row for row in records(newest(tables, "drift", use_case)) if row.warn]
    names = [f"{column(row.column_name)} ({row.value:.2f})" for row in rows]
    return [f"Warning: drift since the champion was trained in {listed(names)}."] if names else []


def _lift(curve: pd.DataFrame, dataset: str) -> str:
    return sentence("; ".join(lift(curve, share, dataset) for share in (0.1, 0.2, 0.4)) + ".")


def _metrics(metrics: pd.DataFrame, dataset: str) -> Table:
    by_metric = metrics.set_index(["evaluation", "candidate", "metric"]).to_dict("index")
    rows = [
        (
            EVALUATIONS[evaluation],
            CANDIDATES[name],
            *[_metric(by_metric[evaluation, name, metric]) for metric in METRICS],
        )
        for evaluation, name in metrics[["evaluation", "candidate"]].drop_duplicates().itertuples(index=False)
    ]
    note = (
        "In brackets: 95 % bootstrap interval. Accuracy, F1, recall and precision use the most profitable threshold. "
        "“Majority class” is the accuracy of always predicting the more frequent outcome."
    )
    header = ("Evaluation", "Candidate", *METRICS.values())
    return Table("Metrics of all candidates", header, rows, [dataset], note, folded=True)


def _metric(row: dict[Hashable, Any]) -> str:
    if pd.isna(row["value"]):
        return ""
    return f"{row['value']:.3f} ({row['low']:.3f}{THIN}to{THIN}{row['high']:.3f})"


def _fairness(tables: ReportTables, use_case: str, dataset: str) -> list[Block]:
    found = tables.rows("fairness", use_case=use_case)
    rows = [
        (
            row.attribute,
            row.group_name,
            row.clients,
            percent(row.selection_rate),
            percent(row.true_positive_rate) if pd.notna(row.true_positive_rate) else "",
            percent(row.false_positive_rate) if pd.notna(row.false_positive_rate) else "",
            f"{row.equal_opportunity_difference:+.2f}" if pd.notna(row.equal_opportunity_difference) else "too few",
        )
        for row in records(found)
    ]
    if not rows:
        return []
    header = (
        "Attribute",
        "Group",
        "Clients",
        "Selection rate",
        "True positive rate",
        "False positive rate",
        "Equal opportunity difference",
    )
    return [Table("Fairness by group", header, rows, [dataset], _fairness_note(found, use_case))]


def _fairness_note(found: pd.DataFrame, use_case: str) -> str:
    compared = found.dropna(subset=DIFFERENCE)
    groups = [(attribute, rows) for attribute, rows in compared.groupby("attribute") if len(rows) > 1]
    if not groups:
        return "No two groups have enough clients with the outcome to compare them."
    sentences = [worst_off(use_case, attribute, rows) for attribute, rows in groups]
    return f"{' '.join(sentences)} Whether that is acceptable is for the bank to decide."


def worst_off(use_case: str, attribute: object, groups: pd.DataFrame) -> str:
    """Name the worst-off group.

    For an offer, it is the group whose interested clients are missed most often; for a burden, the one whose
    reliable clients bear it most often.

    Args:
        use_case: subscription (an offer) or default (a burden).
        attribute: age or sex.
        groups: rows of `fairness` of that attribute.

    """
    if use_case == "subscription":
        worst, rates = highest(groups.assign(missed=-groups[DIFFERENCE]), "missed"), groups["true_positive_rate"]
        rate, text = worst.true_positive_rate, "“{}” would-be subscribers are called least often: {}"
    else:
        worst, rates = highest(groups, "false_positive_rate"), groups["false_positive_rate"]
        rate, text = worst.false_positive_rate, "“{}” clients who would pay have their limit lowered most often: {}"
    gap = 100 * float(rates.max() - rates.min())
    finding = text.format(worst.group_name, percent(rate))
    return f"By {attribute}, {finding}, {gap:.1f} percentage points from the best-off group."


def _top_clients(tables: ReportTables, use_case: str, dataset: str) -> list[Block]:
    found = tables.rows("top_clients", use_case=use_case)
    rows = [(count(row.client_id), percent(row.probability), in_words(dataset, row.reasons)) for row in records(found)]
    title = {"subscription": "Highest subscription propensity", "default": "Highest default probability"}[use_case]
    note = "The clients with the highest predicted probabilities, and the values that raise or lower each one most."
    header = ("Client", "Probability", "Main reasons")
    return [Table(title, header, rows, [dataset], note)] if rows else []


def in_words(dataset: str, reasons: Iterable[str]) -> str:
    """Make reasons readable: `pay_0 = 2 raises it` -> `raised by repayment in Sep “2 months late”`."""
    values: dict[str, list[str]] = {}
    for reason in reasons:
        condition, effect, _it = reason.rsplit(" ", 2)
        name, _, value = condition.partition(" = ")
        values.setdefault(effect, []).append(f"{column(name)} “{category(dataset, name, value)}”")
    return "; ".join(f"{EFFECTS[effect]} by {listed(found)}" for effect, found in values.items())


def _drift(tables: ReportTables, use_case: str, dataset: str) -> list[Block]:
    rows = [
        (row.measure, column(row.column_name), f"{row.value:.3f}", f"{row.level:.2f}", "drift" if row.warn else "ok")
        for row in records(newest(tables, "drift", use_case))
    ]
    header = ("Kind", "Column", "Value", "Warning level", "Status")
    note = (
        "Features and score: population stability index, the difference between today's distribution and the one in "
        "training. Label: change of the outcome's rate."
    )
    title = "Drift since the champion was trained"
    return [Table(title, header, rows, [dataset], note, folded=True)] if rows else []
