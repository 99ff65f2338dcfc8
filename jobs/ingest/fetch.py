"""Download the two public UCI data sets and verify their SHA-256 checksums.

Sources: UCI 222, bank marketing (Moro, Cortez, Rita, 2014); UCI 350, default of credit card clients
(Yeh, Lien, 2009); both CC BY 4.0.
"""

import hashlib
import io
import logging
import zipfile
from pathlib import Path

import requests

from jobs.core.contracts import load_contract
from jobs.core.errors import BankError

SITE = "https://archive.ics.uci.edu/static/public"
BANK = (f"{SITE}/222/bank+marketing.zip", "d1513ec63b385506f7cfce9f2c5caa9fe99e7ba4e8c3fa264b3aaf0f849ed32d")
CREDIT = (f"{SITE}/350/data.csv", "45bcf4df62ff2e237a74eb155cabfb4bbbc171219a0637daef44fdad07503dd0")
log = logging.getLogger("bankstack")


def fetch_all(folder: Path) -> None:
    """Download `bank-full.csv` and `UCI_Credit_Card.csv` into a folder; existing files stay.

    Raises:
        BankError: the download failed or has another checksum. The folder is unchanged.

    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, fetch in (("bank-full.csv", fetch_bank), ("UCI_Credit_Card.csv", fetch_credit)):
        target = folder / name
        if not target.exists():
            partial = target.with_suffix(".partial")
            partial.write_bytes(fetch())
            partial.replace(target)
        log.info("%s: %.1f MB", target, target.stat().st_size / 1e6)


def fetch_bank() -> bytes:
    """The file `bank-full.csv` from the zip file inside UCI's zip file."""
    try:
        outer = zipfile.ZipFile(io.BytesIO(download(BANK[0])))
        inner = zipfile.ZipFile(io.BytesIO(outer.read("bank.zip")))
        content = inner.read("bank-full.csv")
    except (zipfile.BadZipFile, KeyError) as error:
        raise BankError(f"{BANK[0]}: not the expected zip file ({error}). Does a proxy change it?") from None
    return checked(content, BANK[1], BANK[0])


def fetch_credit() -> bytes:
    """The credit file with the contract's header. UCI names its columns ID, X1 to X23, Y, in the same order."""
    content = checked(download(CREDIT[0]), CREDIT[1], CREDIT[0])
    return ",".join(load_contract("credit").header).encode() + b"\n" + content.split(b"\n", 1)[1]


def download(url: str) -> bytes:
    """The content at a URL."""
    try:
        response = requests.get(url, timeout=60)
        response.raise_for_status()
    except requests.RequestException as error:
        raise BankError(
            f"could not download {url} ({type(error).__name__}). Without a network, copy the files into BANK_DATA, or "
            "run make demo on synthetic data"
        ) from None
    return response.content


def checked(content: bytes, sha256: str, url: str) -> bytes:
    """The content, if its checksum is the expected one; raises BankError otherwise."""
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise BankError(f"{url}: expected SHA-256 {sha256}, found {found}; nothing was saved. Has the source changed?")
    return content
