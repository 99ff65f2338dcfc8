"""A model's card: what must be known beside the model itself to score with it, judge it and watch it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pyspark.ml import PipelineModel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.models.candidates import probability


@dataclass(frozen=True)
class Card:
    """Kept as `card.json` with the model's run.

    The probability is the mean of the `members`, its log-odds scaled by `slope` and shifted by `intercept`. Rows with a
    `place` below `holdout_below` did not train the model.
    """

    use_case: str
    candidate: str
    members: Sequence[str]
    slope: float
    intercept: float
    threshold: float
    holdout_below: float
    columns: Sequence[str]
    features: Sequence[str]
    positive_rate: float
    reference: Mapping[str, Any]
    scores: Mapping[str, Any]
    checksum: str
    rows: int

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def scored(model: PipelineModel, card: Card, rows: DataFrame) -> DataFrame:
    """The rows with the model's columns and `probability`. Rows are `inputs` of the use case."""
    mean = sum((probability(name) for name in card.members[1:]), probability(card.members[0])) / len(card.members)
    inside = F.least(F.greatest(mean, F.lit(1e-6)), F.lit(1 - 1e-6))
    log_odds = F.log(inside / (1 - inside))
    calibrated = 1 / (1 + F.exp(-(card.slope * log_odds + card.intercept)))
    return model.transform(rows).withColumn("probability", calibrated)
