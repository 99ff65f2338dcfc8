"""From transactions to usable ones, in named steps; how many rows each step removed or changed, and why."""

import pandas as pd
from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F

COLUMNS = ("position", "step", "unit", "before", "removed", "changed", "after", "why")
STEPS = ("customer_known", "money_moved", "place_tidied", "one_truth", "balance_known", "age_known")
WHY = {
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


def counted(transactions: DataFrame, customers: DataFrame) -> pd.DataFrame:
    """The rows of customer_cleaning, in order."""
    row, people = _of_transactions(transactions), _of_customers(customers)
    nobody, nothing = row["nobody"] or 0, row["nothing"] or 0
    rows, known = row["rows"] - nobody - nothing, people["customers"]
    balances, ages = people["balances"] or 0, people["ages"] or 0
    figures = (
        ("transactions", row["rows"], nobody, 0),
        ("transactions", row["rows"] - nobody, nothing, 0),
        ("transactions", rows, 0, row["tidied"] or 0),
        ("customers", known, 0, people["contradict"] or 0),
        ("customers", known, 0, balances),
        ("customers", known, 0, ages),
    )
    rows_of_steps = [
        (position, step, unit, before, removed, changed, before - removed, WHY[step])
        for position, (step, (unit, before, removed, changed)) in enumerate(zip(STEPS, figures, strict=True), 1)
    ]
    return pd.DataFrame(rows_of_steps, columns=list(COLUMNS))


def _of_transactions(transactions: DataFrame) -> Row:
    kept = customer_known() & money_moved()
    (row,) = transactions.agg(
        F.count(F.lit(1)).alias("rows"),
        F.count_if(~F.coalesce(customer_known(), F.lit(False))).alias("nobody"),
        F.count_if(customer_known() & ~F.coalesce(money_moved(), F.lit(False))).alias("nothing"),
        F.count_if(kept & ~place().eqNullSafe(F.col("location"))).alias("tidied"),
    ).collect()
    return row


def _of_customers(customers: DataFrame) -> Row:
    (row,) = customers.agg(
        F.count(F.lit(1)).alias("customers"),
        F.count_if("contradicts").alias("contradict"),
        F.count_if(F.isnull("balance")).alias("balances"),
        F.count_if(F.isnotnull("balance") & F.isnull("age")).alias("ages"),
    ).collect()
    return row
