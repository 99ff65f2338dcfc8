"""Every HQL file is understood by both readers: Spark's parser, and Hive's (the one that Spark carries)."""

from string import Template

import pytest

from jobs.core.settings import PROJECT

FILES = sorted((PROJECT / "hive").rglob("*.hql"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_hive_and_spark_parse_it(spark, path):
    statement = Template(path.read_text()).substitute(db="bank", lake="hdfs://namenode:8020/bank").rstrip().rstrip(";")
    spark._jsparkSession.sessionState().sqlParser().parsePlan(statement)
    code = "\n".join(line for line in statement.splitlines() if not line.startswith("--"))
    spark._jvm.org.apache.hadoop.hive.ql.parse.ParseDriver().parse(code)
