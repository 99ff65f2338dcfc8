"""The scoring config of a model: what is needed beside the model to score with it, compare it and monitor it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pyspark.ml import PipelineModel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.models.candidates import probability
from jobs.models.classification_metrics import PROBABILITY_MARGIN


@dataclass(frozen=True)
class ScoringConfig:
    """Scoring config, kept as `scoring_config.json` with the model's MLflow run.

    Attributes:
        use_case: name of the use case.
        candidate: name of the candidate, or "average".
        members: candidates whose mean probability is the model's.
        slope: factor of the log-odds in the calibration; 1 for none.
        intercept: shift of the log-odds in the calibration; 0 for none.
        threshold: probability from which acting brings the largest profit.
        holdout_below: rows with a content hash below this one didn't train the model.
        columns: input columns, whose values the content hash covers.
        features: features in the order of the vector.
        positive_rate: share of the training rows with the outcome.
        reference: profile of each feature in the training rows (see psi.profile).
        scores: profile of the probabilities of the holdout.
        checksum: SHA-256 of the file that the rows came from.
        rows: number of rows, holdout included.

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
        """Return the content of the JSON file."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "ScoringConfig":
        """Read the content of the JSON file. Version 0.1.0 called the use case `problem`."""
        renamed = {"problem": "use_case"}
        return cls(**{renamed.get(name, name): value for name, value in content.items()})


def score(model: PipelineModel, config: ScoringConfig, rows: DataFrame) -> DataFrame:
    """Add the model's columns and the calibrated `probability` (DOUBLE, 0 to 1) to model inputs."""
    first, *others = config.members
    mean = sum((probability(name) for name in others), probability(first)) / len(config.members)
    clipped = F.least(F.greatest(mean, F.lit(PROBABILITY_MARGIN)), F.lit(1 - PROBABILITY_MARGIN))
    log_odds = F.log(clipped / (1 - clipped))
    calibrated = 1 / (1 + F.exp(-(config.slope * log_odds + config.intercept)))
    return model.transform(rows).withColumn("probability", calibrated)
