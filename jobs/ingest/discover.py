"""Find the file of each data set, or have a synthetic one generated if there is none.

Files that were delivered through the inbox, and now lie in `done/`, take part: the newest file of a data set is loaded.
"""

import gzip
import logging
from collections.abc import Callable
from pathlib import Path

from jobs.core.contracts import Contract, load_contract
from jobs.core.errors import BankError, FileRefused
from jobs.core.settings import Settings
from jobs.ingest.inspect import is_gzipped, split
from jobs.pipeline import DATASETS

SYNTHETIC = "synthetic_"
log = logging.getLogger("bankstack")


def find_file(contract: Contract, settings: Settings, generate: Callable[[str], Path] | None = None) -> Path:
    """Find the file to load: by its name, else by its header, else a synthetic one.

    Args:
        contract: the data set's contract.
        settings: `data` is the folder that is searched.
        generate: makes the synthetic file of a data set and returns its path; None if files must be real.

    Raises:
        BankError: BANK_DATA is not a folder (unless it is the default), or there is no file and no generator.

    """
    if not settings.data.is_dir() and settings.data != Settings.model_fields["data"].default:
        raise BankError(f"BANK_DATA: {settings.data} is not a folder. Create it or set another one")
    own = find_named(contract, settings.data) or find_by_header(contract, settings.data)
    found = [path for path in (own, *delivered(contract, settings.data)) if path]
    if found:
        return max(found, key=lambda path: path.stat().st_mtime)
    return find_synthetic(contract, settings, generate)


def delivered(contract: Contract, folder: Path) -> list[Path]:
    """The data set's files that were loaded from the inbox."""
    return [path for path in csv_files(folder / "done") if fits(path, contract)]


def csv_files(folder: Path) -> list[Path]:
    """The CSV files of a folder, sorted by name; empty if the folder is missing."""
    return sorted([*folder.glob("*.csv"), *folder.glob("*.csv.gz")])


def dataset_of(path: Path) -> str:
    """The data set that a file belongs to, judged by its header, else by its name.

    Raises:
        FileRefused: the file belongs to no data set.

    """
    contracts = [load_contract(dataset) for dataset in DATASETS]
    named = [c for c in contracts if any(path.match(end) for name in c.files for end in (name, name + ".gz"))]
    for contract in [*(c for c in contracts if fits(path, c)), *named]:
        return contract.dataset
    names = ", ".join(DATASETS)
    raise FileRefused(
        f"{path.name} line 1: the columns match no data set ({names}). "
        "Compare the first line and its separator with hive/ingest/<data set>.toml"
    )


def find_named(contract: Contract, folder: Path) -> Path | None:
    """The first file, gzipped or not, whose name the contract lists, in its order of preference."""
    for pattern in contract.files:
        if found := sorted([*folder.glob(pattern), *folder.glob(pattern + ".gz")]):
            return found[0]
    return None


def find_by_header(contract: Contract, folder: Path) -> Path | None:
    """The first file with another name whose header has the contract's columns."""
    return next((path for path in csv_files(folder) if not is_synthetic(path) and fits(path, contract)), None)


def find_synthetic(contract: Contract, settings: Settings, generate: Callable[[str], Path] | None) -> Path:
    """The synthetic file that the user generated into BANK_DATA, else a newly generated one.

    Raises:
        BankError: there is no file and no generator.

    """
    path = settings.data / f"{SYNTHETIC}{contract.dataset}.csv"
    if path.exists():
        return path
    if generate is None:
        raise BankError(
            f"{settings.data}: no file of the data set {contract.dataset} ({contract.title}). "
            f"Expected {' or '.join(contract.files)}; for a synthetic one: bankstack generate"
        )
    log.info("no %s in %s: using synthetic rows", contract.title, settings.data)
    return generate(contract.dataset)


def is_synthetic(path: Path) -> bool:
    """Whether the generator made the file; everything derived from it is marked as synthetic."""
    return path.name.startswith(SYNTHETIC)


def fits(path: Path, contract: Contract) -> bool:
    """Whether the file's header has the contract's columns, in any order."""
    try:
        with gzip.open(path) if is_gzipped(path) else path.open("rb") as stream:
            header = stream.readline(1 << 16).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError):
        return False
    return set(split(header, contract.separator)) == set(contract.header)
