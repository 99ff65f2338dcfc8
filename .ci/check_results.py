"""Check the demo's results.json against the reference answers for the real files."""

import json
import math
import sys
from pathlib import Path

results = json.loads(Path(sys.argv[1]).read_text())
answers, checked = results["mapreduce"], 0


def expect(what: str, found: float | str, expected: float | str, tolerance: float = 0.0) -> None:
    """Stop with a sentence if a figure is not the expected one."""
    global checked
    same = found == expected if isinstance(expected, str) else math.isclose(found, expected, abs_tol=tolerance)
    if not same:
        sys.exit(f"{what}: expected {expected}, found {found}")
    checked += 1


for dataset, load in results["data"].items():
    expect(f"{dataset}: rows in", load["rows_in"], load["rows_loaded"] + load["rows_rejected"])
for question, agree in results["agreement"].items():
    expect(f"{question}: MapReduce and Spark agree", str(agree), "True")
if results["data"]["clients"]["file"] == "bank-full.csv":
    expect("clients", results["data"]["clients"]["rows_loaded"], 45211)
    expect("mean balance of the retired", answers["balance_by_job"]["retired"]["mean"], 1984.2151, 5e-5)
    expect("contacts in May", answers["contacts_by_month"]["may"]["contacts"], 13766)
    expect("subscribed in May", answers["contacts_by_month"]["may"]["subscribed"], 925)
    for use_case in ("subscription", "default"):
        tried = sorted(results["models"][use_case]["candidates"])
        expect(f"{use_case}: candidates", " ".join(tried), "average boosting forest logistic xgboost")
        found = results["models"][use_case]["random_cv"]
        expect(f"{use_case}: the champion ranks far better than chance", str(found["roc_auc_ci"][0] > 0.70), "True")
        expect(f"{use_case}: nor as if it knew the answer", str(found["roc_auc"] < 0.85), "True")
    found = results["models"]["subscription"]
    now, later, leaking = (found[name]["roc_auc"] for name in ("random_cv", "time_ordered", "with_leaking_columns"))
    expect("the later calls are harder, columns known afterwards help", str(0.5 < later < now < leaking), "True")
    for evaluation in ("random_cv", "time_ordered", "with_leaking_columns"):
        for metric in ("roc_auc", "pr_auc", "ks", "brier", "accuracy", "f1", "recall", "precision"):
            low, high = found[evaluation][f"{metric}_ci"]
            expect(f"{evaluation}: {metric} is in its interval", str(low <= found[evaluation][metric] <= high), "True")
    expect("credit", results["data"]["credit"]["rows_loaded"], 30000)
    expect("transactions", results["data"]["transactions"]["rows_loaded"], 20000)
    found = results["segments"]
    expect("segments: a number to act on", str(4 <= found["k"] <= 8), "True")
    expect("segments: none is smaller than 2 %", str(found["smallest_share"] >= 0.02), "True")
    expect("segments: stable", str(found["stability"] >= 0.8), "True")
    expect("segments: silhouette", str(found["silhouette"] >= 0.60), "True")
    expect("segments: Ward's hierarchy at 4", str(found["hierarchical_k4"]["silhouette"] > 0.43), "True")
    expect("segments: the public set-up", found["baseline"]["k"], 6)
print(f"{checked} figures of {sys.argv[1]} are right")
