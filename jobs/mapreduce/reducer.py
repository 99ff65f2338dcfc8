"""Reducer: reads sorted lines of the mapper or combiner and writes the answers.

An output line holds the columns of the table mapreduce_streaming, tab-separated: question, key, name, clients,
total, value. Standard library only.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

try:
    from jobs.mapreduce.questions import Answer, chosen, streams, summed
except ModuleNotFoundError:
    # a NodeManager has no package jobs, only the shipped files in the working directory
    from questions import Answer, chosen, streams, summed  # type: ignore[import-not-found,no-redef]


def answers(key: str, sums: Sequence[int]) -> Iterator[tuple[str, ...]]:
    """The answers about one group.

    Args:
        key: `question/key`.
        sums: the number of clients, then the exact sum of each answer.

    Yields:
        question, key, name, clients, total and value as text.

    """
    name, group = key.split("/", 1)
    (question,), (clients, *totals) = chosen([name]), sums
    for answer, total in zip(question.answers, totals, strict=True):
        exact = Decimal(total).scaleb(-answer.decimals)
        yield name, group, answer.name, str(clients), f"{exact:f}", repr(value(answer, clients, total))


def value(answer: Answer, clients: int, total: int) -> float:
    """The answer as a float: a count, or a mean as the quotient of two integers.

    The division rounds only once, and Spark performs the same one, so both engines agree to the last digit.
    """
    return float(total) / float(clients * 10**answer.decimals) if answer.is_mean else float(total)


def main() -> None:
    """Read sorted lines from stdin and write the answers to stdout."""
    lines, output = streams()
    output.writelines("\t".join(answer) + "\n" for key, sums in summed(lines) for answer in answers(key, sums))
    output.flush()


if __name__ == "__main__":
    main()
