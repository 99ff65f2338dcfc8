"""Measure transactions to segments and boards, and print seconds, memory and ratios: make bench [ROWS=1000000].

The reference is the same work in pandas and scikit-learn, without checks, versions and report: read the CSV, one row
per customer, the same search on as many customers, k-means on 200,000, all customers placed, quantiles by segment.
"""

import sys
import tempfile

from measure import measure

REFERENCE = """
import sys, numpy, pandas
from sklearn.cluster import KMeans
from jobs.segments.algorithms import nearest
from jobs.segments.selection_rule import choose
from jobs.segments.clustering_search import SAMPLE, search
from jobs.segments.spaces import FEATURES
columns = ["id", "customer", "birth", "gender", "place", "balance", "day", "time", "amount"]
rows = pandas.read_csv(sys.argv[1], names=columns, skiprows=1, dtype={"id": str, "customer": str})
for column in ("birth", "day"):
    rows[column] = pandas.to_datetime(rows[column], format="%d-%m-%Y", errors="coerce")
rows.loc[rows["birth"] > rows["day"], "birth"] = pandas.NaT
rows["place"] = rows["place"].str.split(",").str[0].str.strip().str.upper()
rows = rows.sort_values(["customer", "day", "time"], ignore_index=True)
rows["gap"] = rows.groupby("customer")["day"].diff().dt.days
hour, weekday = rows["time"] // 60000, rows["day"].dt.weekday
for part in range(4): rows[f"part_{part}"] = hour == part
for day in range(7): rows[f"day_{day}"] = weekday == day
by = rows.groupby("customer")
people = by[["birth", "gender", "place", "balance", "day"]].last()
people[["amount_mean", "amount_sum", "amount_max", "n"]] = by["amount"].agg(["mean", "sum", "max", "size"])
people[["gap_mean", "gap_spread"]] = by["gap"].agg(["mean", "std"])
people = people.join(by[[f"part_{p}" for p in range(4)] + [f"day_{d}" for d in range(7)]].mean())
people["age"] = (people["day"] - people["birth"]).dt.days // 365.25
complete = people.dropna(subset=list(FEATURES)).sample(frac=1, random_state=1)
chosen = choose(search(complete.head(SAMPLE).reset_index(), FEATURES, 1))
names = chosen.space.names
model = KMeans(chosen.k, n_init=3, random_state=1).fit(chosen.space.applied(complete.head(200_000)))
filled = people[names].fillna(people[names].median())
people["segment"] = nearest(chosen.space.applied(filled), model.cluster_centers_)
shown = ["balance", "amount_mean", "amount_sum", "amount_max", "n", "age"]
people.groupby("segment")[shown].quantile([0.05, 0.5, 0.95])
people.to_parquet(sys.argv[2])
"""


def main() -> None:
    """Generate, run from CSV to the report, and compare."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    python = sys.executable
    print(f"{'rows':>12} {'step':<26} {'seconds':>8} {'MB':>7}  ratio to pandas and scikit-learn")
    with tempfile.TemporaryDirectory() as folder:
        data, var = f"{folder}/data", f"{folder}/var"
        homes = {"BANK_DATA": data, "BANK_VAR": var, "PYTHONPATH": "."}
        measure([python, "-m", "jobs", "generate", "--rows", str(rows), "--dataset", "transactions"], **homes)
        path = f"{data}/synthetic_transactions.csv"
        reference = measure([python, "-c", REFERENCE, path, f"{folder}/people.parquet"], **homes)
        load = measure([python, "-m", "jobs", "run", "ingest.transactions"], **homes)
        room = measure([python, "-m", "jobs", "run", "segments", "report"], **homes)
        both = (load[0] + room[0], max(load[1], room[1]))
        steps = {
            "pandas and scikit-learn": reference,
            "ingest": load,
            "segments and report": room,
            "CSV to boards": both,
        }
        for name, (seconds, memory) in steps.items():
            print(f"{rows:>12,} {name:<26} {seconds:>8.1f} {memory:>7.0f}  {seconds / reference[0]:.2f}", flush=True)


if __name__ == "__main__":
    main()
