"""What the queries of a checkpoint are: a changed query would read the old one's state as its own.

Beside the checkpoint lies the definition it was made with: the settings that shape the state, and a hash of the code
that does (comments, docstrings and layout do not count).
"""

import ast
import hashlib
import json
import secrets
from pathlib import Path

from jobs.core.errors import BankError
from jobs.core.files import get_text, lake_files, put_text
from jobs.core.settings import Settings
from jobs.stream.session import configuration

SHAPING = ("contract", "windows", "volume", "alerts", "bucket", "detect", "evidence", "places")
"""Modules whose code decides what state holds and what becomes of it."""


def stream_id(settings: Settings) -> str:
    """The name of the checkpoint, made at the first start.

    Raises:
        BankError: the checkpoint was made by other queries.

    """
    filesystem, root = lake_files(settings)
    path, mine = f"{root}/stream/definition.json", definition(settings)
    text = get_text(filesystem, path)
    if text is None:
        text = json.dumps({"stream": secrets.token_hex(4), **mine}, indent=1)
        put_text(filesystem, path, text)
    known = json.loads(text)
    changed = [f"{name} ({known.get(name)}, now {value})" for name, value in mine.items() if known.get(name) != value]
    if changed:
        raise BankError(
            f"the stream's checkpoint in {settings.lake_url}/stream was made by other queries: {', '.join(changed)}. "
            "Its state does not fit: run the version and settings that made it, or start anew with "
            "python -m jobs stream --anew, which forgets the state and this stream's rows and reads the source from "
            "its beginning"
        )
    return str(known["stream"])


def definition(settings: Settings) -> dict[str, object]:
    """What must stay the same."""
    names = ("stream_source", "stream_watermark", "stream_window", "stream_expiry", "alert_watermark", "alert_budget")
    partitions = configuration()["spark.sql.shuffle.partitions"]
    shaping = {name: getattr(settings, name) for name in names}
    return {**shaping, "partitions": partitions, "code": code()}


def code() -> str:
    """Twelve characters that stay the same as long as the shaping code does what it did."""
    digest = hashlib.sha256()
    for name in SHAPING:
        tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text())
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if isinstance(body, list):
                node.body = [one for one in body if not _is_text(one)]  # type: ignore[attr-defined]
        digest.update(ast.dump(tree).encode())
    return digest.hexdigest()[:12]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
