"""The step report.build: from tables to index.html and results.json."""

import json
import shutil
from datetime import date, datetime

import pandas as pd
import pytest

from jobs import pipeline
from jobs.commands import synthetic_files
from jobs.core.current_loads import current_loads
from jobs.core.files import STREAM_RESULTS, lake_files, put_text
from jobs.core.runner import run_steps
from jobs.report.build import stream_results
from jobs.report.report_tables import examples, reasons

STEPS = ["ingest.clients", "mapreduce", "report.build"]


def test_current_load_is_the_one_whose_content_the_table_has():
    loads = pd.DataFrame(
        [
            ("clients", "a", datetime(2026, 1, 2)),
            ("clients", "b", datetime(2026, 1, 3)),
            ("clients", "c", datetime(2026, 1, 4)),
            ("credit", "d", datetime(2026, 1, 1)),
        ],
        columns=["dataset", "sha256", "loaded_at"],
    )
    assert current_loads(loads, {"clients": "b0123", "credit": "d0123"})["sha256"].to_list() == ["b", "d"]


def test_reasons_are_counted_without_the_offending_values(spark):
    rejected = spark.createDataFrame(
        [
            ("clients", 2, ["age: expected int, found 'abc'"]),
            ("clients", 5, ["age: expected int, found 'it's'", "month: is blank"]),
            ("credit", 9, ["ID: '7' repeats line 4"]),
            ("credit", 12, ["ID: '8' repeats line 5"]),
        ],
        "dataset STRING, line BIGINT, reasons ARRAY<STRING>",
    )
    assert [tuple(row) for row in reasons(rejected).collect()] == [
        ("clients", "age: expected int", 2),
        ("clients", "month: is blank", 1),
        ("credit", "ID: repeats line", 2),
    ]


def test_examples_are_the_first_rejected_rows(spark):
    rejected = spark.createDataFrame(
        [("clients", "x.csv", line, "raw" * 100, ["one", "two"]) for line in (9, 2, 3, 4, 5, 6)],
        "dataset STRING, file STRING, line BIGINT, raw STRING, reasons ARRAY<STRING>",
    )
    rows = examples(rejected).collect()
    assert [row["line"] for row in rows] == [2, 3, 4, 5, 6]
    assert rows[0]["reasons"] == "one; two" and len(rows[0]["raw"]) == 160


@pytest.fixture
def report(spark, settings, shared):
    """Build a report from bank.csv alone and return its folder."""
    shutil.copy(shared / "bank.csv", settings.data)
    run_steps(spark, settings, pipeline.select(STEPS), date(2026, 1, 31), generate=synthetic_files(settings))
    return settings.report_folder


def test_bank_csv_gives_the_reference_answers_and_a_page_that_names_missing_results(report):
    results = json.loads((report / "results.json").read_text())
    clients = results["data"]["clients"]
    assert (clients["source"], clients["file"], clients["rows_in"]) == ("real", "bank.csv", 4521)
    assert clients["rows_in"] == clients["rows_loaded"] + clients["rows_rejected"]
    retired = results["mapreduce"]["balance_by_job"]["retired"]
    assert retired["count"] == 230 and retired["mean"] == pytest.approx(2319.1913, abs=5e-5)
    assert results["mapreduce"]["housing_by_education"]["primary"] == {"no": 295, "yes": 383}
    assert results["mapreduce"]["contacts_by_month"]["may"] == {"contacts": 1398, "subscribed": 93}
    calls = {key: round(value["mean"], 2) for key, value in results["mapreduce"]["duration_by_poutcome"].items()}
    assert calls == {"failure": 254.38, "other": 273.83, "success": 338.64, "unknown": 262.10}
    assert len(results["agreement"]) == 5 and all(results["agreement"].values())
    assert set(results["timings_s"]) >= {"ingest.clients", "mapreduce.streaming", "mapreduce.spark"}
    html = (report / "index.html").read_text()
    assert "€\u202f2,319" in html and "The rates have not been computed yet" in html
    assert clients["sha256"] in html and 'class="mark"' not in html
    assert sorted(file.name for file in report.iterdir()) == ["index.html", "results.json", "timings.json"]


def test_without_stream_results_there_is_no_stream_block(settings):
    assert stream_results(settings) == {}


def test_stream_results_are_read_from_the_lake(settings):
    filesystem, root = lake_files(settings)
    put_text(filesystem, f"{root}/{STREAM_RESULTS}", '{"recall": 0.9}')
    assert stream_results(settings) == {"stream": {"recall": 0.9}}


def test_stream_results_are_read_from_another_file_system(settings):
    cluster = settings.model_copy(update={"lake": "hdfs://namenode/bank", "files": "memory://bank"})
    filesystem, root = lake_files(cluster)
    put_text(filesystem, f"{root}/{STREAM_RESULTS}", '{"recall": 0.8}')
    assert stream_results(cluster) == {"stream": {"recall": 0.8}}
