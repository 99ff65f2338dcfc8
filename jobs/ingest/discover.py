"""Find the file of each data set; make a synthetic one for a set that is not there."""

import gzip
import logging
from pathlib import Path

from jobs.core.contracts import Contract
from jobs.core.settings import Settings
from jobs.ingest.inspect import is_gzipped, split
from jobs.synthetic import generate

SYNTHETIC = "synthetic_"
log = logging.getLogger("bankstack")


def find_file(contract: Contract, settings: Settings) -> Path:
    """The file to load: by name, else by header, else synthetic, made under `var` if there is none.

    Raises:
        FileNotFoundError: BANK_DATA names a folder that does not exist and is not the default one.

    """
    return (
        find_named(contract, settings.data) or find_by_header(contract, settings.data) or synthetic(contract, settings)
    )


def find_named(contract: Contract, folder: Path) -> Path | None:
    """The first file whose name the contract lists, in its order of preference; gzipped ones too."""
    for pattern in contract.files:
        if found := sorted([*folder.glob(pattern), *folder.glob(pattern + ".gz")]):
            return found[0]
    return None


def find_by_header(contract: Contract, folder: Path) -> Path | None:
    """The first file under another name that has the contract's columns."""
    candidates = sorted([*folder.glob("*.csv"), *folder.glob("*.csv.gz")])
    return next((path for path in candidates if not is_synthetic(path) and _fits(path, contract)), None)


def synthetic(contract: Contract, settings: Settings) -> Path:
    """The synthetic file of the data set: the user's own in BANK_DATA, else one made once under `var`."""
    name = f"{SYNTHETIC}{contract.dataset}.csv"
    if (settings.data / name).exists():
        return settings.data / name
    made = settings.var / "synthetic" / f"{settings.synthetic_rows}-{settings.seed}" / name
    if not made.exists():
        log.info("no %s in %s: generating synthetic rows", contract.title, settings.data)
        made.parent.mkdir(parents=True, exist_ok=True)
        generate(made.parent, settings.synthetic_rows, settings.seed, [contract.dataset])
    return made


def is_synthetic(path: Path) -> bool:
    """True for files of the generator; everything derived from them says so."""
    return path.name.startswith(SYNTHETIC)


def _fits(path: Path, contract: Contract) -> bool:
    try:
        with gzip.open(path) if is_gzipped(path) else path.open("rb") as stream:
            header = stream.readline(1 << 16).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError):
        return False
    return set(split(header, contract.separator)) == set(contract.header)
