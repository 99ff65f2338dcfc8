"""Reference events: unlabelled events from before the stream, to which its thresholds are fitted.

The producer writes them to the lake before it sends its first event.
"""

import io

import pandas as pd

from jobs.core.files import lake_files
from jobs.core.settings import Settings

FOLDER = "reference_events"
FILE = f"{FOLDER}/events.parquet"
"""Path relative to the lake; outside `stream/`, which `bankstack stream --anew` deletes."""


def write_reference_events(settings: Settings, events: pd.DataFrame) -> None:
    """Store reference events, with the columns EVENT_COLUMNS of `stream.contract`, in place of the old ones."""
    filesystem, root = lake_files(settings)
    filesystem.makedirs(f"{root}/{FOLDER}", exist_ok=True)
    buffer = io.BytesIO()
    events.to_parquet(buffer, index=False)
    filesystem.pipe_file(f"{root}/{FILE}", buffer.getvalue())


def read_reference_events(settings: Settings) -> pd.DataFrame | None:
    """The stored reference events; None if there are none."""
    filesystem, root = lake_files(settings)
    if not filesystem.exists(f"{root}/{FILE}"):
        return None
    return pd.read_parquet(io.BytesIO(filesystem.cat_file(f"{root}/{FILE}")))
