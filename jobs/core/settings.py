"""Settings: what is the same for every run, from the environment's BANK_* variables."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).parents[2]
"""Folder that holds the package `jobs`: the checkout, or site-packages."""


class Settings(BaseSettings):
    """Where things are. The defaults are the embedded home; the stack sets the variables in Compose."""

    model_config = SettingsConfigDict(env_prefix="BANK_", frozen=True)

    data: Path = Path("data")
    """Folder of the bank's files (BANK_DATA)."""
    var: Path = Path("var")
    """Folder of everything the embedded home makes (BANK_VAR)."""
    lake: str = ""
    """Spark's address of the tables and raw files; default: the folder `warehouse` under `var` (BANK_LAKE)."""
    files: str = ""
    """The same place for fsspec, where it differs, as webhdfs:// does from hdfs:// (BANK_FILES)."""
    database: str = "bank"
    """Name of the database in the metastore (BANK_DATABASE)."""
    report: Path | None = None
    """Folder of the report; default: `report` under `var` (BANK_REPORT)."""
    keep_versions: int = 3
    """Published versions of a table that are kept to go back to (BANK_KEEP_VERSIONS)."""
    synthetic_rows: int = 20_000
    """Rows that the generator makes for a data set that is not there (BANK_SYNTHETIC_ROWS)."""
    seed: int = 1
    """Seed of everything random (BANK_SEED)."""
    mapreduce: Literal["pipes", "yarn"] = "pipes"
    """Where mapper and reducer run: here through pipes, or on YARN by Hadoop Streaming (BANK_MAPREDUCE)."""
    mlflow: str = ""
    """Address of the MLflow server; default: SQLite and a folder under `var` (BANK_MLFLOW)."""
    training_rows: int = 200_000
    """Rows that a model is trained on at most, drawn at random from more (BANK_TRAINING_ROWS)."""
    tuning_rows: int = 4_000
    """Rows on which the candidates' parameters are searched (BANK_TUNING_ROWS)."""
    folds: int = Field(default=5, ge=3)
    """Parts in which all rows are scored by models of the others; the first is the holdout (BANK_FOLDS)."""
    promotion_margin: float = 0.0
    """ROC-AUC by which a challenger must surely beat the champion (BANK_PROMOTION_MARGIN)."""
    drift_warning: float = 0.25
    """Population stability index from which a column or score counts as moved (BANK_DRIFT_WARNING)."""
    subscription_cost: float = 10.0
    """Cost of a call, euros (BANK_SUBSCRIPTION_COST)."""
    subscription_gain: float = 80.0
    """What a subscribed deposit is worth, euros (BANK_SUBSCRIPTION_GAIN)."""
    default_cost: float = 3_000.0
    """Margin lost by lowering the limit of a client, New Taiwan dollars (BANK_DEFAULT_COST)."""
    default_gain: float = 10_000.0
    """Loss avoided where that client would have defaulted, New Taiwan dollars (BANK_DEFAULT_GAIN)."""

    segments_k: int = 0
    """Number of customer segments; 0 lets the rule choose (BANK_SEGMENTS_K)."""

    stream_source: str = ""
    """Kafka's bootstrap servers; without them the stream reads files dropped into a folder (BANK_STREAM_SOURCE)."""
    stream_watermark: str = "10 minutes"
    """How long after a newer event, in event time, one still counts; later ones are dropped (BANK_STREAM_WATERMARK)."""
    stream_window: str = "10 minutes"
    """Length of the tumbling windows, a divisor of the sliding ones' hour (BANK_STREAM_WINDOW)."""
    stream_expiry: str = "90 days"
    """Event time after which an idle customer's habits are forgotten (BANK_STREAM_EXPIRY)."""
    stream_trigger: str = "1 second"
    """Time between two micro-batches (BANK_STREAM_TRIGGER)."""
    stream_batch: int = Field(default=100_000, ge=1)
    """The most events of a micro-batch: a burst waits at the source, not in memory (BANK_STREAM_BATCH)."""
    alert_watermark: str = "2 minutes"
    """How late an event may be for alerts, which wait so long; it is in its window anyway (BANK_ALERT_WATERMARK)."""
    alert_budget: float = Field(default=5.0, gt=0)
    """Alerts that the desk can look at, per 1,000 events (BANK_ALERT_BUDGET)."""
    live: str = ""
    """SQLAlchemy address of the live store; default: SQLite, `live.db` under `var` (BANK_LIVE)."""

    def costs(self, use_case: str) -> tuple[float, float]:
        """Cost of acting on a client, and the gain where the outcome comes."""
        return float(getattr(self, f"{use_case}_cost")), float(getattr(self, f"{use_case}_gain"))

    @property
    def lake_url(self) -> str:
        """Address of the lake for Spark, without a slash at the end."""
        return (self.lake or f"file://{self.var.resolve()}/warehouse").rstrip("/")

    @property
    def files_url(self) -> str:
        """Address of the lake for fsspec, without a slash at the end."""
        return (self.files or self.lake_url).rstrip("/")

    @property
    def report_folder(self) -> Path:
        """Folder into which the report is written."""
        return self.report or self.var / "report"

    @property
    def mlflow_url(self) -> str:
        """Address of MLflow's tracking store and model registry."""
        return self.mlflow or f"sqlite:///{self.var.resolve()}/mlflow.db"

    @property
    def live_url(self) -> str:
        """Address of the store that the dashboard reads."""
        return self.live or f"sqlite:///{self.var.resolve()}/live.db"

    @property
    def stream_folder(self) -> Path:
        """Folder of the embedded stream's source, the simulated truth and the figures."""
        return self.var / "stream"

    @property
    def source_folder(self) -> Path:
        """Folder into which events are dropped, as files, where there is no Kafka."""
        return self.stream_folder / "source"
