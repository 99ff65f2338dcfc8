"""What the report was made with."""

import platform
import subprocess
import tomllib

from pyspark.sql import SparkSession

from jobs.core.settings import PROJECT


def versions(spark: SparkSession) -> dict[str, str]:
    """Versions of bankstack (with the commit, where git is there), Spark, Java and Python."""
    row = spark.sql("SELECT java_method('java.lang.System', 'getProperty', 'java.version') AS java").first()
    java = str(row["java"]) if row else "unknown"
    return {"bankstack": bankstack(), "Spark": spark.version, "Java": java, "Python": platform.python_version()}


def bankstack() -> str:
    """The version in pyproject.toml and the commit, `+` for one with changes."""
    settings = PROJECT / "pyproject.toml"
    version = tomllib.loads(settings.read_text())["project"]["version"] if settings.exists() else "unknown version"
    commit = _git("describe", "--always", "--dirty=+", "--exclude=*")
    return f"{version}, commit {commit}" if commit else str(version)


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(PROJECT), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
