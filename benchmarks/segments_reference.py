"""The reference for benchmarks/segments.py: what a notebook with pandas and scikit-learn does.

Reads the CSV, aggregates one row per customer, compares k-means with 2 to 10 clusters in one feature space, fits the
best on 200,000 customers, assigns all, and computes quantiles by segment. It has no checks, versions, null or report.

Usage: python benchmarks/segments_reference.py CSV PARQUET
"""

import sys

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

COLUMNS = ["id", "customer", "birth", "gender", "city", "balance", "day", "time", "amount"]
FEATURES = ["balance", "amount_mean", "age"]
PROFILED = [*FEATURES, "amount_sum", "amount_max", "transactions"]
HOURS_PER_DAY_PART = 6
SAMPLE = 5_000
FITTED = 200_000
SEED = 1


def read_transactions(path: str) -> pd.DataFrame:
    """Read and clean the CSV, sorted by customer and time."""
    rows = pd.read_csv(path, names=COLUMNS, skiprows=1, dtype={"id": str, "customer": str})
    for column in ("birth", "day"):
        rows[column] = pd.to_datetime(rows[column], format="%d-%m-%Y", errors="coerce")
    rows.loc[rows["birth"] > rows["day"], "birth"] = pd.NaT
    rows["city"] = rows["city"].str.split(",").str[0].str.strip().str.upper()
    return rows.sort_values(["customer", "day", "time"], ignore_index=True)


def aggregate_customers(rows: pd.DataFrame) -> pd.DataFrame:
    """Aggregate transactions to one row per customer."""
    rows["gap"] = rows.groupby("customer")["day"].diff().dt.days
    day_part, weekday = rows["time"] // (HOURS_PER_DAY_PART * 10_000), rows["day"].dt.weekday
    shares = {f"part_{part}": day_part == part for part in range(4)}
    shares |= {f"day_{day}": weekday == day for day in range(7)}
    rows = rows.assign(**shares)
    by_customer = rows.groupby("customer")
    customers = by_customer[["birth", "gender", "city", "balance", "day"]].last()
    amounts = by_customer["amount"].agg(["mean", "sum", "max", "size"])
    customers[["amount_mean", "amount_sum", "amount_max", "transactions"]] = amounts
    customers[["gap_mean", "gap_deviation"]] = by_customer["gap"].agg(["mean", "std"])
    customers = customers.join(by_customer[list(shares)].mean())
    customers["age"] = (customers["day"] - customers["birth"]).dt.days // 365.25
    return customers


def segment(customers: pd.DataFrame) -> pd.DataFrame:
    """Search, fit and assign; adds the column `segment`."""
    complete = customers.dropna(subset=FEATURES).sample(frac=1, random_state=SEED)[FEATURES]
    scaler = StandardScaler().fit(np.log1p(complete))
    sample = scaler.transform(np.log1p(complete.head(SAMPLE)))
    silhouettes = {
        k: silhouette_score(sample, KMeans(k, n_init=10, random_state=SEED).fit_predict(sample)) for k in range(2, 11)
    }
    best = max(silhouettes, key=lambda k: silhouettes[k])
    model = KMeans(best, n_init=3, random_state=SEED).fit(scaler.transform(np.log1p(complete.head(FITTED))))
    filled = customers[FEATURES].fillna(customers[FEATURES].median())
    return customers.assign(segment=model.predict(scaler.transform(np.log1p(filled))))


def main() -> None:
    """Run the reference."""
    source, target = sys.argv[1:]
    customers = segment(aggregate_customers(read_transactions(source)))
    customers.groupby("segment")[PROFILED].quantile(np.array([0.05, 0.5, 0.95]))
    customers.to_parquet(target)


if __name__ == "__main__":
    main()
