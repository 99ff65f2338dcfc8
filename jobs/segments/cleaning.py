"""From a file to usable transactions, in named steps; how many rows each step removed or changed, and why."""

import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

Figures = tuple[str, str, int, int, int]
"""Step, unit, rows before, rows removed, rows changed."""
COLUMNS = ("position", "step", "unit", "before", "removed", "changed", "after", "why")
WHY = {
    "contract_kept": "A row of the file that breaks its contract is in rejected_rows, with the reasons.",
    "birth_possible": "A birth before 1900 or after the transaction is kept as null.",
    "gender_possible": "A gender that is neither M nor F is kept as null.",
    "customer_known": "Without a customer number a transaction belongs to nobody.",
    "money_moved": "An amount of zero says nothing of what a customer spends.",
    "place_tidied": "Capitals, single blanks, no quotes, and the city before a comma, so that one city has one name.",
    "one_truth": "Several birth dates or genders of one customer: that of the latest transaction with one counts.",
    "balance_known": "Not in the search for clusters; stays a customer, and is placed by what is known.",
    "age_known": "Not in the search for clusters; stays a customer, and is placed by what is known.",
}


def customer_known() -> Column:
    """True where the customer number is not blank."""
    return F.trim("customer_id") != ""


def money_moved() -> Column:
    """True where the amount is not zero."""
    return F.col("amount") > 0


def place() -> Column:
    """The city: `"Mumbai , Maharashtra"` and ` mumbai` are MUMBAI; NEW DELHI is not DELHI; null for nothing."""
    city = F.regexp_replace(F.split("location", ",")[0], '"', "")
    return F.nullif(F.upper(F.trim(F.regexp_replace(city, r"\s+", " "))), F.lit(""))


def usable(transactions: DataFrame) -> DataFrame:
    """The transactions that pass both removing steps, with the tidied `place`."""
    return transactions.where(customer_known() & money_moved()).withColumn("place", place())


def counted(loads: pd.DataFrame, transactions: DataFrame, customers: DataFrame) -> pd.DataFrame:
    """The rows of customer_cleaning, in order.

    Args:
        loads: the row of load_runs of these transactions; without it the steps of the file are left out.
        transactions: as they were loaded.
        customers: as they were made from these.

    """
    figures = [*_of_file(loads), *_of_transactions(transactions), *_of_customers(customers)]
    rows = [
        (position, step, unit, before, removed, changed, before - removed, WHY[step])
        for position, (step, unit, before, removed, changed) in enumerate(figures, 1)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_file(loads: pd.DataFrame) -> list[Figures]:
    return [
        figures
        for load in loads.to_dict("records")
        for figures in (
            ("contract_kept", "transactions", load["rows_in"], load["rows_rejected"], 0),
            ("birth_possible", "transactions", load["rows_loaded"], 0, load["nulled"].get("birth_date", 0)),
            ("gender_possible", "transactions", load["rows_loaded"], 0, load["nulled"].get("gender", 0)),
        )
    ]


def _of_transactions(transactions: DataFrame) -> list[Figures]:
    kept = customer_known() & money_moved()
    (row,) = transactions.agg(
        F.count(F.lit(1)).alias("rows"),
        F.count_if(~F.coalesce(customer_known(), F.lit(False))).alias("nobody"),
        F.count_if(customer_known() & ~F.coalesce(money_moved(), F.lit(False))).alias("nothing"),
        F.count_if(kept & ~place().eqNullSafe(F.col("location"))).alias("tidied"),
    ).collect()
    named = row["rows"] - row["nobody"]
    return [
        ("customer_known", "transactions", row["rows"], row["nobody"], 0),
        ("money_moved", "transactions", named, row["nothing"], 0),
        ("place_tidied", "transactions", named - row["nothing"], 0, row["tidied"]),
    ]


def _of_customers(customers: DataFrame) -> list[Figures]:
    (row,) = customers.agg(
        F.count(F.lit(1)).alias("customers"),
        F.count_if("contradicts").alias("contradict"),
        F.count_if(F.isnull("balance")).alias("balances"),
        F.count_if(F.isnotnull("balance") & F.isnull("age")).alias("ages"),
    ).collect()
    steps = {"one_truth": row["contradict"], "balance_known": row["balances"], "age_known": row["ages"]}
    return [(step, "customers", row["customers"], 0, changed) for step, changed in steps.items()]
