"""The two use cases: which table, which outcome, which columns a model may see.

Columns come from the table's contract, so a new column of the contract is a new feature. Columns that the contract
marks as known only afterwards are left out, as is the outcome itself.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.core.contracts import load_contract
from jobs.core.errors import BankError
from jobs.core.tables import definition

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_STATUS = ("pay_0", "pay_2", "pay_3", "pay_4", "pay_5", "pay_6")
_BILLS, _PAID = ([f"{kind}_amt{month}" for month in range(1, 7)] for kind in ("bill", "pay"))
_SPENT = [f"bill_amt{n} - bill_amt{n + 1} + pay_amt{n}" for n in range(1, 6)]  # of the limit, month by month


@dataclass(frozen=True)
class UseCase:
    """A yes-or-no outcome of a table. `derived` are features as SQL over columns that are known beforehand."""

    name: str
    table: str
    label: str
    positive: str
    categories: tuple[str, ...]
    derived: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    ordered_files: tuple[str, ...] = ()
    key: str = "client_id"


_AGE = (
    "CASE WHEN age < 30 THEN 'under 30' WHEN age < 45 THEN '30-44' "
    "WHEN age < 60 THEN '45-59' WHEN age >= 60 THEN '60 or older' END"
)
_DAY = f"31 * array_position(array{tuple(MONTHS)}, month) + day"  # of a year of 372 days

USE_CASES = {
    "subscription": UseCase(
        name="subscription",
        table="clients",
        label="subscribed",
        positive="yes",
        categories=("job", "marital", "education", "in_default", "housing", "loan", "contact", "month", "poutcome"),
        derived={
            "day_of_year": _DAY,
            "earlier_contact_day": f"IF(pdays >= 0, {_DAY} - pdays, NULL)",
            "earlier_contact_season": f"IF(pdays >= 0, pmod({_DAY} - pdays, 372), NULL)",
        },
        groups={"age": _AGE},
        ordered_files=("bank-full.csv",),
    ),
    "default": UseCase(
        name="default",
        table="credit",
        label="defaulted",
        positive="1",
        categories=("sex", "education", "marriage"),
        derived={
            "months_late": " + ".join(f"IF({name} > 0, 1, 0)" for name in _STATUS),
            "worst_status": f"greatest({', '.join(_STATUS)})",
            "lateness": " + ".join(f"{6 - ago} * greatest({name}, 0)" for ago, name in enumerate(_STATUS)),
            **{f"used_{n}": f"{bill} / nullif(credit_limit, 0)" for n, bill in enumerate(_BILLS, 1)},
            **{f"spent_{n}": f"({sum_of}) / nullif(credit_limit, 0)" for n, sum_of in enumerate(_SPENT, 1)},
            "left_of_limit": "credit_limit - bill_amt1",
            "bill_growth": "(bill_amt1 - bill_amt6) / nullif(credit_limit, 0)",
            "least_paid": f"least({', '.join(_PAID)})",
            "most_paid": f"greatest({', '.join(_PAID)})",
            "months_unpaid": " + ".join(f"IF({name} = 0, 1, 0)" for name in _PAID),
            "paid_of_limit": f"({' + '.join(_PAID)}) / nullif(credit_limit, 0)",
            "paid_of_bills": f"({' + '.join(_PAID)}) / (abs({' + '.join(_BILLS)}) + 1000)",
        },
        groups={"age": _AGE, "sex": "CASE sex WHEN '1' THEN 'male' WHEN '2' THEN 'female' END"},
    ),
}


@dataclass(frozen=True)
class Features:
    """The columns that a model sees: `inputs` of the table, of which or from which `numbers` and `categories` are."""

    categories: tuple[str, ...]
    numbers: tuple[str, ...]
    derived: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """All features, in the order of the models' vectors."""
        return [*self.categories, *self.numbers, *self.derived]

    def without(self, dropped: Collection[str]) -> "Features":
        """The features that are not in `dropped`; a derived one stays if its own name is not."""
        return Features(
            tuple(name for name in self.categories if name not in dropped),
            tuple(name for name in self.numbers if name not in dropped),
            {name: sql for name, sql in self.derived.items() if name not in dropped},
        )


def features(use_case: UseCase, afterwards: bool = False) -> Features:
    """The features that the contract allows; with `afterwards` also those known only afterwards, for comparison."""
    columns = [
        column.name
        for column in load_contract(use_case.table).columns
        if column.name not in (use_case.key, use_case.label) and (afterwards or not column.known_afterwards)
    ]
    categories = tuple(name for name in columns if is_category(use_case, name))
    return Features(categories, tuple(name for name in columns if name not in categories), use_case.derived)


def is_category(use_case: UseCase, name: str) -> bool:
    """Whether a column's values are names: texts, and the numbers that the use case lists as such."""
    return name in use_case.categories or bool(
        re.search(rf"^ +{name} +STRING", definition(use_case.table), re.MULTILINE)
    )


def known_afterwards(use_case: UseCase) -> list[str]:
    """The columns that no model may use, as the contract says."""
    return [column.name for column in load_contract(use_case.table).columns if column.known_afterwards]


def source_columns(use_case: UseCase, afterwards: bool = False) -> list[str]:
    """The table's columns that features are made from, in the contract's order."""
    seen = features(use_case, afterwards)
    return [*seen.categories, *seen.numbers]


def inputs(rows: DataFrame, use_case: UseCase, columns: Collection[str], keep: Collection[str] = ()) -> DataFrame:
    """The rows as a model takes them: categories as text, numbers as doubles; `keep` are columns left as they are.

    Raises:
        BankError: the rows lack a column that the model needs.

    """
    if missing := [name for name in columns if name not in rows.columns]:
        raise BankError(
            f"table {use_case.table} lacks {', '.join(missing)}, which the model for {use_case.name} was trained on: "
            f"load a file with it, or train anew: python -m jobs run models.train_{use_case.name}"
        )
    kinds = {name: "string" if is_category(use_case, name) else "double" for name in columns}
    return rows.select(*keep, *[F.col(name).cast(kind).alias(name) for name, kind in kinds.items()])


def is_positive(use_case: UseCase) -> Column:
    """1.0 where the outcome is the one that is looked for, else 0.0."""
    return (F.col(use_case.label).cast("string") == use_case.positive).cast("double")
