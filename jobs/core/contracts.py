"""Contracts: what a data set's files must hold beyond names and types, which the HQL gives.

Each is a TOML file beside the table's HQL, `hive/<stage>/<table>.toml`.
"""

import tomllib
from dataclasses import dataclass, field
from typing import Literal

from jobs.core.settings import PROJECT


@dataclass(frozen=True)
class Column:
    """The rule for one column. `if_broken` says what becomes of a value that breaks it.

    `reject` puts the whole row into rejected_rows; `null` keeps the row without the value. Either is
    decided here, in writing; a value is never guessed.
    """

    name: str
    source: str
    why: str = ""
    required: bool = False
    unique: bool = False
    allowed: tuple[str, ...] = ()
    minimum: str | None = None
    maximum: str | None = None
    pattern: str | None = None
    format: str | None = None
    not_after: str | None = None
    if_broken: Literal["reject", "null"] = "reject"
    known_afterwards: bool = False


@dataclass(frozen=True)
class Contract:
    """A data set: which files hold it, how they are written, and the rule for each column."""

    dataset: str
    title: str
    files: tuple[str, ...]
    separator: str
    columns: tuple[Column, ...]
    max_rejected_share: float = 0.05
    blank: tuple[str, ...] = ("",)
    line_column: str | None = None
    derived: dict[str, str] = field(default_factory=dict)

    @property
    def header(self) -> list[str]:
        """The names that the file's first line must have, in any order."""
        return [column.source for column in self.columns]


def contract_text(table: str) -> str:
    """The text of the table's contract, `hive/<stage>/<table>.toml`; '' for a table without one."""
    return "".join(path.read_text() for path in (PROJECT / "hive").glob(f"*/{table}.toml"))


def load_contract(dataset: str) -> Contract:
    """Read the contract of a data set, which is also the name of its table."""
    content = tomllib.loads(contract_text(dataset))
    columns = tuple(_column(rule) for rule in content.pop("column"))
    for key in ("files", "blank"):
        if key in content:
            content[key] = tuple(content[key])
    return Contract(dataset=dataset, columns=columns, **content)


def _column(rule: dict[str, object]) -> Column:
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in rule.items()}
    return Column(**{"source": rule["name"], **values})  # type: ignore[arg-type]
