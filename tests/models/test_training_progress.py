"""The log says how far a training is."""

import logging
import time

import pandas as pd

from jobs.models.training_progress import TrainingProgress


def test_a_line_names_the_fits_the_scores_and_the_time_left():
    progress = TrainingProgress("default")
    progress.expect(2)
    progress.show("random_cv")
    with progress.fitting("forest (fold 1)"):
        assert progress.line() == "default: random_cv; 0 of 2 fits; fitting forest (fold 1)"

    progress.scored(pd.DataFrame({"label": [0.0, 1.0, 0.0], "forest": [0.1, 0.3, 0.4]}))

    start = "default: random_cv; 1 of 2 fits; mean ROC-AUC of the splits so far: forest 0.500; about "
    assert progress.line().startswith(start) and progress.line().endswith(" s of fitting left")


def test_the_line_appears_at_an_interval_until_the_training_ends(caplog):
    caplog.set_level(logging.INFO, "bankstack")
    progress = TrainingProgress("default")
    progress.show("reading the rows")

    with progress.logged(interval=0.05):
        while len(caplog.messages) < 2:
            time.sleep(0.01)
    lines = len(caplog.messages)
    time.sleep(0.2)

    assert set(caplog.messages) == {"default: reading the rows"}
    assert len(caplog.messages) == lines, "the training has ended"
