"""Versions and scoring configs in MLflow."""

import json
from dataclasses import replace

import pytest

from jobs.core.errors import BankError
from jobs.core.tracking import tracked_run
from jobs.models import model_registry
from jobs.models.scoring_config import ScoringConfig

CONFIG = ScoringConfig(
    use_case="default",
    candidate="xgboost",
    members=["xgboost"],
    slope=1.0,
    intercept=0.0,
    threshold=0.5,
    holdout_below=0.2,
    columns=["age"],
    features=["age"],
    positive_rate=0.2,
    reference={"age": {"edges": [30.0], "shares": [0.5, 0.5, 0.0]}},
    scores={"edges": [0.5], "shares": [0.5, 0.5, 0.0]},
    checksum="c",
    rows=100,
)


@pytest.fixture
def client(settings):
    return model_registry.connect(settings)


@pytest.fixture
def register(settings, client):
    """Registers a version of `default` whose run has these JSON files; returns its number."""

    def make(**files):
        with tracked_run(model_registry.experiment(settings), "run") as run:
            for name, content in files.items():
                run.log_json(f"{name}.json", content)
        return model_registry.register(client, run.id, "default")

    return make


def test_the_version_that_is_asked_for_is_returned_even_if_a_newer_one_exists(client, register):
    first, newer = register(), register()

    assert (first, newer) == (1, 2)
    assert int(model_registry.registered_version(client, "default", first).version) == 1


def test_a_version_that_mlflow_lacks_is_an_error_with_a_way_out(client, register):
    register()

    with pytest.raises(BankError, match=r"version 7 of default .*: bankstack run models\.train_default --force"):
        model_registry.registered_version(client, "default", 7)


def test_versions_are_returned_newest_first(client, register):
    register(), register()

    assert [int(version.version) for version in model_registry.versions(client, "default")] == [2, 1]


def test_a_scoring_config_is_read_as_it_was_written(client, register):
    number = register(scoring_config=CONFIG.to_dict())

    assert model_registry.load_scoring_config(client, "default", number) == CONFIG


def test_a_model_card_of_version_0_1_0_is_read_as_a_scoring_config(client, register):
    card = json.loads(json.dumps(CONFIG.to_dict()).replace('"use_case"', '"problem"'))

    number = register(card=card)

    assert model_registry.load_scoring_config(client, "default", number) == CONFIG


def test_the_new_file_wins_if_a_run_has_both(client, register):
    old = replace(CONFIG, threshold=0.9).to_dict()

    number = register(card=old, scoring_config=CONFIG.to_dict())

    assert model_registry.load_scoring_config(client, "default", number).threshold == 0.5
