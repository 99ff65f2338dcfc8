"""A run reports what it changed to whoever started it, also after a kill."""

import json

from jobs.core.outcome import Outcome


def test_the_next_run_reports_what_a_killed_run_changed(tmp_path):
    path = tmp_path / "outcomes/ingest.json"
    first = Outcome(path)
    first.add(ready=1.0, refusal="bad")
    first.changed("ingest.clients", ["clients", "load_runs"])
    second = Outcome(path)
    second.add(ready=2.0)
    second.changed("ingest.credit", ["credit"])
    second.count("ingest.credit", {"credit.csv": 3}, {"credit": 2})
    second.warn("models.drift_default", ["default: age moved"])
    assert json.loads(path.read_text()) == {
        "changed": {"ingest.clients": ["clients", "load_runs"], "ingest.credit": ["credit"]},
        "warnings": {"models.drift_default": ["default: age moved"]},
        "rows": {"ingest.credit": {"read": {"credit.csv": 3}, "written": {"credit": 2}}},
        "refused": {},
        "ready": 2.0,
    }


def test_without_a_path_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Outcome(None).changed("ingest.clients", ["clients"])
    assert list(tmp_path.iterdir()) == []
