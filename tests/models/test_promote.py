"""The comparison of challenger and champion, and which run reports its verdict."""

import json

import pytest
from mlflow.entities.model_registry import ModelVersion, ModelVersionTag

from jobs.models.model_registry import DISMISSED, is_lost
from jobs.models.promote import REPORTED, VERDICT, decide, pending_verdict, row_without_challenger
from tests.models.noisy_scores import noisy_scores

TODAY, TOMORROW = "2026-01-31", "2026-02-01"


def version(number, **tags):
    return ModelVersion("default", str(number), 0, tags=[ModelVersionTag(*tag) for tag in tags.items()])


def compared(won, old=1, **tags):
    """Version 2, which was compared with version `old`."""
    return version(2, **{VERDICT: json.dumps({"won": won, "old_version": old, "decision": "x"})}, **tags)


@pytest.mark.parametrize("champion", [1, 2], ids=["before the alias moved", "after it moved"])
def test_a_later_run_reports_a_verdict_whose_row_was_never_written(champion):
    assert pending_verdict(compared(won=True), version(champion), TOMORROW)["won"]


def test_a_reported_verdict_is_reported_again_only_on_its_own_run_date():
    reported = compared(won=True, **{REPORTED: TODAY})
    assert pending_verdict(reported, version(2), TODAY)
    assert not pending_verdict(reported, version(2), TOMORROW)


def test_a_verdict_of_version_0_1_0_is_still_read():
    old = version(2, judged=json.dumps({"won": True, "old_version": 1, "decision": "x"}), written=TODAY)
    assert pending_verdict(old, version(2), TODAY)["won"]
    assert not pending_verdict(old, version(2), TOMORROW)


def test_a_pending_first_champion_is_promoted():
    assert pending_verdict(compared(won=True, old=0), None, TOMORROW)["won"]


def test_a_rollback_invalidates_the_verdict():
    assert not pending_verdict(compared(won=True, **{DISMISSED: "true"}), version(1), TODAY)
    lost_against_3 = compared(won=False, old=3, **{REPORTED: TODAY})
    assert not pending_verdict(lost_against_3, version(1), TODAY), "a person has dismissed version 3"


def test_a_run_after_a_rollback_reports_it():
    row = row_without_challenger(1, [version(3, **{DISMISSED: "true"}), version(1)])
    assert row["decision"] == "rolled back"
    assert "version 3 was dismissed by hand: version 1 is champion" in row["reason"]


def test_a_run_without_a_new_challenger_reports_no_change():
    assert row_without_challenger(3, [version(3), version(1)])["decision"] == "unchanged"


@pytest.fixture(scope="module")
def better_challenger():
    return noisy_scores(probability_new=0.0, probability_old=0.5)


def test_a_significantly_better_challenger_wins(better_challenger):
    verdict = decide(better_challenger, margin=0.0, seed=1)
    assert verdict["won"] and verdict["decision"] == "better" and verdict["difference_low"] > 0


def test_a_challenger_loses_if_its_gain_does_not_exceed_the_margin(better_challenger):
    gain = decide(better_challenger, margin=0.0, seed=1)["difference"]
    assert not decide(better_challenger, margin=gain, seed=1)["won"], "the lower end is below the margin"


def test_an_equal_challenger_loses(better_challenger):
    equal = better_challenger.assign(probability_new=better_challenger["probability_old"])
    verdict = decide(equal, margin=0.0, seed=1)
    assert (verdict["won"], verdict["decision"], verdict["holdout_rows"]) == (False, "kept", 3000)
    assert "does not win" in verdict["reason"]


def test_a_challenger_loses_if_the_holdout_has_one_class_only():
    one_class = noisy_scores(100, probability_new=0.0, probability_old=0.5).assign(label=0.0)
    assert not decide(one_class, margin=0.0, seed=1)["won"]


def test_missing_files_mean_that_a_model_is_lost():
    assert is_lost(FileNotFoundError("scoring_config.json"))
    assert is_lost(OSError("No such file or directory: 'scoring_config.json'"))


def test_an_unavailable_server_does_not_mean_that_a_model_is_lost():
    assert not is_lost(ConnectionError("refused"))
    assert not is_lost(OSError(28, "No space left on device"))
