"""What a run changed is told to who started it, also after a kill."""

import json

from jobs.core.outcome import Outcome


def test_what_a_killed_run_changed_is_told_by_the_next(tmp_path):
    path = tmp_path / "outcomes/ingest.json"
    first = Outcome(path)
    first.add(ready=1.0, refusal="bad")
    first.changed("ingest.clients", ["clients", "load_runs"])
    second = Outcome(path)
    second.add(ready=2.0)
    second.changed("ingest.credit", ["credit"])
    second.warn("models.drift_default", ["default: age moved"])
    assert json.loads(path.read_text()) == {
        "changed": {"ingest.clients": ["clients", "load_runs"], "ingest.credit": ["credit"]},
        "warnings": {"models.drift_default": ["default: age moved"]},
        "ready": 2.0,
    }


def test_without_a_file_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Outcome(None).changed("ingest.clients", ["clients"])
    assert list(tmp_path.iterdir()) == []
