"""Judge the detection on simulated banks, without Spark: PYTHONPATH=. python benchmarks/alerts.py 301 302.

For each seed the minute of `make stream-demo` (ten days, 1,500 customers), its events all in time and once: what the
stream finds in them is the same, for its alerts depend on the accepted events alone. The calibration is by other
customers (the seed and 1,000); what it has learned from is not judged.
"""

import sys
import tempfile
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from jobs.simulation.bank.earlier_events import simulated_earlier
from jobs.simulation.bank.producer import Plan, simulated
from jobs.simulation.stream_demo import CUSTOMERS, SPEED
from jobs.stream.detection.anomaly_scores import CUSTOMER, TERMINAL, empty_state
from jobs.stream.detection.scoring import score
from jobs.stream.detection.thresholds import Calibration, as_events, calibrate
from jobs.stream.verification import labels
from jobs.stream.verification.alert_evaluation import NAIVE, Judged, judge, naive
from jobs.stream.verification.stream_metrics import WARM
from jobs.stream.windows.volume_anomaly import judge as judge_volume

BUDGET, EXPIRY_S, LENGTH, SECONDS, RATE = 5.0, 90 * 86_400.0, 600, 60, 800.0
Rows = list[tuple[str, float, str]]


def main() -> None:
    """Print a line a seed, then all seeds by type."""
    tables = []
    for seed in map(int, sys.argv[1:] or ["301"]):
        ours, rule = judged(seed)
        print(f"seed {seed}: {said(ours)}; naive rule: {said(rule)}", flush=True)
        tables.append(ours.by_type.assign(right=lambda table: table["alerts"] * table["precision"].fillna(0)))
    whole = pd.concat(tables).groupby(level=0)[["incidents", "found", "alerts", "right"]].sum()
    whole = whole.assign(recall=whole["found"] / whole["incidents"], precision=whole["right"] / whole["alerts"])
    print(whole.drop(columns="right").round(2).to_string())


def said(figures: Judged) -> str:
    """The figures in words."""
    return f"{figures.per_thousand:.1f} per 1,000, precision {figures.precision:.2f}, recall {figures.recall:.2f}"


def judged(seed: int) -> tuple[Judged, Judged]:
    """The detection's figures, and the naive rule's."""
    plan = Plan(RATE, SPEED, CUSTOMERS, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "truth.jsonl"
        parts = [part for _, part in islice(simulated(plan, path), SECONDS)]
        incidents = labels.read(path)
    events = pd.concat(parts).sort_values("transaction_at", kind="stable", ignore_index=True)
    known = calibrate(simulated_earlier(plan), BUDGET, EXPIRY_S)
    rows = pd.DataFrame([*of_events(events, known), *of_volume(events)], columns=["alert_id", "at", "type"])
    alerts = rows.assign(at=pd.to_datetime(rows["at"], unit="s"))
    events["transaction_at"] = pd.to_datetime(events["transaction_at"], unit="s")
    moments = events["transaction_at"]
    since, until = pd.Timestamp(moments.quantile(WARM)), moments.max()  # type: ignore[arg-type]
    late = events["transaction_at"] >= since
    earlier = events.loc[~late, "amount"]
    simple = naive(events[late], float(earlier.mean() + NAIVE * earlier.std()))
    return judge(alerts, incidents, late.sum(), since, until), judge(simple, incidents, late.sum(), since, until)


def of_events(events: pd.DataFrame, known: Calibration) -> Rows:
    """Alerts of customers and terminals: id, moment, type."""
    found: Rows = []
    for habit, types in ((known.customer, CUSTOMER), (known.terminal, TERMINAL)):
        rows = as_events(events, types is TERMINAL)
        state = empty_state(np.unique(rows.key))
        _, raised = score(state, rows, habit, EXPIRY_S, known.levels(types), types is TERMINAL)
        for place, kind in zip(raised.position, raised.kind, strict=True):
            event = events.iloc[place]
            found.append((f"{types[kind]}-{event['transaction_id']}", event["transaction_at"], types[kind]))
    return found


def of_volume(events: pd.DataFrame) -> Rows:
    """Alerts of the whole stream."""
    starts = (events["transaction_at"] // LENGTH * LENGTH).astype(int)
    counts, before = starts.value_counts(), None
    history: dict[int, int] = {}
    found: Rows = []
    for start in range(starts.min(), starts.max(), LENGTH):
        count = int(counts.get(start, 0))
        anomaly = judge_volume(history, start, count, LENGTH).anomaly
        if anomaly is None:
            history[start] = count
        elif anomaly != before:
            found.append((f"{anomaly}-{start}", float(start + LENGTH), anomaly))
        before = anomaly
    return found


if __name__ == "__main__":
    main()
