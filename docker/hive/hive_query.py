#!/opt/hive-client/bin/python
"""Run SQL on HiveServer2 and print each answer as a table: hive-query "select …; select …".

beeline needs seconds to start its JVM; this client answers in about one. Exit codes: 0 success, 1 a statement failed.
"""

import logging
import sys
from collections.abc import Iterator
from typing import Any

import sqlparse
from tabulate import tabulate


def answers(cursor: Any, statements: str) -> Iterator[str]:
    """Run statements in order and yield the table of each that returns rows."""
    for statement in sqlparse.split(statements):
        cursor.execute(statement.rstrip("; \n"))
        if cursor.description:
            names = [column[0] for column in cursor.description]
            rows = [[printed(value) for value in row] for row in cursor.fetchall()]
            yield tabulate(rows, names, tablefmt="outline", disable_numparse=True)


def printed(value: Any) -> str:
    """Return a value as Hive's own clients print it."""
    if value is None:
        return "NULL"
    return str(value).lower() if isinstance(value, bool) else str(value)


def reason(error: Exception) -> str:
    """Return the first line of HiveServer2's message in an error of PyHive."""
    status = getattr(error.args[0], "status", None) if error.args else None
    return str(status.errorMessage if status else error).splitlines()[0]


def main() -> int:
    """Run the statements in the first argument and return the exit code."""
    from pyhive import exc, hive

    logging.disable(logging.CRITICAL)
    connection = hive.connect("localhost", port=10000, username="bank")
    try:
        for table in answers(connection.cursor(), sys.argv[1]):
            print(table)
    except exc.Error as error:
        print(reason(error), file=sys.stderr)
        return 1
    finally:
        connection.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
