"""The models of both use cases: who is champion, how good it is, what it brings, why it says so, whether it holds."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from jobs.report import charts
from jobs.report.charts.model_charts import CANDIDATES, in_short
from jobs.report.formatting import category, column, count, listed, percent, sentence
from jobs.report.records import highest, records
from jobs.report.report_tables import Facts
from jobs.report.results.model_results import models, newest
from jobs.report.sections.blocks import Block, Chart, Section, Table

EVALUATIONS = {
    "random_cv": "clients drawn at random",
    "time_ordered": "the later calls, trained on the earlier",
    "time_ordered_stable": "the later calls, without columns that do not hold over time",
    "with_leaking_columns": "with columns known only afterwards: for comparison with the literature only",
}
METRICS = ("roc_auc", "pr_auc", "ks", "brier", "accuracy", "majority_accuracy", "f1", "recall", "precision")
TITLES = ("ROC-AUC", "PR-AUC", "KS", "Brier", "Accuracy", "Majority", "F1", "Recall", "Precision")


def subscription(facts: Facts) -> Section:
    """The model of term-deposit subscription."""
    return _section(facts, "subscription", "clients", "Can a subscription be told beforehand?")


def default(facts: Facts) -> Section:
    """The model of default."""
    return _section(facts, "default", "credit", "Can a default be told beforehand?")


def _section(facts: Facts, use_case: str, dataset: str, title: str) -> Section:
    found = models(facts).get(use_case)
    if not found or not found["champion"]:
        return Section(f"model-{use_case}", title, empty="There is no champion yet: python -m jobs run models.")
    name = found["champion"]["candidate"]
    mine = {"use_case": use_case, "evaluation": "random_cv", "candidate": name}
    metrics, curve = facts.table("model_metrics", use_case=use_case), facts.table("profit_curve", **mine)
    blocks: list[Block] = [
        Chart(charts.candidates(metrics[metrics["evaluation"] == "random_cv"]), [dataset], half=True),
        Chart(charts.calibration(facts.table("calibration", **mine)), [dataset], half=True),
        Chart(charts.profit(curve, dataset), [dataset], _top(curve, dataset), half=True),
        Chart(charts.importances(facts.table("importances", use_case=use_case)), [dataset], half=True),
        Chart(charts.shap_values(facts.table("shap_points", use_case=use_case)), [dataset], SHAP, half=True),
        _figures(metrics, dataset),
    ]
    blocks += [
        *_fairness(facts, use_case, dataset),
        *_clients(facts, use_case, dataset),
        *_drift(facts, use_case, dataset),
    ]
    return Section(f"model-{use_case}", title, [*_lead(found), *_moved(facts, use_case)], blocks)


DIFFERENCE = "equal_opportunity_difference"
SHAP = "A dot is a client that the model had not seen; orange is a high value, blue a low one, grey a category."


def _lead(found: dict[str, Any]) -> list[str]:
    figures, later = found["random_cv"], found["time_ordered"]
    champion, challenger = found["champion"], found["challenger"]
    low, high = figures["roc_auc_ci"]
    candidate = champion["candidate"]
    name = sentence(CANDIDATES[candidate])
    said = [
        f"{name} reaches ROC-AUC {figures['roc_auc']:.3f} ({low:.3f} to "
        f"{high:.3f}) on clients that it had not seen: of two clients, one with the outcome and one without, it ranks "
        f"the right one first {percent(figures['roc_auc'], 0)} of the time.",
        f"Champion is version {champion['version']}: {champion['reason']}. The newest trained is version "
        f"{challenger['version']}, the best of its candidates: {challenger['reason']}.",
    ]
    if candidate != "xgboost":
        said.append("Reasons and SHAP values explain the XGBoost model of the same night, which comes near to it.")
    if later:
        lost, best = figures["roc_auc"] - later["roc_auc"], CANDIDATES[later["candidate"]]
        said.append(
            "Trained on the earlier 70 % of the calls and tested on the later ones, what did best within the earlier "
            f"ones ({best}, columns: {later['columns']}) reaches {later['roc_auc']:.3f}: {lost:.3f} is lost to time. "
            "Believe the ranking for the near future, not the probabilities."
        )
    return said


def _moved(facts: Facts, use_case: str) -> list[str]:
    rows = [row for row in records(newest(facts, "drift", use_case)) if row.warn]
    names = [f"{column(row.column_name)} ({row.value:.2f})" for row in rows]
    return [f"Warning: moved since the champion was trained: {listed(names)}."] if names else []


def _top(curve: pd.DataFrame, dataset: str) -> str:
    return sentence("; ".join(in_short(curve, share, dataset) for share in (0.1, 0.2, 0.4)) + ".")


def _figures(metrics: pd.DataFrame, dataset: str) -> Table:
    wide = metrics.set_index(["evaluation", "candidate", "metric"]).to_dict("index")
    rows = [
        (
            EVALUATIONS[evaluation],
            CANDIDATES[name],
            *[_cell(wide[evaluation, name, metric]) for metric in METRICS],
        )
        for evaluation, name in metrics[["evaluation", "candidate"]].drop_duplicates().itertuples(index=False)
    ]
    note = (
        "In brackets the 95 % bootstrap interval. From accuracy on at the threshold by profit; "
        "majority is the accuracy of saying no to all."
    )
    return Table(
        "Every figure of every candidate", ("Tested on", "Candidate", *TITLES), rows, [dataset], note, folded=True
    )


def _cell(row: dict[Hashable, Any]) -> str:
    return f"{row['value']:.3f} ({row['low']:.3f} to {row['high']:.3f})" if pd.notna(row["value"]) else ""


def _fairness(facts: Facts, use_case: str, dataset: str) -> list[Block]:
    found = facts.table("fairness", use_case=use_case)
    rows = [
        (
            row.attribute,
            row.group_name,
            row.clients,
            percent(row.selection_rate),
            *[percent(rate) if pd.notna(rate) else "" for rate in (row.true_positive_rate, row.false_positive_rate)],
            f"{row.equal_opportunity_difference:+.2f}" if pd.notna(row.equal_opportunity_difference) else "too few",
        )
        for row in records(found)
    ]
    if not rows:
        return []
    compared = found.dropna(subset=DIFFERENCE)
    groups = [part for part in compared.groupby("attribute") if len(part[1]) > 1]
    said = [treated(use_case, *part) for part in groups]
    note = (
        f"{' '.join(said)} Whether that is acceptable is the bank's decision, not the model's."
        if said
        else "No two groups have enough clients with the outcome to compare."
    )
    header = (
        "By",
        "Group",
        "Clients",
        "Acted on",
        "Found of those with the outcome",
        "Acted on of the others",
        "Difference",
    )
    return [Table("Are groups treated alike?", header, rows, [dataset], note)]


def treated(use_case: str, attribute: object, groups: pd.DataFrame) -> str:
    """Which group is worst off: with a good offer the one that is missed, with a burden the one that bears it wrongly.

    Groups are rows of `fairness` of one attribute.
    """
    if use_case == "subscription":
        worst, rate = highest(groups.assign(missed=-groups[DIFFERENCE]), "missed"), groups["true_positive_rate"]
        share, text = worst.true_positive_rate, "of those who would subscribe, “{}” are called least often: {}"
    else:
        worst, rate = highest(groups, "false_positive_rate"), groups["false_positive_rate"]
        share, text = worst.false_positive_rate, "of those who would pay, “{}” have their limit lowered most often: {}"
    gap = 100 * float(rate.max() - rate.min())
    return f"By {attribute}: {text.format(worst.group_name, percent(share))}, {gap:.1f} points from the best-off group."


def _clients(facts: Facts, use_case: str, dataset: str) -> list[Block]:
    found = facts.table("top_clients", use_case=use_case)
    rows = [
        (count(row.client_id), percent(row.probability), "; ".join(in_words(dataset, reason) for reason in row.reasons))
        for row in records(found)
    ]
    if not rows:
        return []
    return [
        Table(
            "The clients with the highest probabilities, and why", ("Client", "Probability", "Reasons"), rows, [dataset]
        )
    ]


def in_words(dataset: str, reason: str) -> str:
    """`pay_0 = 2 raises it` -> `repayment in Sep “2 months late” raises it`."""
    told, effect, it = reason.rsplit(" ", 2)
    name, _, value = told.partition(" = ")
    return f"{column(name)} “{category(dataset, name, value)}” {effect} {it}"


def _drift(facts: Facts, use_case: str, dataset: str) -> list[Block]:
    found = newest(facts, "drift", use_case)
    rows = [
        (row.measure, column(row.column_name), f"{row.value:.3f}", f"{row.level:.2f}", "moved" if row.warn else "")
        for row in records(found)
    ]
    header = ("What", "Column", "Index or change", "Warns from", "")
    return [Table("Drift since the champion was trained", header, rows, [dataset], folded=True)] if rows else []
