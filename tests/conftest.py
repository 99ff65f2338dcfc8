"""One Spark session for all tests; each test has its own folder and database."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from jobs import pipeline
from jobs.commands import synthetic_files
from jobs.core.job import Job
from jobs.core.session import start_session
from jobs.core.settings import Settings

SHARED = Path(__file__).parents[2] / "shared/data"
RUN_DATE = date(2026, 1, 31)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """The session, with its metastore in its own folder."""
    session = start_session(Settings(var=tmp_path_factory.mktemp("spark")), "tests")
    yield session
    session.stop()


@pytest.fixture
def settings(spark: SparkSession, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an empty installation: no data, no tables, its own database."""
    data = tmp_path / "data"
    data.mkdir()
    name = f"bank_{abs(hash(tmp_path)):x}"
    settings = Settings(data=data, var=tmp_path / "var", database=name, synthetic_rows=2000)
    start_session(settings, "tests")
    yield settings
    spark.sql(f"DROP DATABASE {name} CASCADE")
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture
def job(spark: SparkSession, settings: Settings):
    """Makes the Job of a step by the step's name."""

    def make(name: str, run_date: date = RUN_DATE) -> Job:
        (step,) = pipeline.select([name])
        return Job(spark, settings, step, run_date, generate=synthetic_files(settings))

    return make


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the real data sets; tests that need them are skipped if it is missing."""
    if not SHARED.exists():
        pytest.skip(f"no real data: {SHARED.parent.name}/{SHARED.name} is not beside the project")
    return SHARED
