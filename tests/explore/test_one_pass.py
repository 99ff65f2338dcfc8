"""One pass over the tables: the partitions and the order of their rows don't matter."""

import numpy as np
import pytest

from jobs.explore import one_pass
from jobs.explore.moments import correlation


def test_the_partitions_of_a_table_do_not_change_the_summaries(bank):
    (whole, parts) = (one_pass.summarise({"clients": rows}, seed=1) for rows in (bank, bank.repartition(3)))

    for key, answers in whole.columns.items():
        found = parts.columns[key]
        assert repr(found) == repr(answers), key  # NaN differs from itself, its text doesn't
    pearson = [correlation(found.pairs["clients"].numbers) for found in (whole, parts)]
    np.testing.assert_allclose(pearson[1], pearson[0], rtol=1e-10)
    np.testing.assert_allclose(parts.ranks["clients"], whole.ranks["clients"], rtol=1e-10)


def test_ranks_of_a_large_table_come_from_a_sample_that_its_partitions_do_not_change(bank, monkeypatch):
    monkeypatch.setattr(one_pass, "SAMPLED_ABOVE", 1_000)
    rows = bank.withColumn("client_id", bank["age"].cast("long") * 100_000 + bank["duration"])
    plan = one_pass.plan_of("clients", rows.schema)

    samples = [one_pass.prepared(part, plan, seed=1).where("sampled") for part in (rows, rows.repartition(3))]

    counts = [sample.groupBy("client_id").count().sort("client_id").collect() for sample in samples]
    assert counts[0] == counts[1]
    assert sum(row["count"] for row in counts[0]) == pytest.approx(1_000, rel=0.15)
