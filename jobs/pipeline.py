"""The pipeline: every step with the tables that it reads and writes. Standard library only.

The order of an embedded run, the Airflow tasks and their dependencies, the assets that connect the DAGs, and the
lineage diagram are all derived from this list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One step: the function `main` of a module, called with `arguments`.

    `reads` lists tables, and files as `file:<dataset>`.
    """

    name: str
    module: str
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    arguments: Mapping[str, str] = field(default_factory=dict)
    runs_last: bool = False
    """Starts only when all other steps of a run have ended, as it may rewrite their tables."""

    @property
    def stage(self) -> str:
        """The stage that the step belongs to, which is also the name of its DAG."""
        return self.name.split(".")[0]

    @property
    def tables_read(self) -> tuple[str, ...]:
        """The tables that the step reads, without files."""
        return tuple(name for name in self.reads if not name.startswith("file:"))


class UnknownStepError(ValueError):
    """A name is neither a step nor a stage."""


DATASETS = ("clients", "credit", "transactions", "call_notes")

USE_CASES = {"subscription": "clients", "default": "credit"}
"""What the models predict, and the table that holds its outcome."""


def _load(dataset: str) -> Step:
    return Step(
        name=f"ingest.{dataset}",
        module="jobs.ingest.load",
        reads=(f"file:{dataset}",),
        writes=(dataset, "rejected_rows", "load_runs"),
        arguments={"dataset": dataset},
    )


def _step(name: str, reads: tuple[str, ...], writes: tuple[str, ...]) -> Step:
    """A step that runs the module of its own name."""
    return Step(name=name, module=f"jobs.{name}", reads=reads, writes=writes)


def _models(verb: str, reads: tuple[str, ...], writes: tuple[str, ...]) -> tuple[Step, ...]:
    """The same step for each use case, which also reads the table of its outcome."""
    return tuple(
        Step(
            name=f"models.{verb}_{use_case}",
            module=f"jobs.models.{verb}",
            reads=(table, *reads),
            writes=writes,
            arguments={"use_case": use_case},
        )
        for use_case, table in USE_CASES.items()
    )


_BANK_TABLES = ("clients", "credit", "transactions")

_TRAINED = (
    "model_metrics",
    "calibration",
    "profit_curve",
    "importances",
    "shap_points",
    "fairness",
    "challengers",
)

_FORECAST = (
    "forecast_backtest",
    "forecast_scores",
    "forecast_reconciliation",
    "forecast_decisions",
    "volume_forecast",
    "weekly_forecast",
    "calendar_effects",
    "volume_anomalies",
)

_PROFILED = (
    "segment_names",
    "segment_profiles",
    "segment_groups",
    "segment_rules",
    "segment_concentration",
)

_REPORTED = (
    "load_runs",
    "rejected_rows",
    "column_profiles",
    "correlations",
    "associations",
    "outliers",
    "subscription_rates",
    "default_rates",
    "month_patterns",
    "age_patterns",
    "daily_volume",
    "city_totals",
    "feature_relevance",
    "note_terms",
    "note_topics",
    "mapreduce_answers",
    *_TRAINED,
    "model_runs",
    "top_clients",
    "drift",
    *_FORECAST,
    "customer_cleaning",
    "tier_profiles",
    "tier_migration",
    "clusterings",
    "segment_dendrogram",
    "segment_decisions",
    "segment_movement",
    *_PROFILED,
)

STEPS: tuple[Step, ...] = (
    *(_load(dataset) for dataset in DATASETS),
    _step(
        "explore.describe",
        DATASETS,
        (
            "column_profiles",
            "top_values",
            "outliers",
            "correlations",
            "associations",
            "group_means",
            "subscription_rates",
            "default_rates",
            "feature_relevance",
        ),
    ),
    _step("explore.topics", ("call_notes",), ("note_terms", "note_topics")),
    _step(
        "explore.patterns",
        _BANK_TABLES,
        (
            "month_patterns",
            "age_patterns",
            "daily_volume",
            "city_volume",
            "intraday_volume",
            "city_totals",
        ),
    ),
    _step("mapreduce.input", ("clients",), ("clients_text",)),
    _step("mapreduce.streaming", ("clients_text",), ("mapreduce_streaming",)),
    _step("mapreduce.spark", ("clients",), ("mapreduce_spark",)),
    _step("mapreduce.compare", ("mapreduce_streaming", "mapreduce_spark"), ("mapreduce_answers",)),
    *_models("train", ("load_runs",), _TRAINED),
    *_models("promote", ("challengers",), ("model_runs",)),
    *_models("score", ("model_runs",), ("predictions", "top_clients")),
    *_models("drift", ("predictions",), ("drift",)),
    _step("forecast.backtest", ("city_volume",), _FORECAST),
    Step(
        name="forecast.windows",
        module="jobs.forecast.window_forecast",
        reads=("volume_forecast", "intraday_volume"),
        writes=("window_forecast",),
    ),
    _step("segments.customers", ("transactions", "load_runs"), ("customers", "customer_cleaning")),
    _step("segments.tiers", ("customers",), ("customer_tiers", "tier_profiles", "tier_migration")),
    _step(
        "segments.cluster",
        ("customers", "transactions"),
        ("clusterings", "segment_dendrogram", "segment_model", "segment_letters", "segment_decisions"),
    ),
    _step("segments.assign", ("customers", "segment_model"), ("segment_movement", "segments")),
    Step(
        name="segments.profile",
        module="jobs.segments.segment_profiles",
        reads=("customers", "segment_model", "segments"),
        writes=_PROFILED,
    ),
    _step("report.build", _REPORTED, ()),
    Step(
        name="maintenance.clean",
        module="jobs.maintenance.clean",
        writes=("maintenance_runs",),
        runs_last=True,
    ),
)
"""Every step of a run, each after the steps whose tables it reads."""

SERVICES: tuple[Step, ...] = (
    Step(
        name="stream.run",
        module="jobs.stream.run",
        reads=("file:events", "window_forecast"),
        writes=("transaction_windows", "alerts", "dead_letters"),
    ),
)
"""Long-running services beside the steps. A run doesn't include them; they write their tables continuously."""

EVERY = (*STEPS, *SERVICES)
"""Everything that writes tables."""


def select(names: Iterable[str]) -> list[Step]:
    """Select steps by name or by stage.

    Args:
        names: steps (`explore.rates`) and stages (`explore`); empty for all steps.

    Returns:
        The steps in the order of the pipeline.

    Raises:
        UnknownStepError: a name is neither a step nor a stage.

    """
    wanted = set(names)
    known = {step.name for step in STEPS} | {step.stage for step in STEPS}
    if unknown := wanted - known:
        raise UnknownStepError(f"no step or stage named {', '.join(sorted(unknown))}; see: bankstack list")
    return [step for step in STEPS if not wanted or {step.name, step.stage} & wanted]


def upstream(step: Step) -> list[Step]:
    """The steps that write the tables this step reads.

    A step of one use case doesn't depend on another use case's steps, although they write the same tables.
    """
    use_case = step.arguments.get("use_case")
    return [
        other
        for other in STEPS
        if set(other.writes) & set(step.reads) and use_case in (None, other.arguments.get("use_case", use_case))
    ]


def check_order() -> None:
    """Check that each table is written by an earlier step than those that read it.

    Raises:
        ValueError: a step reads a table that no earlier step writes.

    """
    written: set[str] = set()
    for step in STEPS:
        if missing := set(step.tables_read) - written:
            raise ValueError(f"{step.name} reads {sorted(missing)}, which no earlier step writes")
        written |= set(step.writes)
