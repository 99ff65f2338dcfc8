"""Compare the demo's results.json with reference values; most of them apply only to the real files.

Usage: check_results.py RESULTS_JSON
"""

import json
import math
import sys
from pathlib import Path
from typing import Any

EVALUATIONS = ("random_cv", "time_ordered", "with_leaking_columns")
METRICS = ("roc_auc", "pr_auc", "ks", "brier", "accuracy", "f1", "recall", "precision")
CANDIDATES = ["average", "boosting", "forest", "logistic", "xgboost"]


class Check:
    """Comparisons of one file, which exit with a message at the first difference and count the others."""

    def __init__(self, path: str) -> None:
        """Start at zero."""
        self.path, self.compared = path, 0

    def equal(self, what: str, found: object, expected: object) -> None:
        """Exit unless both values are the same."""
        self.compared += 1
        if found != expected:
            sys.exit(f"{self.path}: {what}: expected {expected}, found {found}")

    def close(self, what: str, found: float, expected: float, tolerance: float) -> None:
        """Exit unless the values differ by at most `tolerance`."""
        self.compared += 1
        if not math.isclose(found, expected, abs_tol=tolerance):
            sys.exit(f"{self.path}: {what}: expected {expected}, found {found}")

    def between(self, what: str, low: float, value: float, high: float = math.inf) -> None:
        """Exit unless low <= value <= high."""
        self.compared += 1
        if not low <= value <= high:
            sys.exit(f"{self.path}: {what}: expected {low} to {high}, found {value}")


def check_any_data(check: Check, results: dict[str, Any]) -> None:
    """Row counts add up, and MapReduce and Spark agree."""
    for dataset, load in results["data"].items():
        check.equal(f"{dataset}: rows in", load["rows_in"], load["rows_loaded"] + load["rows_rejected"])
    for question, agree in results["agreement"].items():
        check.equal(f"{question}: MapReduce and Spark agree", agree, True)


def check_tables(check: Check, results: dict[str, Any]) -> None:
    """Rows of the real files, and answers that anyone can count in them."""
    rows = {dataset: load["rows_loaded"] for dataset, load in results["data"].items()}
    check.equal("clients", rows["clients"], 45211)
    check.equal("credit", rows["credit"], 30000)
    check.equal("transactions", rows["transactions"], 20000)
    answers = results["mapreduce"]
    check.close("mean balance of retired clients", answers["balance_by_job"]["retired"]["mean"], 1984.2151, 5e-5)
    check.equal("contacts in May", answers["contacts_by_month"]["may"]["contacts"], 13766)
    check.equal("subscribed in May", answers["contacts_by_month"]["may"]["subscribed"], 925)


def check_models(check: Check, results: dict[str, Any]) -> None:
    """The champions are well above chance, without leakage, and metrics are within their confidence intervals."""
    for use_case in ("subscription", "default"):
        model = results["models"][use_case]
        check.equal(f"{use_case}: candidates", sorted(model["candidates"]), CANDIDATES)
        check.between(f"{use_case}: lower bound of ROC-AUC", 0.70, model["random_cv"]["roc_auc_ci"][0])
        check.between(f"{use_case}: ROC-AUC without leakage", 0.70, model["random_cv"]["roc_auc"], 0.85)
    model = results["models"]["subscription"]
    random_cv, time_ordered, leaking = (model[evaluation]["roc_auc"] for evaluation in EVALUATIONS)
    check.between("ROC-AUC on later calls, which are harder to predict", 0.5, time_ordered, random_cv)
    check.between("ROC-AUC with columns known only after the call", random_cv, leaking)
    for evaluation in EVALUATIONS:
        for metric in METRICS:
            low, high = model[evaluation][f"{metric}_ci"]
            check.between(f"{evaluation}: {metric} within its interval", low, model[evaluation][metric], high)


def check_segments(check: Check, results: dict[str, Any]) -> None:
    """The public transactions hold no natural groups, and every customer has an RFM tier and a value tier."""
    found, tiers = results["segments"], results["tiers"]
    check.equal("segments", found["k"], 0)
    check.equal("clusters of the baseline", found["baseline"]["k"], 6)
    rfm, value = (sum(tier["customers"] for tier in tiers[scheme].values()) for scheme in ("rfm", "value"))
    check.between("customers with an RFM tier", 19_900, rfm, 19_937)
    check.equal("customers with a value tier", value, rfm)


def main() -> None:
    """Check the file named on the command line."""
    path = sys.argv[1]
    check, results = Check(path), json.loads(Path(path).read_text())
    check_any_data(check, results)
    if results["data"]["clients"]["file"] == "bank-full.csv":
        check_tables(check, results)
        check_models(check, results)
        check_segments(check, results)
    print(f"{path}: all {check.compared} values are as expected")


if __name__ == "__main__":
    main()
