"""The stage's steps: Spark and the scripts give the reference answers, and compare refuses any difference."""

import importlib
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as F

from jobs import pipeline
from jobs.core import tables
from jobs.core.contracts import load_contract
from jobs.core.errors import BankError
from jobs.core.job import Job
from jobs.core.session import start_session
from jobs.core.settings import Settings
from jobs.ingest.check import add_derived
from jobs.mapreduce.questions import COLUMNS
from tests.conftest import RUN_DATE
from tests.mapreduce.helpers import CLIENT, nested

Make = Callable[[str], Job]
EDUCATIONS = {
    "primary": {"yes": 383, "no": 295},
    "secondary": {"yes": 1430, "no": 876},
    "tertiary": {"yes": 663, "no": 687},
    "unknown": {"yes": 83, "no": 104},
}
DURATIONS = {"failure": 254.38, "other": 273.83, "success": 338.64, "unknown": 262.10}


@pytest.fixture(scope="module")
def real_answers(spark: SparkSession, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Row]]:
    """Rows of mapreduce_answers for the real bank.csv."""
    settings = Settings(var=tmp_path_factory.mktemp("mapreduce"), database="bank_mapreduce")
    start_session(settings, "tests")
    rows = spark.read.csv(str(shared / "bank.csv"), sep=";", header=True)
    renamed = rows.withColumnsRenamed({"default": "in_default", "y": "subscribed"})
    numbered = renamed.withColumn("client_id", F.monotonically_increasing_id())
    tables.publish(add_derived(numbered, load_contract("clients")), settings, "clients", "a")
    run_stage(lambda name: Job(spark, settings, pipeline.select([name])[0], RUN_DATE, "a"))
    yield spark.table("bank_mapreduce.mapreduce_answers").collect()
    spark.sql("DROP DATABASE bank_mapreduce CASCADE")
    shutil.rmtree(settings.var)


@pytest.mark.parametrize("engine", ["streaming", "spark"])
def test_both_engines_give_the_reference_answers(real_answers: list[Row], engine: str):
    found = nested((row["question"], row["key"], row["name"], row[engine]) for row in real_answers)
    assert found["balance_by_job"]["retired"] == {"count": 230, "mean": pytest.approx(2319.1913, abs=5e-5)}
    assert found["balance_by_job"]["housemaid"] == {"count": 112, "mean": pytest.approx(2083.8036, abs=5e-5)}
    assert found["contacts_by_month"]["may"] == {"contacts": 1398, "subscribed": 93}
    assert found["housing_by_education"] == EDUCATIONS
    assert {k: round(v["mean"], 2) for k, v in found["duration_by_poutcome"].items()} == DURATIONS
    for question in ("balance_by_job", "balance_by_age", "duration_by_poutcome"):
        assert sum(group["count"] for group in found[question].values()) == 4521


def test_the_real_answers_agree_to_the_last_digit(real_answers: list[Row]):
    assert {row["question"]: row["agrees"] for row in real_answers} == dict.fromkeys(
        ("balance_by_job", "housing_by_education", "contacts_by_month", "duration_by_poutcome", "balance_by_age"), True
    )
    assert all(row["streaming"] == row["spark"] for row in real_answers)


def test_the_text_has_the_rows_and_delivered_columns_of_clients(spark: SparkSession, job: Make):
    publish_clients(job, client(balance="-0.05", job="admin."), client(client_id="2"))
    run(job("mapreduce.input"))
    written, source = (spark.table(name) for name in full(job, "clients_text", "clients"))
    assert sorted(written.collect()) == sorted(source.select(*COLUMNS).collect())
    assert written.columns == list(COLUMNS)


def test_amounts_with_more_digits_than_a_float_agree(spark: SparkSession, job: Make):
    publish_clients(job, *[client(balance=f"{10**15 + n}.{n:02}", duration=str(n)) for n in range(7)])
    run_stage(job)
    answers = spark.table(*full(job, "mapreduce_answers")).where("question = 'balance_by_job' AND name = 'mean'")
    assert answers.select("clients", "total").first() == (7, Decimal("7000000000000021.21"))


def test_differences_are_reported_and_the_old_table_stays(job: Make):
    agreed = [
        ("balance_by_job", "retired", "mean", 1, "10.00", 10.0),
        ("balance_by_job", "retired", "count", 1, "1", 1.0),
    ]
    publish_answers(job, "streaming", *agreed)
    publish_answers(job, "spark", *agreed)
    run(job("mapreduce.compare"))
    before = version(job, "mapreduce_answers")
    publish_answers(
        job, "spark", (*agreed[0][:5], 10.000000000000002), ("balance_by_job", "cook", "count", 1, "1", 1.0)
    )
    with pytest.raises(BankError, match="differ in 3 answers; the old table stays") as error:
        run(job("mapreduce.compare"))
    assert "balance_by_job cook count: nothing <> clients 1, total 1.00, value 1.0" in str(error.value)
    assert "total 10.00, value 10.0 <> clients 1, total 10.00, value 10.000000000000002" in str(error.value)
    assert version(job, "mapreduce_answers") == before


def test_malformed_text_is_refused_and_the_old_table_stays(job: Make):
    publish_clients(job, client())
    run(job("mapreduce.input"))
    run(job("mapreduce.streaming"))
    before = version(job, "mapreduce_streaming")
    (part,) = (job("mapreduce.streaming").settings.var / "warehouse/tables/clients_text").glob("2*/part-*")
    part.write_text(part.read_text() + "half a cli")
    with pytest.raises(BankError, match="clients_text: 1 of 2 lines are malformed; the old table stays"):
        run(job("mapreduce.streaming"))
    assert version(job, "mapreduce_streaming") == before


def test_streaming_without_text_says_what_to_run(job: Make):
    with pytest.raises(BankError, match=r"Run: bankstack run mapreduce\.input"):
        run(job("mapreduce.streaming"))


def client(**changes: str) -> dict[str, str]:
    return {**CLIENT, **changes}


def publish_clients(job: Make, *clients: dict[str, str]) -> None:
    made = job("mapreduce.input")
    rows = add_derived(made.spark.createDataFrame(clients), load_contract("clients"))
    tables.publish(rows, made.settings, "clients", "a")


def run_stage(job: Make) -> None:
    for step in pipeline.select(["mapreduce"]):
        run(job(step.name))


def run(job: Job) -> None:
    job.fingerprint = "a"
    importlib.import_module(job.step.module).main(job)


def full(job: Make, *names: str) -> list[str]:
    return [f"{job('mapreduce.input').settings.database}.{name}" for name in names]


def version(job: Make, table: str) -> str:
    made = job("mapreduce.input")
    return tables.version(made.spark, made.settings, table)


def publish_answers(job: Make, engine: str, *answers: tuple[str, str, str, int, str, float]) -> None:
    made = job(f"mapreduce.{engine}")
    columns = ["question", "key", "name", "clients", "total", "value"]
    made.publish(f"mapreduce_{engine}", made.spark.createDataFrame(answers, columns))
