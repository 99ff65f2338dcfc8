"""The client behind `make sql Q=…`, with a fake cursor; the cluster's tests use the real one."""

from types import SimpleNamespace

import hive_query


class FakeCursor:
    """A cursor that answers each `select` with the same rows and keeps the statements."""

    def __init__(self, names, rows):
        self.names, self.rows, self.statements, self.description = names, rows, [], None

    def execute(self, statement):
        self.statements.append(statement)
        self.description = [(name, "STRING") for name in self.names] if statement.startswith("select") else None

    def fetchall(self):
        return self.rows


def test_each_statement_runs_without_its_semicolon_and_answers_become_tables():
    cursor = FakeCursor(["job", "share"], [("retired", 0.25), (None, True)])
    tables = list(hive_query.answers(cursor, "use bank; select 'a;b' as job, share from t;\n"))
    assert cursor.statements == ["use bank", "select 'a;b' as job, share from t"]
    assert [line.split() for line in tables[0].splitlines() if line.startswith("|")] == [
        ["|", "job", "|", "share", "|"],
        ["|", "retired", "|", "0.25", "|"],
        ["|", "NULL", "|", "true", "|"],
    ]


def test_numbers_keep_their_digits():
    (table,) = hive_query.answers(FakeCursor(["id"], [("007",)]), "select id from t")
    assert "| 007  |" in table


def test_an_error_is_the_first_line_of_the_servers_message():
    status = SimpleNamespace(errorMessage="Error while compiling statement: no table x\nat org.apache.hive")
    assert hive_query.reason(Exception(SimpleNamespace(status=status))) == "Error while compiling statement: no table x"
    assert hive_query.reason(Exception("no connection")) == "no connection"
