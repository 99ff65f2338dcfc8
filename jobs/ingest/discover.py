"""Find the file of each data set; make a synthetic one for a set that is not there.

A file that was delivered through the inbox, and so is in `done/`, counts from then on: until one that is newer
is put beside it.
"""

import gzip
import logging
from pathlib import Path

from jobs.core.contracts import Contract, load_contract
from jobs.core.errors import BankError, FileRefused
from jobs.core.settings import Settings
from jobs.ingest.inspect import is_gzipped, split
from jobs.pipeline import DATASETS
from jobs.simulation.datasets import generate

SYNTHETIC = "synthetic_"
log = logging.getLogger("bankstack")


def find_file(contract: Contract, settings: Settings) -> Path:
    """The file to load: by name, else by header, else synthetic, made under `var` if there is none.

    Raises:
        BankError: BANK_DATA names a folder that does not exist and is not the default one.

    """
    if not settings.data.is_dir() and settings.data != Settings.model_fields["data"].default:
        raise BankError(f"BANK_DATA: there is no folder {settings.data}. Make it, or name another")
    own = find_named(contract, settings.data) or find_by_header(contract, settings.data)
    found = [path for path in (own, *delivered(contract, settings.data)) if path]
    return max(found, key=lambda path: path.stat().st_mtime) if found else synthetic(contract, settings)


def delivered(contract: Contract, folder: Path) -> list[Path]:
    """The data set's files that came through the inbox and were loaded."""
    return [path for path in csv_files(folder / "done") if fits(path, contract)]


def csv_files(folder: Path) -> list[Path]:
    """The CSV files of a folder, by name; none if it is not there."""
    return sorted([*folder.glob("*.csv"), *folder.glob("*.csv.gz")])


def dataset_of(path: Path) -> str:
    """The data set that a file belongs to, by its header, else by its name.

    Raises:
        FileRefused: to none.

    """
    contracts = [load_contract(dataset) for dataset in DATASETS]
    named = [c for c in contracts if any(path.match(end) for name in c.files for end in (name, name + ".gz"))]
    for contract in [*(c for c in contracts if fits(path, c)), *named]:
        return contract.dataset
    names = ", ".join(DATASETS)
    raise FileRefused(
        f"{path.name} line 1: its columns are those of none of the data sets ({names}). "
        "Compare its first line and separator with hive/ingest/<data set>.toml"
    )


def find_named(contract: Contract, folder: Path) -> Path | None:
    """The first file whose name the contract lists, in its order of preference; gzipped ones too."""
    for pattern in contract.files:
        if found := sorted([*folder.glob(pattern), *folder.glob(pattern + ".gz")]):
            return found[0]
    return None


def find_by_header(contract: Contract, folder: Path) -> Path | None:
    """The first file under another name that has the contract's columns."""
    return next((path for path in csv_files(folder) if not is_synthetic(path) and fits(path, contract)), None)


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


def fits(path: Path, contract: Contract) -> bool:
    """Whether the file's first line has the contract's columns, in any order."""
    try:
        with gzip.open(path) if is_gzipped(path) else path.open("rb") as stream:
            header = stream.readline(1 << 16).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError):
        return False
    return set(split(header, contract.separator)) == set(contract.header)
