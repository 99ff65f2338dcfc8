"""Find the file of each data set, or have a synthetic one generated if there is none.

Real rows are never replaced by synthetic ones: `load.main` keeps the table if its file is missing.
Files that were delivered through the inbox, and now lie in `done/`, take part: the newest file of a data set is loaded.
"""

import gzip
import logging
from collections.abc import Callable
from pathlib import Path

from jobs.core.contracts import Contract, load_contract
from jobs.core.errors import BankError, FileRefused
from jobs.core.settings import Settings
from jobs.ingest.header import contract_names, split
from jobs.ingest.inspect import is_gzipped
from jobs.pipeline import DATASETS

SYNTHETIC = "synthetic_"
PLANTED = ".planted.json"
"""End of the name of the file that says what was planted in a synthetic one."""
INBOX_FOLDERS = ("inbox", "done", "refused")
log = logging.getLogger("bankstack")


def find_file(contract: Contract, settings: Settings) -> Path | None:
    """Find the real file to load: by its name, else by its header. The newest of it and the delivered ones is taken.

    Args:
        contract: the data set's contract.
        settings: `data` is the folder that is searched.

    Raises:
        BankError: BANK_DATA is not a folder (unless it is the default), or several files are equally good.

    """
    if not settings.data.is_dir() and settings.data != Settings.model_fields["data"].default:
        raise BankError(f"BANK_DATA: {settings.data} is not a folder. Create it or set another one")
    own = find_named(contract, settings.data) or find_by_header(contract, settings.data)
    if len(own) > 1:
        names = ", ".join(path.name for path in own)
        raise BankError(
            f"{settings.data}: {len(own)} files of the data set {contract.dataset}: {names}. Merge them into one, or "
            f"choose one: bankstack run ingest.{contract.dataset} --file {own[0].name}"
        )
    found = [*own, *delivered(contract, settings.data)]
    return max(found, key=lambda path: path.stat().st_mtime) if found else None


def find_synthetic(contract: Contract, settings: Settings, generate: Callable[[str], Path] | None) -> Path:
    """The synthetic file that the user generated into BANK_DATA, else a newly generated one.

    Args:
        contract: the data set's contract.
        settings: `data` is the folder that is searched.
        generate: makes the synthetic file of a data set and returns its path; None if files must be real.

    Raises:
        BankError: there is no file and no generator.

    """
    path = settings.data / f"{SYNTHETIC}{contract.dataset}.csv"
    if path.exists():
        return path
    if generate is None:
        raise BankError(
            f"{settings.data}: no file of the data set {contract.dataset} ({contract.title}). Expected "
            f"{' or '.join(contract.files)}. For synthetic rows set BANK_SYNTHETIC=allow, or run: bankstack generate"
        )
    log.info("no %s in %s: using synthetic rows", contract.title, settings.data)
    return generate(contract.dataset)


def unused_files(settings: Settings) -> list[str]:
    """One sentence per file or folder of BANK_DATA that is not loaded, with the reason."""
    contracts = [load_contract(dataset) for dataset in DATASETS]
    sentences = []
    for path in sorted(settings.data.iterdir()) if settings.data.is_dir() else []:
        if path.name.startswith(".") or path.name in INBOX_FOLDERS or path.name.endswith(PLANTED):
            continue
        if reason := why_unused(path, contracts, settings):
            sentences.append(f"{path.name} is not loaded: {reason}")
    return sentences


def why_unused(path: Path, contracts: list[Contract], settings: Settings) -> str:
    """Why a file of BANK_DATA is not loaded; empty if it is loaded, or refused with its own message."""
    if path.is_dir():
        return "it is a folder. Merge its files into one CSV file"
    if not path.name.endswith((".csv", ".csv.gz")):
        return "its name does not end in .csv or .csv.gz"
    of = [contract for contract in contracts if fits(path, contract) or path in find_named(contract, settings.data)]
    if not of:
        return f"its columns match none of the data sets {', '.join(DATASETS)} (hive/ingest/<data set>.toml)"
    real = [path for path in (find_file(of[0], settings),) if path]
    if path in real or (is_synthetic(path) and not real):
        return ""
    return f"{real[0].name} is preferred" if real else "it is synthetic"


def delivered(contract: Contract, folder: Path) -> list[Path]:
    """The data set's files that were loaded from the inbox."""
    return [path for path in csv_files(folder / "done") if fits(path, contract)]


def csv_files(folder: Path) -> list[Path]:
    """The CSV files of a folder, sorted by name; empty if the folder is missing."""
    return sorted(path for path in [*folder.glob("*.csv"), *folder.glob("*.csv.gz")] if path.is_file())


def dataset_of(path: Path) -> str:
    """The data set that a file belongs to, by its header, else by its name.

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


def find_named(contract: Contract, folder: Path) -> list[Path]:
    """The files, gzipped or not, of the first name or pattern in the contract that any file has."""
    for pattern in contract.files:
        if found := sorted(path for end in ("", ".gz") for path in folder.glob(pattern + end) if path.is_file()):
            return found
    return []


def find_by_header(contract: Contract, folder: Path) -> list[Path]:
    """The files with other names whose header has the contract's columns."""
    return [path for path in csv_files(folder) if not is_synthetic(path) and fits(path, contract)]


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
    return sorted(contract_names(split(header, contract.separator), contract)) == sorted(contract.header)
