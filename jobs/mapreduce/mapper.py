"""Mapper: clients as tab-separated text in, one line for each client and question out.

    python3 mapper.py [question …] < clients.tsv | LC_ALL=C sort | python3 reducer.py

Standard library only. A line that is no client (a field too many or too few, a blank one, a number that is
none) is left out and counted, by Hadoop's counter protocol on stderr.
"""

import sys
from collections.abc import Iterable, Iterator

try:
    from jobs.mapreduce.questions import LINE, Answer, Question, chosen, streams
except ModuleNotFoundError:
    # On a NodeManager each shipped file is a link into a folder of its own, and Python looks where the link leads.
    sys.path.append(".")
    from questions import LINE, Answer, Question, chosen, streams  # type: ignore[import-not-found,no-redef]


def mapped(lines: Iterable[str], questions: Iterable[Question], counts: dict[str, int]) -> Iterator[str]:
    """What the mapper writes for these lines; `counts` gets lines and malformed_lines."""
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
    """What one client adds to an answer's sum: the number itself, money in cents, or 1 or 0."""
    if answer.is_mean:
        return int(values[answer.column].replace(".", ""))
    return int(not answer.column or values[answer.column] == answer.value)


def main() -> None:
    """Map stdin to stdout."""
    lines, output = streams()
    counts = {"lines": 0, "malformed_lines": 0}
    output.writelines(f"{line}\n" for line in mapped(lines, chosen(sys.argv[1:]), counts))
    output.flush()
    for name, count in counts.items():
        print(f"reporter:counter:bankstack,{name},{count}", file=sys.stderr)


if __name__ == "__main__":
    main()
