"""The calibration of a stream: made once, kept beside its checkpoint, the same after each restart."""

import logging

from jobs.core.files import get_text, lake_files, put_text
from jobs.core.settings import Settings
from jobs.simulation.bank.earlier_events import earlier
from jobs.stream.detection.thresholds import Calibration, calibrate
from jobs.stream.durations import seconds

log = logging.getLogger("bankstack.stream")


def calibration(settings: Settings) -> Calibration:
    """The one beside the checkpoint; at the first start it is learned from earlier data."""
    filesystem, root = lake_files(settings)
    path = f"{root}/stream/calibration.json"
    if text := get_text(filesystem, path):
        return Calibration.from_json(text)
    known = calibrate(earlier(settings), settings.alert_budget, seconds(settings.stream_expiry))
    put_text(filesystem, path, known.to_json())
    log.info("calibrated on %s earlier events: level %.2f", f"{known.events:,}", known.level)
    return known
