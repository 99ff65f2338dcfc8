"""The models on the page and in results.json say what the tables say."""

from dataclasses import replace

import pytest

from jobs.report.findings import findings
from jobs.report.results import results
from jobs.report.sections import models as sections
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
    assert "“30-44” are found least often: 50.0 %, 30.0 % points less" in fair.note.replace("\u202f", " ")
    assert list(fair.rows[-1])[-3:-1] == ["", "0.0\u202f%"] and fair.rows[-1][-1] == "too few"


def test_a_finding_names_the_figure_and_its_interval(modelled):
    (found,) = [finding for finding in findings(modelled) if finding.label == "Subscription model"]
    assert (
        found.value == "0.800" and "0.790 to 0.810" in found.text and "0.720 when trained on the earlier" in found.text
    )


def test_without_a_model_the_section_says_what_to_run(facts):
    assert sections.default(facts).empty == "There is no model yet: run models.train_default."
    assert results(facts)["models"] == {}
