"""The landing folder: every file in it is loaded or refused, and none is lost."""

import os

import pytest

from jobs.core.errors import FileRefused
from jobs.ingest import discover, inbox, load
from tests.ingest.helpers import GOOD, HEADER, TRANSACTIONS, rows, write


@pytest.fixture
def take(job, settings, monkeypatch):
    """Processes the inbox with real loads; its files count as complete at once."""
    monkeypatch.setattr(inbox, "SETTLED_SECONDS", 0)

    def load_file(dataset, path):
        made = job(f"ingest.{dataset}")
        made.file = path
        made.fingerprint = load.fingerprint(made)
        load.main(made)

    return lambda: inbox.take(settings.data, load_file)


def drop(settings, name, *lines):
    (settings.data / "inbox").mkdir(exist_ok=True)
    return write(settings, f"inbox/{name}", *lines)


def test_a_good_file_is_loaded_and_a_bad_one_is_refused_with_the_reason_beside_it(job, settings, take):
    drop(settings, "new clients.csv", HEADER, GOOD)
    drop(settings, "bank.csv", HEADER.replace(";", ","), GOOD)
    refused = take()
    assert rows(job, "clients", "age job") == [(30, "retired")]
    assert (settings.data / "done/new clients.csv").read_text().startswith(HEADER)
    assert list(refused) == ["bank.csv"]
    assert "line 1" in refused["bank.csv"] and "';'" in refused["bank.csv"]
    assert (settings.data / "refused/bank.reason.txt").read_text() == refused["bank.csv"] + "\n"
    assert list((settings.data / "inbox").iterdir()) == []


def test_a_file_that_belongs_to_no_data_set_is_refused_by_its_first_line(settings, take):
    drop(settings, "shopping.csv", "bread,butter", "1,2")
    assert take()["shopping.csv"].startswith("shopping.csv line 1: the columns match no data set")


def test_a_failed_load_leaves_its_file_in_the_inbox_and_the_others_are_loaded(settings, monkeypatch):
    monkeypatch.setattr(inbox, "SETTLED_SECONDS", 0)
    path = drop(settings, "bank.csv", HEADER, GOOD)
    drop(settings, "later.csv", TRANSACTIONS, "")

    def fail(dataset, path):
        if dataset == "clients":
            raise OSError("the cluster is unavailable")

    with pytest.raises(OSError, match="unavailable"):
        inbox.take(settings.data, fail)
    assert path.exists()
    assert (settings.data / "done/later.csv").exists()


def test_two_files_with_the_same_name_are_both_kept(settings, monkeypatch):
    monkeypatch.setattr(inbox, "SETTLED_SECONDS", 0)
    for text in ("1", "2"):
        drop(settings, "export.csv.gz", HEADER, text)
        inbox.take(settings.data, lambda dataset, path: None)
    assert sorted(path.name for path in (settings.data / "done").iterdir()) == ["export-2.csv.gz", "export.csv.gz"]


def test_the_newest_file_counts_whether_delivered_or_put_into_the_folder(settings):
    contract = discover.load_contract("clients")
    own = write(settings, "bank.csv", HEADER, GOOD)
    (settings.data / "done").mkdir()
    delivered = write(settings, "done/clients of May.csv", HEADER, GOOD)
    os.utime(own, (1_000, 1_000))
    assert discover.find_file(contract, settings) == delivered
    os.utime(delivered, (500, 500))
    assert discover.find_file(contract, settings) == own


def test_a_file_is_recognised_by_its_columns_else_by_its_name(settings):
    assert discover.dataset_of(write(settings, "x.csv", TRANSACTIONS)) == "transactions"
    assert discover.dataset_of(write(settings, "bank-full.csv", "a;b")) == "clients"
    with pytest.raises(FileRefused):
        discover.dataset_of(write(settings, "y.csv", "a;b"))
