"""Which row a night tells of a challenger that was judged before."""

import json

import pytest
from mlflow.entities.model_registry import ModelVersion, ModelVersionTag

from jobs.models.promote import JUDGED, WRITTEN, repeated, told
from jobs.models.registry import DISMISSED, is_lost

TODAY, TOMORROW = "2026-01-31", "2026-02-01"


def version(number, **tags):
    return ModelVersion("default", str(number), 0, tags=[ModelVersionTag(*tag) for tag in tags.items()])


def judged(won, old=1, **tags):
    return version(2, **{JUDGED: json.dumps({"won": won, "old_version": old, "decision": "x"})}, **tags)


@pytest.mark.parametrize("champion", [1, 2], ids=["before the alias moved", "after it"])
def test_a_verdict_whose_row_was_never_written_is_told_on_a_later_night(champion):
    assert told(judged(won=True), version(champion), TOMORROW)["won"]


def test_a_written_verdict_is_told_again_on_its_own_night_only():
    written = judged(won=True, **{WRITTEN: TODAY})
    assert told(written, version(2), TODAY) and not told(written, version(2), TOMORROW)


def test_a_first_champion_that_was_not_yet_made_is_made():
    assert told(judged(won=True, old=0), None, TOMORROW)["won"]


def test_after_a_rollback_the_verdict_no_longer_holds():
    assert not told(judged(won=True, **{DISMISSED: "true"}), version(1), TODAY)
    kept = judged(won=False, old=3, **{WRITTEN: TODAY})
    assert not told(kept, version(1), TODAY), "it had lost against version 3, which a person dismissed"
    row = repeated(1, [version(3, **{DISMISSED: "true"}), version(1)])
    assert (
        row["decision"] == "rolled back" and "version 3 was dismissed by hand: version 1 is champion" in row["reason"]
    )
    assert repeated(3, [version(3), version(1)])["decision"] == "unchanged"


def test_a_server_that_is_away_is_no_lost_model():
    assert is_lost(FileNotFoundError("card.json")) and is_lost(OSError("No such file or directory: 'card.json'"))
    assert not is_lost(ConnectionError("refused")) and not is_lost(OSError(28, "No space left on device"))
