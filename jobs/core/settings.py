"""Settings of an installation, read from the environment's BANK_* variables."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).parents[2]
"""Folder that holds the package `jobs`: the checkout, or site-packages."""

UNUSABLE = "'\"\\:;?*[]{}%#"
"""Characters that the path of BANK_VAR must not have."""


class Settings(BaseSettings):
    """Addresses and parameters. The defaults are those of embedded mode; Compose sets the cluster's."""

    model_config = SettingsConfigDict(env_prefix="BANK_", frozen=True)

    data: Path = Path("data")
    """Folder with the bank's files (BANK_DATA)."""
    var: Path = Path("var")
    """Folder for everything that embedded mode writes (BANK_VAR)."""
    lake: str = ""
    """Address of the tables and raw files for Spark; default: the folder `warehouse` under `var` (BANK_LAKE)."""
    files: str = ""
    """The same place for fsspec, where its address differs: webhdfs:// instead of hdfs:// (BANK_FILES)."""
    database: str = "bank"
    """Name of the database in the metastore (BANK_DATABASE)."""
    report: Path | None = None
    """Folder for the report; default: `report` under `var` (BANK_REPORT)."""
    keep_versions: int = 3
    """Published versions of a table to keep for going back (BANK_KEEP_VERSIONS)."""
    synthetic: Literal["allow", "refuse"] = "allow"
    """Whether synthetic rows stand in for a data set without a file; the cluster refuses (BANK_SYNTHETIC)."""
    synthetic_rows: int = 20_000
    """Transactions to generate if there is no file; other data sets are sized to match (BANK_SYNTHETIC_ROWS)."""
    seed: int = 1
    """Seed of all random numbers (BANK_SEED)."""
    mapreduce: Literal["pipes", "yarn"] = "pipes"
    """Where mapper and reducer run: in local pipes, or on YARN through Hadoop Streaming (BANK_MAPREDUCE)."""
    mlflow: str = ""
    """Address of the MLflow server; default: SQLite and a folder under `var` (BANK_MLFLOW)."""
    training_rows: int = 200_000
    """Maximum rows to train a model on; more are sampled at random (BANK_TRAINING_ROWS)."""
    tuning_rows: int = 4_000
    """Rows for the search of hyperparameters (BANK_TUNING_ROWS)."""
    folds: int = Field(default=5, ge=3)
    """Folds of the cross-validation; the first fold is the holdout (BANK_FOLDS)."""
    promotion_margin: float = 0.0
    """ROC-AUC by which a challenger must beat the champion, at the end of its interval (BANK_PROMOTION_MARGIN)."""
    drift_warning: float = 0.25
    """Population stability index from which a column or score counts as drifted (BANK_DRIFT_WARNING)."""
    subscription_cost: float = 10.0
    """Cost of a call, euros (BANK_SUBSCRIPTION_COST)."""
    subscription_gain: float = 80.0
    """Value of a subscribed deposit, euros (BANK_SUBSCRIPTION_GAIN)."""
    default_cost: float = 3_000.0
    """Margin lost by lowering a client's limit, New Taiwan dollars (BANK_DEFAULT_COST)."""
    default_gain: float = 10_000.0
    """Loss avoided if that client would have defaulted, New Taiwan dollars (BANK_DEFAULT_GAIN)."""

    segments_k: int = 0
    """Number of customer segments; 0 selects it by the rule (BANK_SEGMENTS_K)."""

    stream_source: str = ""
    """Kafka bootstrap servers; without them the stream reads files from a folder (BANK_STREAM_SOURCE)."""
    stream_watermark: str = "10 minutes"
    """Event time that the windows wait for late events; later ones are dropped (BANK_STREAM_WATERMARK)."""
    stream_window: str = "10 minutes"
    """Length of the tumbling windows; must divide the hour of the sliding windows (BANK_STREAM_WINDOW)."""
    stream_expiry: str = "90 days"
    """Event time after which the state of an inactive customer is dropped (BANK_STREAM_EXPIRY)."""
    stream_trigger: str = "1 second"
    """Interval between micro-batches (BANK_STREAM_TRIGGER)."""
    stream_batch: int = Field(default=100_000, ge=1)
    """Maximum events per micro-batch; a burst waits at the source instead of in memory (BANK_STREAM_BATCH)."""
    alert_watermark: str = "2 minutes"
    """Event time that alerts wait for late events; later ones still count in their window (BANK_ALERT_WATERMARK)."""
    alert_budget: float = Field(default=5.0, gt=0)
    """Alerts per 1,000 events that the fraud team can investigate (BANK_ALERT_BUDGET)."""
    live: str = ""
    """SQLAlchemy URL of the serving database; default: SQLite, `live.db` under `var` (BANK_LIVE)."""

    @field_validator("var")
    @classmethod
    def usable_by_spark(cls, var: Path) -> Path:
        """Refuse a path with characters that SQL, Hadoop or JDBC would read as something else."""
        if found := sorted(set(str(var.resolve())) & set(UNUSABLE)):
            raise ValueError(f"Spark can't use a folder whose path has {' '.join(found)}; choose another one")
        return var

    def costs(self, use_case: str) -> tuple[float, float]:
        """Cost of acting on a client, and the gain if the outcome occurs."""
        return float(getattr(self, f"{use_case}_cost")), float(getattr(self, f"{use_case}_gain"))

    @property
    def lake_url(self) -> str:
        """Address of the lake for Spark, without a trailing slash."""
        return (self.lake or f"file://{self.var.resolve()}/warehouse").rstrip("/")

    @property
    def files_url(self) -> str:
        """Address of the lake for fsspec, without a trailing slash."""
        return (self.files or self.lake_url).rstrip("/")

    @property
    def report_folder(self) -> Path:
        """Folder of the report."""
        return self.report or self.var / "report"

    @property
    def mlflow_url(self) -> str:
        """Address of MLflow's tracking store and model registry."""
        return self.mlflow or f"sqlite:///{self.var.resolve()}/mlflow.db"

    @property
    def live_url(self) -> str:
        """SQLAlchemy URL of the serving database, which the dashboard reads."""
        return self.live or f"sqlite:///{self.var.resolve()}/live.db"

    @property
    def stream_folder(self) -> Path:
        """Folder of embedded mode's stream: its source, the simulated labels and the metrics."""
        return self.var / "stream"

    @property
    def source_folder(self) -> Path:
        """Folder from which the stream reads events, as files, without Kafka."""
        return self.stream_folder / "source"


def explain(error: ValidationError) -> str:
    """One sentence per invalid variable: its name, what is expected, what was found."""
    return "; ".join(
        f"BANK_{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']}, found {problem['input']!r}"
        for problem in error.errors()
    )
