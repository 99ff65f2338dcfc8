"""Mapper: reads clients as tab-separated text and writes one line per client and question.

    python3 mapper.py [question …] < clients.tsv | LC_ALL=C sort | python3 reducer.py

Standard library only. Malformed lines (too many or too few fields, an empty field, an invalid number) are
skipped and counted through Hadoop's counter protocol on stderr.
"""

import sys
from collections.abc import Iterable, Iterator

try:
    from jobs.mapreduce.questions import LINE, Answer, Question, chosen, streams
except ModuleNotFoundError:
    # a NodeManager has no package jobs, only the shipped files in the working directory
    from questions import LINE, Answer, Question, chosen, streams  # type: ignore[import-not-found,no-redef]


def mapped(lines: Iterable[str], questions: Iterable[Question], counts: dict[str, int]) -> Iterator[str]:
    """Map input lines to output lines.

    Args:
        lines: clients as text.
        questions: the questions to answer.
        counts: receives the counters lines and malformed_lines.

    Yields:
        `question/key`, 1 for the client, and the client's number for each answer; tab-separated.

    """
    for line in lines:
        counts["lines"] += 1
        if client := LINE.fullmatch(line.rstrip("\n")):
            values = client.groupdict()
            for question in questions:
                numbers = (str(number(answer, values)) for answer in question.answers)
                yield "\t".join((f"{question.name}/{values[question.key]}", "1", *numbers))
        else:
            counts["malformed_lines"] += 1


def number(answer: Answer, values: dict[str, str]) -> int:
    """What one client adds to the answer's sum: the column's number, with money in cents, or 1 or 0."""
    if answer.is_mean:
        return int(values[answer.column].replace(".", ""))
    return int(not answer.column or values[answer.column] == answer.value)


def main() -> None:
    """Read clients from stdin, write mapped lines to stdout and counters to stderr."""
    lines, output = streams()
    counts = {"lines": 0, "malformed_lines": 0}
    output.writelines(f"{line}\n" for line in mapped(lines, chosen(sys.argv[1:]), counts))
    output.flush()
    for name, count in counts.items():
        print(f"reporter:counter:bankstack,{name},{count}", file=sys.stderr)


if __name__ == "__main__":
    main()
