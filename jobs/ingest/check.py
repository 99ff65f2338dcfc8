"""Apply a contract to records: typed columns, reasons to reject a row, values set to null."""

import re

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, DateType, DecimalType, IntegralType, StructType

from jobs.core.contracts import Column, Contract
from jobs.ingest.csv_lines import INVISIBLE
from jobs.ingest.date_formats import LOOKS_LIKE

QUOTED = 60  # characters of an invalid value that a reason quotes


def check_records(records: DataFrame, contract: Contract, schema: StructType) -> DataFrame:
    """Check each record against the contract.

    Args:
        records: line, raw, malformed, and the file's columns as text (see `parse.records_of_lines`).
        contract: the rules.
        schema: names and types of the table's columns.

    Returns:
        line, raw, reasons ARRAY<STRING> (empty if the row is accepted), nulled ARRAY<STRING> (names of the columns
        whose value broke a rule and was set to null), and the table's columns.

    """
    types = {field.name: field.dataType for field in schema}
    texts = records.select(
        "line",
        "raw",
        "malformed",
        *[_text(column, contract).alias(_raw(column)) for column in contract.columns],
    )
    typed = texts.select("*", *[_typed(column, types[column.name]).alias(column.name) for column in contract.columns])
    checked = typed.select(
        "*", *[_problem(column, types[column.name]).alias(_wrong(column)) for column in contract.columns]
    )
    values = checked.select("line", "raw", _reasons(contract), _nulled(contract), *_values(contract, types))
    fitted = [F.col(name).cast(kind).alias(name) for name, kind in types.items()]
    return add_derived(values, contract).select("line", "raw", "reasons", "nulled", *fitted)


def add_derived(rows: DataFrame, contract: Contract) -> DataFrame:
    """Add the contract's derived columns, in the order of the contract.

    Args:
        rows: the delivered columns, in which values that broke a rule are already null.
        contract: the formulas. Each can use the delivered columns and the derived columns above it.

    """
    for name, formula in contract.derived.items():
        rows = rows.withColumn(name, F.expr(formula))
    return rows


def reject_repeats(checked: DataFrame, contract: Contract) -> DataFrame:
    """Add a reason to each row that repeats the value of a unique column from an earlier accepted row."""
    for column in contract.columns:
        if column.unique:
            checked = _reject_repeats_of(checked, column)
    return checked


def _reject_repeats_of(checked: DataFrame, column: Column) -> DataFrame:
    value, first = F.col(column.name), F.col("first_line")
    good = checked.where(value.isNotNull() & (F.size("reasons") == 0))
    counted = good.groupBy(value.alias("repeated")).agg(
        F.min("line").alias("first_line"), F.count("line").alias("rows")
    )
    # Usually few; persisted, so that later passes over the rows don't compute them again.
    repeats = counted.where("rows > 1").drop("rows").persist()
    reason = F.concat(F.lit(f"{column.source}: '"), value.cast("string"), F.lit("' repeats line "), first)
    reasons = F.when(first < F.col("line"), F.array_append("reasons", reason)).otherwise(F.col("reasons"))
    joined = checked.join(repeats, value == F.col("repeated"), "left")
    return joined.withColumn("reasons", reasons).select(*checked.columns)


def _text(column: Column, contract: Contract) -> Expression:
    text = F.regexp_replace(F.col(f"`{column.source}`"), f"^[{INVISIBLE}]+|[{INVISIBLE}]+$", "")
    return F.when(~text.isin(*contract.blank), text)


def _typed(column: Column, kind: DataType) -> Expression:
    text = F.col(_raw(column))
    if isinstance(kind, DateType):
        return F.try_to_date(text, column.format) if column.format else text.try_cast(kind)
    if isinstance(kind, IntegralType):
        return F.regexp_replace(text, r"(?<=[0-9])\.0+$", "").try_cast(kind)  # 30.0 is a whole number
    return text.try_cast(kind)


def _problem(column: Column, kind: DataType) -> Expression:
    """The first rule that the column's value breaks, as a sentence; null if it breaks none."""
    found = _problem_of_value(column, kind)
    missing = F.lit(f"{column.source}: is blank") if column.required else F.lit(None)
    return F.when(F.col(_raw(column)).isNull(), missing).otherwise(found)


def _problem_of_value(column: Column, kind: DataType) -> Expression:
    text, value = F.col(_raw(column)), F.col(column.name)
    expected = f"a date written {column.format}" if column.format else kind.simpleString()
    rules: list[tuple[Expression, str]] = [(value.isNull(), f"expected {expected}")]
    if isinstance(kind, DecimalType):
        exact = text.try_cast(DecimalType(38, 18)) == value
        too_fine = text.rlike(rf"\.[0-9]{{{kind.scale}}}[0-9]*[1-9]") & ~text.rlike("[eE]")
        rules.append((~exact | too_fine, f"expected at most {kind.scale} decimals"))
    if column.allowed:
        rules.append((~text.isin(*column.allowed), f"expected one of {', '.join(column.allowed)}"))
    if column.pattern:
        rules.append((~text.rlike(f"^({column.pattern})$"), f"expected the form {column.pattern}"))
    if column.minimum is not None:
        rules.append((value < F.lit(column.minimum).cast(kind), f"expected at least {column.minimum}"))
    if column.maximum is not None:
        rules.append((value > F.lit(column.maximum).cast(kind), f"expected at most {column.maximum}"))
    if column.not_after:
        rules.append((value > F.col(column.not_after), f"expected no day after {column.not_after}"))
    found = F.concat(F.lit(", found '"), F.substring(text, 1, QUOTED), F.lit("'"), _format_seen(text, column))
    return F.coalesce(*[F.when(broken, F.concat(F.lit(f"{column.source}: {rule}"), found)) for broken, rule in rules])


def _format_seen(text: Expression, column: Column) -> Expression:
    """For a date column, the format that the text looks like instead; else an empty text."""
    if not column.format:
        return F.lit("")
    seen = [
        F.when(text.rlike(pattern), F.lit(f" (looks like {name})" if name != column.format else ""))
        for name, pattern in LOOKS_LIKE.items()
    ]
    return F.coalesce(*seen, F.lit(""))


def _reasons(contract: Contract) -> Expression:
    count = F.size(F.split(F.regexp_replace("raw", '"[^"]*"', ""), re.escape(contract.separator)))
    at_end = F.when(
        (count == len(contract.columns) + 1) & F.col("raw").endswith(contract.separator),
        F.lit(": a separator too many at the end"),
    ).otherwise(F.lit(""))
    expected = F.lit(f"expected {len(contract.columns)} values separated by '{contract.separator}', found ")
    wrong = [F.col(_wrong(column)) for column in contract.columns if column.if_broken == "reject"]
    malformed = F.array(F.concat(expected, count, at_end))
    return F.when(F.col("malformed"), malformed).otherwise(F.array_compact(F.array(*wrong))).alias("reasons")


def _nulled(contract: Contract) -> Expression:
    kept = [column for column in contract.columns if column.if_broken == "null"]
    names = [F.when(F.col(_wrong(column)).isNotNull(), F.lit(column.name)) for column in kept]
    empty = F.array().cast("array<string>")
    return (F.array_compact(F.array(*names)) if names else empty).alias("nulled")


def _values(contract: Contract, types: dict[str, DataType]) -> list[Expression]:
    values = {column.name: F.when(F.col(_wrong(column)).isNull(), F.col(column.name)) for column in contract.columns}
    if contract.line_column:
        values[contract.line_column] = F.col("line")
    return [values[name].cast(kind).alias(name) for name, kind in types.items() if name in values]


def _raw(column: Column) -> str:
    return f"{column.name}__text"


def _wrong(column: Column) -> str:
    return f"{column.name}__wrong"
