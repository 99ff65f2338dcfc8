"""Combiner: adds up the output of one mapper, so that less data is sorted and sent.

Input and output lines have the same format, so running it more or less often doesn't change the answers.
Standard library only.
"""

try:
    from jobs.mapreduce.questions import streams, summed
except ModuleNotFoundError:
    # a NodeManager has no package jobs, only the shipped files in the working directory
    from questions import streams, summed  # type: ignore[import-not-found,no-redef]


def main() -> None:
    """Read mapper lines from stdin and write combined lines to stdout."""
    lines, output = streams()
    output.writelines("\t".join((key, *map(str, sums))) + "\n" for key, sums in summed(lines))
    output.flush()


if __name__ == "__main__":
    main()
