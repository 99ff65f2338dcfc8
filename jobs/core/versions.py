"""Versions of the software that made a result."""

import platform
import subprocess
from importlib import metadata

from pyspark.sql import SparkSession

from jobs.core.settings import PROJECT


def versions(spark: SparkSession) -> dict[str, str]:
    """Versions of bankstack (with the commit, in a checkout), Spark, Java and Python."""
    row = spark.sql("SELECT java_method('java.lang.System', 'getProperty', 'java.version') AS java").first()
    java = str(row["java"]) if row else "unknown"
    return {"bankstack": bankstack(), "Spark": spark.version, "Java": java, "Python": platform.python_version()}


def bankstack() -> str:
    """The installed version, and in a checkout the commit, with `+` if files were changed since."""
    version = library_version("bankstack") or "unknown version"
    commit = _git("describe", "--always", "--dirty=+", "--exclude=*") if (PROJECT / ".git").exists() else ""
    return f"{version}, commit {commit}" if commit else version


def library_version(distribution: str) -> str:
    """The version of an installed distribution, or an empty string if it isn't installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(PROJECT), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
