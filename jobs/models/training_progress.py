"""Says in the log how far a training is: a line every few seconds, with the fits, the scores and the time left."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread

import pandas as pd

from jobs.models.classification_metrics import roc_auc

INTERVAL = 5.0
"""Seconds between two lines."""

log = logging.getLogger("bankstack")


class TrainingProgress:
    """What a training does at the moment. Threads that fit candidates share it."""

    def __init__(self, title: str = "training") -> None:
        """Start at nothing done; the title, for example the use case, starts each line."""
        self._title, self._fits, self._done = title, 0, 0
        self._activity, self._running = "", list[str]()
        self._aucs: dict[str, list[float]] = {}
        self._first_fit = 0.0
        self._lock = Lock()

    def expect(self, fits: int) -> None:
        """Add to the number of fits that the training consists of."""
        with self._lock:
            self._fits += fits

    def show(self, activity: str) -> None:
        """Say what is done now, for example an evaluation. The scores so far are those of one evaluation."""
        with self._lock:
            self._activity = activity
            self._aucs.clear()

    @contextmanager
    def fitting(self, fit: str) -> Iterator[None]:
        """Show a fit, for example `forest (fold 3)`, while the block runs, and count it."""
        with self._lock:
            self._first_fit = self._first_fit or time.monotonic()
            self._running.append(fit)
        yield
        with self._lock:
            self._running.remove(fit)
            self._done += 1

    def scored(self, scores: pd.DataFrame) -> None:
        """Take the scores of a split: `label`, and the probabilities of each candidate."""
        labels = scores["label"].to_numpy(float)
        with self._lock:
            for name in scores.columns.drop("label"):
                self._aucs.setdefault(name, []).append(roc_auc(labels, scores[name].to_numpy(float)))

    def line(self) -> str:
        """Return the line for the log."""
        with self._lock:
            parts = [f"{self._title}: {self._activity}"]
            if self._first_fit:
                parts.append(f"{self._done} of {self._fits} fits")
            if self._running:
                parts.append(f"fitting {', '.join(sorted(self._running))}")
            if self._aucs:
                means = (f"{name} {sum(aucs) / len(aucs):.3f}" for name, aucs in self._aucs.items())
                parts.append(f"mean ROC-AUC of the splits so far: {', '.join(means)}")
            if self._done and self._done < self._fits:
                seconds = (time.monotonic() - self._first_fit) / self._done * (self._fits - self._done)
                parts.append(f"about {seconds:.0f} s of fitting left")
            return "; ".join(parts)

    @contextmanager
    def logged(self, interval: float = INTERVAL) -> Iterator[None]:
        """Log a line every `interval` seconds until the block ends."""
        ended = Event()

        def keep_logging() -> None:
            while not ended.wait(interval):
                log.info("%s", self.line())

        thread = Thread(target=keep_logging, name=f"progress {self._title}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
