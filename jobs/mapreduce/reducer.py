"""Reducer: sorted lines of the mapper or combiner in, answers out.

Standard library only. A line is question, key, name, clients, total, value, tab-separated: the columns of the
table mapreduce_streaming.
"""

import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal

try:
    from jobs.mapreduce.questions import Answer, chosen, streams, summed
except ModuleNotFoundError:
    # On a NodeManager each shipped file is a link into a folder of its own, and Python looks where the link leads.
    sys.path.append(".")
    from questions import Answer, chosen, streams, summed  # type: ignore[import-not-found,no-redef]


def answered(key: str, sums: Sequence[int]) -> Iterator[tuple[str, ...]]:
    """The answers about one group, from its exact sums."""
    name, group = key.split("/", 1)
    (question,), (clients, *totals) = chosen([name]), sums
    for answer, total in zip(question.answers, totals, strict=True):
        exact = Decimal(total).scaleb(-answer.places)
        yield name, group, answer.name, str(clients), f"{exact:f}", repr(value(answer, clients, total))


def value(answer: Answer, clients: int, total: int) -> float:
    """The answer as a float: a count as it is, a mean as one division of two whole numbers.

    That division rounds once, to the nearest float, and Spark makes the same one; so both agree to the last digit.
    """
    return float(total) / float(clients * 10**answer.places) if answer.is_mean else float(total)


def main() -> None:
    """Reduce stdin to stdout."""
    lines, output = streams()
    output.writelines("\t".join(answer) + "\n" for key, sums in summed(lines) for answer in answered(key, sums))
    output.flush()


if __name__ == "__main__":
    main()
