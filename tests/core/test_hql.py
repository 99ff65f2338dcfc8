"""Spark's parser and Hive's parser (the one that Spark contains) accept every HQL file."""

import re
from string import Template

import pytest

from jobs.core.settings import PROJECT

# Words that Hive 4 reserves in addition to the parser that Spark contains (Hive 2.3).
RESERVED = {
    "any",
    "dec",
    "integer",
    "merge",
    "minus",
    "numeric",
    "precision",
    "qualify",
    "sync",
    "time",
    "unique",
    "views",
}
FILES = sorted((PROJECT / "hive").rglob("*.hql"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_hive_and_spark_parse_the_file(spark, path):
    statement = Template(path.read_text()).substitute(db="bank", lake="hdfs://namenode:8020/bank").rstrip().rstrip(";")
    spark._jsparkSession.sessionState().sqlParser().parsePlan(statement)
    code = "\n".join(line for line in statement.splitlines() if not line.startswith("--"))
    spark._jvm.org.apache.hadoop.hive.ql.parse.ParseDriver().parse(code)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_column_name_is_reserved_in_hive_4(path):
    names = {line.split()[0].lower() for line in path.read_text().splitlines() if line.startswith("  ")}
    assert not names & RESERVED


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_comments_fit_into_the_metastores_columns(path):
    """PostgreSQL would refuse a longer one only when the table is created on a cluster."""
    comments = re.findall(r"COMMENT '((?:[^'\\]|\\.|'')*)'", path.read_text(), re.IGNORECASE)
    assert comments
    assert max(map(len, comments)) <= 256
