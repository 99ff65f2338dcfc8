"""The two use cases: their tables, outcomes and features.

The contract of the table (hive/ingest/<table>.toml) gives the role of each column. Every category and number of the
file is a feature, so a new column of the contract becomes a new feature. Columns marked `known_afterwards` aren't
features, and neither are the key, the outcome and the contract's derived columns.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.core.contracts import Contract, load_contract
from jobs.core.errors import BankError


@dataclass(frozen=True)
class UseCase:
    """A yes-or-no outcome of the rows of a table.

    Attributes:
        name: "subscription" or "default".
        table: the table with the outcome, one row per client.
        derived: SQL formula of each derived feature. It sees the model's inputs only (categories as STRING, numbers as
            DOUBLE), because the formula is part of the model.
        groups: SQL formula, over the columns of the table, of each attribute whose groups are compared for fairness.
        ordered_files: names of files whose rows are in order of time.

    """

    name: str
    table: str
    derived: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    ordered_files: tuple[str, ...] = ()

    @cached_property
    def contract(self) -> Contract:
        """The contract of the table."""
        return load_contract(self.table)

    @property
    def key(self) -> str:
        """Column that identifies a client."""
        return self.contract.key

    @property
    def outcome(self) -> str:
        """Column with the outcome."""
        return self.contract.outcome.name

    @property
    def positive(self) -> str:
        """Value of the outcome, as text, that the models predict."""
        return self.contract.positive

    @property
    def known_afterwards(self) -> tuple[str, ...]:
        """Columns whose values are known only after the outcome; no model may use them."""
        return self.contract.known_afterwards

    def is_category(self, column: str) -> bool:
        """True if the column holds names or codes, and not quantities."""
        return column in self.contract.categories


@dataclass(frozen=True)
class Features:
    """The features of a model.

    Attributes:
        categories: input columns with names or codes.
        numbers: input columns with quantities.
        derived: SQL formula of each feature derived from input columns.

    """

    categories: tuple[str, ...]
    numbers: tuple[str, ...]
    derived: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """All features, in the order of the models' vectors."""
        return [*self.categories, *self.numbers, *self.derived]

    def without(self, dropped: Collection[str]) -> "Features":
        """Return the features that aren't in `dropped`. A derived feature stays if only its inputs are dropped."""
        return Features(
            tuple(name for name in self.categories if name not in dropped),
            tuple(name for name in self.numbers if name not in dropped),
            {name: formula for name, formula in self.derived.items() if name not in dropped},
        )


def _subscription() -> UseCase:
    """Will a client of the campaign subscribe to a term deposit?"""
    month_number = load_contract("clients").derived["month_number"]
    day_of_year = f"31 * ({month_number}) + day"  # in a year of twelve months with 31 days
    return UseCase(
        name="subscription",
        table="clients",
        derived={
            "day_of_year": day_of_year,
            "earlier_contact_day": f"IF(pdays >= 0, {day_of_year} - pdays, NULL)",
            "earlier_contact_season": f"IF(pdays >= 0, pmod({day_of_year} - pdays, 372), NULL)",
        },
        groups={"age": "age_band"},
        ordered_files=("bank-full.csv",),
    )


def _default() -> UseCase:
    """Will a credit-card client default next month?

    `status` is the repayment status of the last six months, the latest first; `bills` and `payments` are the amounts.
    """
    status = ("pay_0", "pay_2", "pay_3", "pay_4", "pay_5", "pay_6")
    bills = [f"bill_amt{month}" for month in range(1, 7)]
    payments = [f"pay_amt{month}" for month in range(1, 7)]
    used = {f"used_{month}": f"{bill} / nullif(credit_limit, 0)" for month, bill in enumerate(bills, 1)}
    spent = {
        f"spent_{month}": f"(bill_amt{month} - bill_amt{month + 1} + pay_amt{month}) / nullif(credit_limit, 0)"
        for month in range(1, 6)
    }
    return UseCase(
        name="default",
        table="credit",
        derived={
            "months_late": " + ".join(f"IF({name} > 0, 1, 0)" for name in status),
            "worst_status": f"greatest({', '.join(status)})",
            "lateness": " + ".join(f"{6 - ago} * greatest({name}, 0)" for ago, name in enumerate(status)),
            **used,
            "used_1": load_contract("credit").derived["utilisation"],
            **spent,
            "left_of_limit": "credit_limit - bill_amt1",
            "bill_growth": "(bill_amt1 - bill_amt6) / nullif(credit_limit, 0)",
            "least_paid": f"least({', '.join(payments)})",
            "most_paid": f"greatest({', '.join(payments)})",
            "months_unpaid": " + ".join(f"IF({name} = 0, 1, 0)" for name in payments),
            "paid_of_limit": f"({' + '.join(payments)}) / nullif(credit_limit, 0)",
            "paid_of_bills": f"({' + '.join(payments)}) / (abs({' + '.join(bills)}) + 1000)",
        },
        groups={"age": "age_band", "sex": "CASE sex WHEN 1 THEN 'male' WHEN 2 THEN 'female' END"},
    )


USE_CASES = {use_case.name: use_case for use_case in (_subscription(), _default())}


def allowed_features(use_case: UseCase, afterwards: bool = False) -> Features:
    """Return the features that the contract allows.

    Args:
        use_case: the use case.
        afterwards: also return columns known only afterwards, for a comparison that no decision follows.

    """
    contract = use_case.contract
    excluded = {*contract.derived, *(() if afterwards else use_case.known_afterwards)}
    categories = tuple(name for name in contract.categories if name not in excluded)
    numbers = tuple(name for name in contract.numbers if name not in excluded)
    return Features(categories, numbers, use_case.derived)


def source_columns(use_case: UseCase, afterwards: bool = False) -> list[str]:
    """Return the columns of the table that features are made from: categories, then numbers."""
    features = allowed_features(use_case, afterwards)
    return [*features.categories, *features.numbers]


def model_inputs(rows: DataFrame, use_case: UseCase, columns: Collection[str], keep: Collection[str] = ()) -> DataFrame:
    """Cast columns to the types that the models expect: categories to STRING, numbers to DOUBLE.

    Args:
        rows: rows of the use case's table.
        use_case: the use case.
        columns: input columns of the model.
        keep: columns to keep as they are, before the inputs.

    Raises:
        BankError: the rows lack an input column.

    """
    if missing := [name for name in columns if name not in rows.columns]:
        raise BankError(
            f"table {use_case.table} lacks {', '.join(missing)}, which the model for {use_case.name} was trained on: "
            f"load a file with it, or train again: bankstack run models.train_{use_case.name}"
        )
    types = {name: "string" if use_case.is_category(name) else "double" for name in columns}
    return rows.select(*keep, *[F.col(name).cast(type_).alias(name) for name, type_ in types.items()])


def is_positive(use_case: UseCase) -> Column:
    """Return the label: 1.0 where the outcome is the predicted one, else 0.0; null where it's unknown."""
    return (F.col(use_case.outcome).cast("string") == use_case.positive).cast("double")
