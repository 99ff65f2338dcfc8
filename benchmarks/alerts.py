"""Evaluate fraud detection on simulated banks, without Spark: .venv/bin/python benchmarks/alerts.py 301 302.

Each seed gives the events of one `make stream-demo` (ten days, 1,500 customers), all on time and without duplicates.
The stream raises the same alerts for them, because its alerts depend only on the accepted events. The thresholds are
fitted to other customers (the seed plus 1,000). The warm-up is not evaluated.
"""

import sys
import tempfile
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from jobs.simulation.bank.producer import Plan, simulate
from jobs.simulation.bank.reference_simulation import simulate_reference_events
from jobs.simulation.stream_demo import CUSTOMERS, SPEED
from jobs.stream.alert_types import CUSTOMER_TYPES, TERMINAL_TYPES
from jobs.stream.detection.fit_thresholds import fit_thresholds, to_events
from jobs.stream.detection.key_history import empty_histories
from jobs.stream.detection.scoring import score_events
from jobs.stream.detection.thresholds import Thresholds
from jobs.stream.verification.alert_evaluation import NAIVE_DEVIATIONS, Evaluation, evaluate_alerts, naive_alerts
from jobs.stream.verification.labels import read_labels
from jobs.stream.verification.stream_metrics import WARM_UP_SHARE
from jobs.stream.windows.volume_anomaly import VolumeMonitor

BUDGET = 5.0
EXPIRY_S = 90 * 86_400.0
WINDOW_S = 600
SECONDS, RATE = 60, 800.0
Rows = list[tuple[str, float, str]]
"""Alerts: alert_id, event_time (seconds since 1970), type."""


def main() -> None:
    """Print one line per seed, then the results of all seeds by type."""
    tables = []
    for seed in map(int, sys.argv[1:] or ["301"]):
        evaluation, naive = evaluate_seed(seed)
        print(f"seed {seed}: {summary(evaluation)}; naive rule: {summary(naive)}", flush=True)
        by_type = evaluation.by_type
        tables.append(by_type.assign(correct=by_type["alerts"] * by_type["precision"].fillna(0)))
    totals = pd.concat(tables).groupby(level=0)[["incidents", "found", "alerts", "correct"]].sum()
    recall, precision = totals["found"] / totals["incidents"], totals["correct"] / totals["alerts"]
    print(totals.assign(recall=recall, precision=precision).drop(columns="correct").round(2).to_string())


def summary(evaluation: Evaluation) -> str:
    """The evaluation as text."""
    rates = f"precision {evaluation.precision:.2f}, recall {evaluation.recall:.2f}"
    return f"{evaluation.per_thousand:.1f} per 1,000, {rates}"


def evaluate_seed(seed: int) -> tuple[Evaluation, Evaluation]:
    """Evaluate the detection and the naive rule on the bank of one seed."""
    plan = Plan(RATE, SPEED, CUSTOMERS, seed)
    with tempfile.TemporaryDirectory() as folder:
        labels = Path(folder) / "labels.jsonl"
        parts = [events for _, events in islice(simulate(plan, labels), SECONDS)]
        incidents = read_labels(labels)
    events = pd.concat(parts).sort_values("transaction_at", kind="stable", ignore_index=True)
    thresholds = fit_thresholds(simulate_reference_events(plan), BUDGET, EXPIRY_S)
    rows = [*key_alerts(events, thresholds), *volume_alerts(events)]
    alerts = pd.DataFrame(rows, columns=["alert_id", "event_time", "type"])
    alerts["event_time"] = pd.to_datetime(alerts["event_time"], unit="s")
    events["transaction_at"] = pd.to_datetime(events["transaction_at"], unit="s")
    since = pd.Timestamp(events["transaction_at"].quantile(WARM_UP_SHARE))  # type: ignore[arg-type]
    until = events["transaction_at"].max()
    is_evaluated = events["transaction_at"] >= since
    warm_up = events.loc[~is_evaluated, "amount"]
    baseline = naive_alerts(events[is_evaluated], float(warm_up.mean() + NAIVE_DEVIATIONS * warm_up.std()))
    count, window = int(is_evaluated.sum()), pd.Timedelta(seconds=WINDOW_S)
    return (
        evaluate_alerts(alerts, incidents, count, since, until, window),
        evaluate_alerts(baseline, incidents, count, since, until, window),
    )


def key_alerts(events: pd.DataFrame, thresholds: Thresholds) -> Rows:
    """Alerts about customers and terminals."""
    rows: Rows = []
    for population, types in ((thresholds.customer, CUSTOMER_TYPES), (thresholds.terminal, TERMINAL_TYPES)):
        is_terminal = types == TERMINAL_TYPES
        of_role = events[events["terminal"].notna()] if is_terminal else events
        arrays = to_events(of_role, is_terminal)
        histories = empty_histories(np.unique(arrays.key))
        _, alerts = score_events(histories, arrays, population, EXPIRY_S, thresholds.of_types(types), is_terminal)
        for position, number in zip(alerts.position, alerts.type_number, strict=True):
            event = of_role.iloc[position]
            rows.append((f"{types[number]}-{event['transaction_id']}", event["transaction_at"], types[number]))
    return rows


def volume_alerts(events: pd.DataFrame) -> Rows:
    """Alerts about the whole stream."""
    starts = (events["transaction_at"] // WINDOW_S * WINDOW_S).astype(int)
    counts, previous = starts.value_counts(), None
    monitor = VolumeMonitor()
    rows: Rows = []
    for start in range(starts.min(), starts.max(), WINDOW_S):
        anomaly = monitor.check(start, int(counts.get(start, 0)), WINDOW_S).anomaly
        if anomaly and anomaly != previous:
            rows.append((f"{anomaly}-{start}", float(start + WINDOW_S), anomaly))
        previous = anomaly
    return rows


if __name__ == "__main__":
    main()
