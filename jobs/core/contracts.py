"""Contracts of the source tables: how their files are written, and what each column must hold.

A contract is the TOML file beside the table's HQL, `hive/<stage>/<table>.toml`. The HQL gives names and types.
"""

import tomllib
from dataclasses import dataclass, field
from typing import Literal

from jobs.core.hive_files import hive_folder
from jobs.core.tables import columns as table_columns

Role = Literal["", "key", "category", "number", "money", "outcome"]


@dataclass(frozen=True)
class Column:
    """The rules of one column.

    Attributes:
        name: its name in the table.
        source: its name in the file's header.
        why: the reason for an unusual rule, as the data quality report prints it.
        role: how analyses use the column; "" if they don't. "key" identifies a row. A "category" holds names or codes,
            a "number" quantities, "money" amounts. The "outcome" is what models predict.
        positive: the outcome's value, as text, whose rate is measured.
        protected: a personal trait for which fairness matters.
        known_afterwards: the value is known only after the outcome, so no model may use it.
        if_broken: "reject" moves the whole row to rejected_rows; "null" keeps the row without the value.

    """

    name: str
    source: str
    why: str = ""
    role: Role = ""
    positive: str = ""
    protected: bool = False
    known_afterwards: bool = False
    required: bool = False
    unique: bool = False
    allowed: tuple[str, ...] = ()
    minimum: str | None = None
    maximum: str | None = None
    pattern: str | None = None
    format: str | None = None
    not_after: str | None = None
    if_broken: Literal["reject", "null"] = "reject"


@dataclass(frozen=True)
class Contract:
    """One data set: its files, their format, and the rules of its columns.

    Attributes:
        dataset: the name of the data set and of its table.
        title: the data set's name in messages and reports.
        files: names or patterns of its files, the preferred one first.
        separator: the character between two values.
        columns: the columns of the file.
        max_rejected_share: a file with a larger share of rejected rows is refused.
        blank: the texts that stand for a missing value.
        line_column: the column that receives the line number of the file, if there is one; it is the table's key.
        derived: SQL formulas of the derived columns by name. They see checked values, and derived columns above them.
        derived_roles: roles of derived columns; analyses skip those without one.

    """

    dataset: str
    title: str
    files: tuple[str, ...]
    separator: str
    columns: tuple[Column, ...]
    max_rejected_share: float = 0.05
    blank: tuple[str, ...] = ("",)
    line_column: str | None = None
    derived: dict[str, str] = field(default_factory=dict)
    derived_roles: dict[str, Role] = field(default_factory=dict)

    @property
    def header(self) -> list[str]:
        """The names that the file's first line must contain, in any order."""
        return [column.source for column in self.columns]

    @property
    def key(self) -> str:
        """Name of the column that identifies a row."""
        return self.line_column or self._only("key").name

    @property
    def outcome(self) -> Column:
        """The column that models predict."""
        return self._only("outcome")

    @property
    def positive(self) -> str:
        """The outcome's value, as text, whose rate is measured: yes, 1."""
        return self.outcome.positive

    @property
    def numbers(self) -> tuple[str, ...]:
        """Names of all numeric columns, amounts of money included."""
        return self.with_role("number", "money")

    @property
    def categories(self) -> tuple[str, ...]:
        """Names of the columns that hold names or codes, without the outcome."""
        return self.with_role("category")

    @property
    def known_afterwards(self) -> tuple[str, ...]:
        """Names of the columns that no model may use."""
        return tuple(column.name for column in self.columns if column.known_afterwards)

    def with_role(self, *roles: Role) -> tuple[str, ...]:
        """Names of the columns with one of the roles, in the order of the table."""
        role_of = {column.name: column.role for column in self.columns} | self.derived_roles
        return tuple(name for name in table_columns(self.dataset) if role_of.get(name) in roles)

    def _only(self, role: Role) -> Column:
        found = [column for column in self.columns if column.role == role]
        if len(found) != 1:
            raise ValueError(
                f'hive/*/{self.dataset}.toml: expected one column with role = "{role}", found {len(found)}'
            )
        return found[0]


def contract_text(table: str) -> str:
    """The text of the table's contract, `hive/<stage>/<table>.toml`; empty for a table without one."""
    return "".join(path.read_text() for path in hive_folder().glob(f"*/{table}.toml"))


def load_contract(dataset: str) -> Contract:
    """Read the contract of a data set, which has the same name as its table."""
    content = tomllib.loads(contract_text(dataset))
    columns = tuple(_column(rule) for rule in content.pop("column"))
    for key in ("files", "blank"):
        if key in content:
            content[key] = tuple(content[key])
    return Contract(dataset=dataset, columns=columns, **content)


def _column(rule: dict[str, object]) -> Column:
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in rule.items()}
    return Column(**{"source": rule["name"], **values})  # type: ignore[arg-type]
