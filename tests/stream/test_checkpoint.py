"""A checkpoint refuses queries other than those that made it."""

import pytest

from jobs.core.errors import BankError
from jobs.core.settings import Settings
from jobs.stream import checkpoint
from jobs.stream.checkpoint import checkpoint_id, code_hash


@pytest.fixture
def settings(tmp_path):
    return Settings(var=tmp_path)


def test_the_same_queries_keep_their_checkpoint(settings):
    assert checkpoint_id(settings) == checkpoint_id(settings)


def test_a_changed_setting_is_refused_with_the_change_and_the_way_out(settings):
    checkpoint_id(settings)
    changed = settings.model_copy(update={"stream_window": "5 minutes"})
    with pytest.raises(BankError, match=r"stream_window \(was 10 minutes, now 5 minutes\).*bankstack stream --anew"):
        checkpoint_id(changed)


def test_changed_code_is_refused(settings, monkeypatch):
    checkpoint_id(settings)
    monkeypatch.setattr(checkpoint, "code_hash", lambda: "0" * 12)
    with pytest.raises(BankError, match=r"code \(was \w{12}, now 000000000000\)"):
        checkpoint_id(settings)


def test_a_changed_city_formula_changes_the_code_hash(monkeypatch):
    before = code_hash()
    monkeypatch.setattr(checkpoint, "city_formula", lambda: "upper(location)")
    assert code_hash() != before


def test_the_state_of_an_older_version_is_refused_with_the_way_out(settings):
    folder = settings.var / "warehouse/stream"
    (folder / "windows/offsets").mkdir(parents=True)
    (folder / "definition.json").write_text('{"stream": "abcd"}')
    with pytest.raises(BankError, match=r"older version.*bankstack stream --anew"):
        checkpoint_id(settings)
