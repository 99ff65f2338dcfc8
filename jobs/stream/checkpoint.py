"""The identity of a checkpoint: queries that have changed must not read the state of the old ones.

`stream/checkpoint.json` in the lake describes the queries that made the checkpoint: the settings that shape their
state, and a hash of the code that does. Comments, docstrings and layout do not change the hash.
"""

import hashlib
import json
import secrets
from pathlib import Path

from fsspec import AbstractFileSystem

from jobs.core.errors import BankError
from jobs.core.files import get_text, lake_files, put_text
from jobs.core.settings import Settings
from jobs.core.source_code import source_hash
from jobs.stream.contract import city_formula
from jobs.stream.streaming_session import configuration

QUERIES = ("events", "windows", "alerts")
STATE_SETTINGS = (
    "stream_source",
    "stream_watermark",
    "stream_window",
    "stream_expiry",
    "alert_watermark",
    "alert_budget",
)
STATE_MODULES = (
    "alert_types",
    "contract",
    "windows/aggregation",
    "windows/open_windows",
    "windows/volume_anomaly",
    "detection/alert_query",
    "detection/anomaly_scores",
    "detection/distance",
    "detection/key_history",
    "detection/keyed_state",
    "detection/scoring",
)
"""Modules whose code decides what the state holds and how it is used."""
WAY_OUT = (
    "run the version and settings that made it, or start again with: bankstack stream --anew (deletes the state and "
    "this stream's rows, then reads the source from the beginning)"
)


def checkpoint_id(settings: Settings) -> str:
    """The id of the checkpoint, created at the first start.

    Raises:
        BankError: the checkpoint was made by other queries.

    """
    filesystem, root = lake_files(settings)
    path, current = f"{root}/stream/checkpoint.json", describe_queries(settings)
    text = get_text(filesystem, path)
    if text is None:
        _refuse_unidentified_state(filesystem, root, settings)
        text = json.dumps({"stream": secrets.token_hex(4), **current}, indent=1)
        put_text(filesystem, path, text)
    saved = json.loads(text)
    changes = [
        f"{name} (was {saved.get(name)}, now {value})" for name, value in current.items() if saved.get(name) != value
    ]
    if changes:
        raise BankError(
            f"the checkpoint in {settings.lake_url}/stream was made by different queries: {', '.join(changes)}. "
            f"Its state cannot be reused: {WAY_OUT}"
        )
    return str(saved["stream"])


def _refuse_unidentified_state(filesystem: AbstractFileSystem, root: str, settings: Settings) -> None:
    """Refuse query state without a checkpoint.json: version 0.1.0 described its queries in another file."""
    if any(filesystem.exists(f"{root}/stream/{query}") for query in QUERIES):
        raise BankError(
            f"the checkpoint in {settings.lake_url}/stream was made by an older version. Its state cannot be reused: "
            f"{WAY_OUT}"
        )


def describe_queries(settings: Settings) -> dict[str, object]:
    """Everything that must stay the same for the state to be reused."""
    return {
        **{name: getattr(settings, name) for name in STATE_SETTINGS},
        "partitions": configuration()["spark.sql.shuffle.partitions"],
        "code": code_hash(),
    }


def code_hash() -> str:
    """Hash the code of STATE_MODULES and the city formula; 12 hexadecimal digits."""
    code = source_hash(Path(__file__).parent / f"{name}.py" for name in STATE_MODULES)
    return hashlib.sha256(f"{city_formula()}{code}".encode()).hexdigest()[:12]
