"""Every HQL file is understood by both readers: Spark's parser, and Hive's (the one that Spark carries)."""

from string import Template

import pytest

from jobs.core.settings import PROJECT

# Hive 4 reserves these beyond the parser that Spark carries (Hive 2.3).
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
def test_hive_and_spark_parse_it(spark, path):
    statement = Template(path.read_text()).substitute(db="bank", lake="hdfs://namenode:8020/bank").rstrip().rstrip(";")
    spark._jsparkSession.sessionState().sqlParser().parsePlan(statement)
    code = "\n".join(line for line in statement.splitlines() if not line.startswith("--"))
    spark._jvm.org.apache.hadoop.hive.ql.parse.ParseDriver().parse(code)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_column_has_a_name_that_hive_4_reserves(path):
    names = {line.split()[0].lower() for line in path.read_text().splitlines() if line.startswith("  ")}
    assert not names & RESERVED
