"""`make smoke` runs inside the cluster's network, so host names are the names of services."""

import subprocess

import pytest


@pytest.fixture
def proved(capsys):
    """Print one line that says what a test has shown."""

    def say(sentence: str) -> None:
        with capsys.disabled():
            print(f"  ok  {sentence}")

    return say


def run(*command: str, stdin: str | None = None, seconds: int = 900) -> str:
    """Run a client of the cluster and return its output; if it fails, the message has its errors."""
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=seconds)
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}:\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="session")
def hiveserver2():
    """A PyHive cursor."""
    from pyhive import hive

    return hive.connect("hiveserver2", port=10000, username="bank").cursor()
