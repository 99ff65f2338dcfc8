"""The map: every step once, with the tables that it reads and writes. Standard library only.

From this list come the order of the embedded run, the Airflow tasks with their arrows, the assets that
connect the DAGs, and the lineage picture.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One step: `main` of the module `jobs.<stage>.<verb>`, called with `arguments`.

    `reads` may name files as `file:<dataset>`; everything else is a table.
    """

    name: str
    module: str
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    arguments: Mapping[str, str] = field(default_factory=dict)

    @property
    def stage(self) -> str:
        """The stage that the step belongs to, also the name of its DAG."""
        return self.name.split(".")[0]

    @property
    def tables_read(self) -> tuple[str, ...]:
        """What the step reads, without files."""
        return tuple(name for name in self.reads if not name.startswith("file:"))


DATASETS = ("clients", "credit", "transactions", "call_notes")


def _load(dataset: str) -> Step:
    return Step(
        name=f"ingest.{dataset}",
        module="jobs.ingest.load",
        reads=(f"file:{dataset}",),
        writes=(dataset, "rejected_rows", "load_runs"),
        arguments={"dataset": dataset},
    )


def _explore(verb: str, reads: tuple[str, ...], writes: tuple[str, ...]) -> Step:
    return Step(name=f"explore.{verb}", module=f"jobs.explore.{verb}", reads=reads, writes=writes)


USE_CASES = {"subscription": "clients", "default": "credit"}


def _models(verb: str, reads: tuple[str, ...], writes: tuple[str, ...]) -> tuple[Step, ...]:
    """The same step for both use cases; each reads the table that has its outcome."""
    return tuple(
        Step(f"models.{verb}_{use_case}", f"jobs.models.{verb}", (table, *reads), writes, {"use_case": use_case})
        for use_case, table in USE_CASES.items()
    )


_CORE = ("clients", "credit", "transactions")
_TRIED = (*("model_metrics", "calibration", "profit_curve", "importances", "shap_points", "fairness", "challengers"),)

_PROFILED = ("segment_names", "segment_profiles", "segment_groups", "segment_rules", "segment_concentration")

STEPS: tuple[Step, ...] = (
    *(_load(dataset) for dataset in DATASETS),
    _explore("profile", DATASETS, ("column_profiles", "top_values")),
    _explore("notes", ("call_notes",), ("note_terms", "note_topics")),
    _explore("correlate", _CORE, ("correlations", "associations")),
    _explore("outliers", (*_CORE, "column_profiles"), ("outliers",)),
    _explore("rates", ("clients", "credit"), ("subscription_rates", "default_rates")),
    _explore("groups", _CORE, ("group_means",)),
    _explore("patterns", _CORE, ("month_patterns", "age_patterns", "daily_volume", "place_totals")),
    _explore("relevance", ("subscription_rates", "default_rates"), ("feature_relevance",)),
    Step("mapreduce.input", "jobs.mapreduce.input", ("clients",), ("clients_text",)),
    Step("mapreduce.streaming", "jobs.mapreduce.streaming", ("clients_text",), ("mapreduce_streaming",)),
    Step("mapreduce.spark", "jobs.mapreduce.spark", ("clients",), ("mapreduce_spark",)),
    Step(
        "mapreduce.compare",
        "jobs.mapreduce.compare",
        ("mapreduce_streaming", "mapreduce_spark"),
        ("mapreduce_answers",),
    ),
    *_models("train", ("load_runs",), _TRIED),
    *_models("promote", ("challengers",), ("model_runs",)),
    *_models("score", ("model_runs",), ("predictions", "top_clients")),
    *_models("drift", ("predictions",), ("drift",)),
    Step(
        "forecast.backtest",
        "jobs.forecast.backtest",
        ("daily_volume",),
        ("forecast_backtest", "forecast_scores", "forecast_decisions"),
    ),
    Step(
        "forecast.publish",
        "jobs.forecast.publish",
        ("daily_volume", "forecast_backtest", "forecast_decisions"),
        ("volume_forecast",),
    ),
    Step(
        "segments.customers",
        "jobs.segments.customers",
        ("transactions", "load_runs"),
        ("customers", "customer_cleaning"),
    ),
    Step(
        "segments.cluster",
        "jobs.segments.cluster",
        ("customers", "transactions"),
        ("clusterings", "segment_dendrogram", "segment_model", "segment_letters", "segment_decisions"),
    ),
    Step(
        "segments.assign",
        "jobs.segments.assign",
        ("customers", "segment_model"),
        ("segment_movement", "segments"),
    ),
    Step(
        "segments.profile",
        "jobs.segments.segment_profiles",
        ("customers", "segment_model", "segments"),
        _PROFILED,
    ),
    Step(
        "report.build",
        "jobs.report.build",
        (
            *("load_runs", "rejected_rows", "column_profiles", "correlations", "associations", "outliers"),
            *("subscription_rates", "default_rates", "month_patterns", "age_patterns", "daily_volume"),
            *("place_totals", "feature_relevance", "note_terms", "note_topics", "mapreduce_answers"),
            *(*_TRIED, "model_runs", "top_clients", "drift"),
            *("volume_forecast", "forecast_backtest", "forecast_scores", "forecast_decisions"),
            *("customer_cleaning", "clusterings", "segment_dendrogram", "segment_decisions", "segment_movement"),
            *_PROFILED,
        ),
    ),
    Step("maintenance.clean", "jobs.maintenance.clean", writes=("maintenance_runs",)),
)

SERVICES: tuple[Step, ...] = (
    Step(
        "stream.run",
        "jobs.stream.run",
        reads=("file:events",),
        writes=("transaction_windows", "alerts", "dead_letters"),
    ),
)
"""What runs until it is stopped, beside the steps: no part of a run, and it writes its tables all the time."""

EVERY = (*STEPS, *SERVICES)
"""All that writes tables."""


def select(names: Iterable[str]) -> list[Step]:
    """The steps with these names, or of these stages, in the order of the map; all of them for no names.

    Raises:
        ValueError: a name is neither a step nor a stage.

    """
    wanted = set(names)
    known = {step.name for step in STEPS} | {step.stage for step in STEPS}
    if unknown := wanted - known:
        raise ValueError(f"no step or stage named {', '.join(sorted(unknown))}; see: python -m jobs list")
    return [step for step in STEPS if not wanted or {step.name, step.stage} & wanted]


def upstream(step: Step) -> list[Step]:
    """The steps that write what this one reads; of another use case's, not even where they write the same tables."""
    use_case = step.arguments.get("use_case")
    return [
        other
        for other in STEPS
        if set(other.writes) & set(step.reads) and use_case in (None, other.arguments.get("use_case", use_case))
    ]


def check_order() -> None:
    """Raise ValueError if a step reads a table that only a later step writes, or nobody does."""
    written: set[str] = set()
    for step in STEPS:
        if missing := set(step.tables_read) - written:
            raise ValueError(f"{step.name} reads {sorted(missing)} before any step wrote them")
        written |= set(step.writes)
