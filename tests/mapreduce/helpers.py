"""Clients as lines of text, and answers nested as in results.json."""

from collections.abc import Iterable

from jobs.mapreduce.questions import COLUMNS

CLIENT = {
    "client_id": "1",
    "age": "30",
    "job": "retired",
    "marital": "single",
    "education": "primary",
    "in_default": "no",
    "balance": "10.00",
    "housing": "yes",
    "loan": "no",
    "contact": "cellular",
    "day": "5",
    "month": "may",
    "duration": "60",
    "campaign": "1",
    "pdays": "-1",
    "previous": "0",
    "poutcome": "unknown",
    "subscribed": "no",
}


def line(**changes: str) -> str:
    """A client's line of clients_text, with the given fields changed."""
    client = {**CLIENT, **changes}
    return "\t".join(client[name] for name in COLUMNS) + "\n"


def text(*lines: str) -> list[bytes]:
    """Lines as blocks of bytes."""
    return [line.encode() for line in lines]


def nested(answers: Iterable[tuple[str, str, str, float]]) -> dict[str, dict[str, dict[str, float]]]:
    """Rows of question, key, name, value as {question: {key: {name: value}}}."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for question, key, name, value in answers:
        found.setdefault(question, {}).setdefault(key, {})[name] = value
    return found


def by_question(lines: Iterable[str]) -> dict[str, dict[str, dict[str, float]]]:
    """The reducer's lines as {question: {key: {name: value}}}."""
    rows = (line.split("\t") for line in lines)
    return nested((question, key, name, float(value)) for question, key, name, _, _, value in rows)
