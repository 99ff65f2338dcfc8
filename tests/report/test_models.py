"""The models on the page and in results.json say what the tables say."""

from dataclasses import replace

import pandas as pd
import pytest

from jobs.report import charts
from jobs.report.findings import findings
from jobs.report.results.results_json import results
from jobs.report.sections import model_section as sections
from tests.report.models_rows import TABLES


@pytest.fixture
def modelled(facts):
    """The facts with a model of subscription, and none of default."""
    return replace(facts, tables={**facts.tables, **TABLES})


def test_results_have_the_keys_of_the_issue(modelled):
    found = results(modelled)["models"]
    assert set(found) == {"subscription"}
    mine = found["subscription"]
    assert mine["champion"] == {
        "version": 1,
        "candidate": "xgboost",
        "decision": "kept",
        "reason": "challenger does not win",
        "run_date": "2026-01-31",
    }
    assert mine["random_cv"]["roc_auc"] == 0.80 and mine["random_cv"]["roc_auc_ci"] == [0.79, 0.81]
    assert mine["candidates"]["logistic"]["pr_auc"] == 0.77
    assert (mine["time_ordered"]["roc_auc"], mine["with_leaking_columns"]["roc_auc"]) == (0.72, 0.94)
    assert (mine["time_ordered"]["candidate"], mine["time_ordered_all"]["xgboost"]["roc_auc"]) == ("logistic", 0.69)
    assert mine["drift"] == ["month"]


def test_the_section_says_what_is_lost_to_time_who_is_treated_worse_and_what_moved(modelled):
    section = sections.subscription(modelled)
    text = " ".join(section.lead).replace("\u202f", " ")
    assert "XGBoost reaches ROC-AUC 0.800 (0.790 to 0.810)" in text and "0.080 is lost to time" in text
    assert "(logistic regression, columns: those that hold over time) reaches 0.720" in text
    assert "Warning: moved since the champion was trained: month (0.40)" in text
    titles = [block.title.replace("\u202f", " ") for block in section.blocks]
    assert (
        "Acting on the best 20 % brings most: € 70" in titles
        and "Without month the model would lose most: 0.050" in titles
    )
    (fair,) = [block for block in section.blocks if block.title == "Are groups treated alike?"]
    said = "By age: of those who would subscribe, “30-44” are called least often: 50.0 %, 30.0 points from the best-off"
    assert said in fair.note.replace("\u202f", " ")
    assert list(fair.rows[-1])[-3:-1] == ["", "0.0\u202f%"] and fair.rows[-1][-1] == "too few"


def test_a_finding_names_the_figure_and_its_interval(modelled):
    (found,) = [finding for finding in findings(modelled) if finding.label == "Subscription model"]
    assert (
        found.value == "0.800" and "0.790 to 0.810" in found.text and "0.720 when trained on the earlier" in found.text
    )


def test_without_a_model_the_section_says_what_to_run(facts):
    assert sections.default(facts).empty == "There is no champion yet: python -m jobs run models."
    assert results(facts)["models"] == {}


def test_without_a_promotion_there_is_no_champion_to_tell_of(modelled):
    trained = replace(modelled, tables={**modelled.tables, "model_runs": modelled.tables["model_runs"].iloc[:0]})
    assert sections.subscription(trained).empty == "There is no champion yet: python -m jobs run models."
    assert not [finding for finding in findings(trained) if finding.label == "Subscription model"]


def test_a_finding_names_the_champion_not_the_challenger(modelled):
    other = modelled.tables["challengers"].assign(candidate="forest")
    told = findings(replace(modelled, tables={**modelled.tables, "challengers": other}))
    assert "ROC-AUC of XGBoost on" in next(finding.text for finding in told if finding.label == "Subscription model")


def test_with_a_burden_the_group_that_bears_it_wrongly_is_worst_off():
    groups = pd.DataFrame(
        {
            "group_name": ["male", "female"],
            "true_positive_rate": [0.5, 0.7],
            "false_positive_rate": [0.25, 0.125],
            "equal_opportunity_difference": [-0.2, 0.0],
        }
    )
    assert sections.treated("default", "sex", groups).replace("\u202f", " ") == (
        "By sex: of those who would pay, “male” have their limit lowered most often: 25.0 %, "
        "12.5 points from the best-off group."
    )


def test_reasons_are_told_in_words():
    assert sections.in_words("credit", "pay_0 = 2 raises it") == "repayment in Sep “2 months late” raises it"
    assert sections.in_words("clients", "poutcome = not known lowers it") == (
        "last campaign's outcome “not known” lowers it"
    )


def test_the_axis_of_profits_names_the_whole_currency():
    assert charts.profit(TABLES["profit_curve"], "credit").layout.yaxis.title.text == "Profit, NT$"
