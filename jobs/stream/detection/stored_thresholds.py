"""The thresholds of a stream: fitted once, stored beside its checkpoint, the same after each restart."""

import logging
from collections.abc import Callable

import pandas as pd

from jobs.core.errors import BankError
from jobs.core.files import get_text, lake_files, put_text
from jobs.core.settings import Settings
from jobs.stream.detection.fit_thresholds import fit_thresholds
from jobs.stream.detection.reference_events import read_reference_events
from jobs.stream.detection.thresholds import Thresholds
from jobs.stream.durations import seconds

FILE = "stream/thresholds.json"
log = logging.getLogger("bankstack.stream")


def load_or_fit_thresholds(settings: Settings, fallback_events: Callable[[], pd.DataFrame]) -> Thresholds:
    """Load the stored thresholds; at the first start, fit them and store them.

    Args:
        settings: give the lake, the alert budget and the expiry of idle keys.
        fallback_events: returns the events to fit to if no reference events are stored.

    """
    filesystem, root = lake_files(settings)
    if text := get_text(filesystem, f"{root}/{FILE}"):
        return Thresholds.from_json(text)
    events = read_reference_events(settings)
    if events is None:
        events = fallback_events()
    thresholds = fit_thresholds(events, settings.alert_budget, seconds(settings.stream_expiry))
    put_text(filesystem, f"{root}/{FILE}", thresholds.to_json())
    log.info("fitted thresholds to %s reference events: level %.2f", f"{thresholds.events:,}", thresholds.level)
    return thresholds


def load_thresholds(settings: Settings) -> Thresholds:
    """Load the stored thresholds.

    Raises:
        BankError: the stream has not been started yet.

    """
    filesystem, root = lake_files(settings)
    text = get_text(filesystem, f"{root}/{FILE}")
    if text is None:
        raise BankError(f"no thresholds in {settings.lake_url}/{FILE}: start the stream first, with: bankstack stream")
    return Thresholds.from_json(text)
