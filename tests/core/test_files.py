"""Files appear complete or not at all."""

from pathlib import Path

import pytest

from jobs.core.files import write_whole


def test_a_failed_write_leaves_only_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "report/results.json"
    write_whole(path, "old")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("killed")))
    with pytest.raises(OSError, match="killed"):
        write_whole(path, "new")
    assert path.read_text() == "old" and [file.name for file in path.parent.iterdir()] == ["results.json"]


def test_a_reader_never_sees_a_partial_file(tmp_path, monkeypatch):
    path, seen = tmp_path / "index.html", []
    write_whole(path, "old")
    write_text = Path.write_text
    monkeypatch.setattr(
        Path, "write_text", lambda self, *a, **k: (write_text(self, *a, **k), seen.append(path.read_text()))
    )
    write_whole(path, "new")
    assert seen == ["old"] and path.read_text() == "new"
