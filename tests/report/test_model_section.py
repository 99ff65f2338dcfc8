"""The model sections of the page and the block `models` of results.json."""

from dataclasses import replace

import pandas as pd
import pytest

from jobs.report import charts
from jobs.report.findings import findings
from jobs.report.results.results_json import results
from jobs.report.sections import model_section as sections
from tests.report.model_examples import TABLES


@pytest.fixture
def model_tables(tables):
    """Tables with a subscription model and no default model."""
    return replace(tables, frames={**tables.frames, **TABLES})


def test_results_have_champion_challenger_and_metrics_with_intervals(model_tables):
    found = results(model_tables)["models"]
    assert set(found) == {"subscription"}
    mine = found["subscription"]
    assert mine["champion"] == {
        "version": 1,
        "candidate": "xgboost",
        "decision": "kept",
        "reason": "the challenger is not better",
        "run_date": "2026-01-31",
    }
    assert mine["random_cv"]["roc_auc"] == 0.80 and mine["random_cv"]["roc_auc_ci"] == [0.79, 0.81]
    assert mine["candidates"]["logistic"]["pr_auc"] == 0.77
    assert (mine["time_ordered"]["roc_auc"], mine["with_leaking_columns"]["roc_auc"]) == (0.72, 0.94)
    assert (mine["time_ordered"]["candidate"], mine["time_ordered_all"]["xgboost"]["roc_auc"]) == ("logistic", 0.69)
    assert mine["drift"] == ["month"]


def test_lead_states_quality_the_loss_on_later_calls_and_drift(model_tables):
    section = sections.subscription(model_tables)
    text = " ".join(section.lead).replace("\u202f", " ")
    assert "XGBoost reaches a ROC-AUC of 0.800 (0.790 to 0.810)" in text
    assert "(logistic regression, stable columns only) reaches 0.720, which is 0.080 less" in text
    assert "Warning: drift since the champion was trained in month (0.40)" in text


def test_chart_titles_state_peak_profit_and_the_most_important_feature(model_tables):
    section = sections.subscription(model_tables)
    titles = [block.title.replace("\u202f", " ") for block in section.blocks]
    assert "Profit peaks at € 70, with the top 20 % of clients selected" in titles
    assert "Feature importance: month matters most" in titles


def test_lift_compares_positives_among_the_top_clients_with_their_share(model_tables):
    profit = next(block for block in sections.subscription(model_tables).blocks if block.title.startswith("Profit"))
    first = profit.note.replace("\u202f", " ").split("; ")[0]
    assert first == "The top 20 % (20 clients) contain 75 % of positives (lift 3.8) and yield € 70"


def test_fairness_names_the_worst_off_group_and_groups_that_are_too_small(model_tables):
    section = sections.subscription(model_tables)
    (fair,) = [block for block in section.blocks if block.title == "Fairness by group"]
    finding = (
        "By age, “30-44” would-be subscribers are called least often: 50.0 %, 30.0 percentage points from the best"
    )
    assert finding in fair.note.replace("\u202f", " ")
    assert list(fair.rows[-1])[-3:-1] == ["", "0.0\u202f%"] and fair.rows[-1][-1] == "too few"


def test_finding_gives_roc_auc_with_its_interval(model_tables):
    (found,) = [finding for finding in findings(model_tables) if finding.label == "Subscription model"]
    assert found.value == "0.800" and "0.790 to 0.810" in found.text and "0.720 when trained on earlier" in found.text


def test_section_says_what_to_run_without_a_model(tables):
    assert sections.default(tables).empty == "There is no champion yet. Run: bankstack run models"
    assert results(tables)["models"] == {}


def test_a_model_that_was_never_promoted_is_not_a_champion(model_tables):
    trained = replace(
        model_tables, frames={**model_tables.frames, "model_runs": model_tables.frames["model_runs"].iloc[:0]}
    )
    assert sections.subscription(trained).empty == "There is no champion yet. Run: bankstack run models"
    assert not [finding for finding in findings(trained) if finding.label == "Subscription model"]


def test_finding_is_about_the_champion_not_the_challenger(model_tables):
    other = model_tables.frames["challengers"].assign(candidate="forest")
    found = findings(replace(model_tables, frames={**model_tables.frames, "challengers": other}))
    assert "ROC-AUC of XGBoost on" in next(finding.text for finding in found if finding.label == "Subscription model")


def test_for_a_burden_the_worst_off_group_is_the_one_wrongly_selected_most_often():
    groups = pd.DataFrame(
        {
            "group_name": ["male", "female"],
            "true_positive_rate": [0.5, 0.7],
            "false_positive_rate": [0.25, 0.125],
            "equal_opportunity_difference": [-0.2, 0.0],
        }
    )
    assert sections.worst_off("default", "sex", groups).replace("\u202f", " ") == (
        "By sex, “male” clients who would pay have their limit lowered most often: 25.0 %, "
        "12.5 percentage points from the best-off group."
    )


def test_reasons_use_readable_column_and_value_names():
    reasons = ["pay_0 = 2 raises it", "age = 30 lowers it", "pay_2 = 1 raises it"]
    assert sections.in_words("credit", reasons) == (
        "raised by repayment in Sep “2 months late” and repayment in Aug “1 month late”; lowered by age “30”"
    )
    assert sections.in_words("clients", ["poutcome = unknown lowers it"]) == (
        "lowered by previous campaign outcome “unknown”"
    )


def test_profit_axis_names_the_currency():
    assert charts.profit(TABLES["profit_curve"], "credit").layout.yaxis.title.text == "Profit, NT$"
