"""A running dashboard, a browser, and the serving database that tests write to."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Error, Page, Route, expect, sync_playwright

from tests.dashboard import live_rows

PROJECT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=180_000)


def now() -> datetime:
    """The wall clock in UTC without a time zone, as the serving database stores it."""
    return datetime.now(UTC).replace(tzinfo=None)


def free_port() -> int:
    """An unused port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Dashboard:
    """A dashboard in its own process, as `make dashboard` starts it."""

    def __init__(self, folder: Path, live: str = "") -> None:
        """Start it with the serving database `live`, or with the file live.db in the folder."""
        self.folder, port = folder, free_port()
        self.address = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", "--server.port", str(port)]
        settings = {"BANK_VAR": str(folder), "BANK_LIVE": live}
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=PROJECT, env={**os.environ, **settings}, stdout=log, stderr=subprocess.STDOUT
            )
        self.wait()

    def wait(self) -> None:
        """Wait until it answers; pytest's own time limit ends a wait in vain."""
        while self.process.poll() is None:
            try:
                with urlopen(f"{self.address}/_stcore/health", timeout=5) as answer:
                    assert answer.read() == b"ok"
                    return
            except OSError:
                time.sleep(0.3)
        raise AssertionError(self.log())

    def log(self) -> str:
        """Return its log."""
        return (self.folder / "log").read_text()

    def stop(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait()


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    started = Dashboard(tmp_path_factory.mktemp("dashboard"))
    yield started
    started.stop()


@pytest.fixture
def empty(dashboard: Dashboard) -> Path:
    """The path of the serving database, which doesn't exist yet."""
    for file in dashboard.folder.glob("live.db*"):
        file.unlink()
    return dashboard.folder / "live.db"


def fill(file: Path, moment: datetime) -> sa.Engine:
    """Create a serving database as of a time."""
    engine = sa.create_engine(f"sqlite:///{file}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    live_rows.fill(engine, moment)
    return engine


def select_rows(database: sa.Engine, statement: str, **given: object) -> Sequence[sa.Row]:
    """Return the rows of a SQL statement."""
    with database.connect() as connection:
        return connection.execute(sa.text(statement), given).all()


@pytest.fixture
def database(empty: Path) -> sa.Engine:
    """A serving database that was just written."""
    return fill(empty, now())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is missing; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=BROWSER_OPTIONS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with timeouts for two busy cores; it must send no request to other machines and show no traceback.

    Its text and the browser's messages are printed, so a failed test shows them.
    """
    opened = browser.new_page(viewport={"width": 1440, "height": 1200})
    opened.set_default_timeout(180_000)
    # Playwright loads the files: Chromium gives up on them if a network of the machine changes, such as Docker's.
    opened.route("**/static/**", load)
    foreign: list[str] = []
    opened.on("request", lambda request: foreign.append(request.url) if is_foreign(request.url) else None)
    opened.on("console", lambda message: print(f"console: {message.text}"))
    opened.on("pageerror", lambda error: print(f"page error: {error}"))
    opened.on("requestfailed", lambda request: print(f"request failed: {request.url}: {request.failure}"))
    yield opened
    opened.unroute_all(behavior="ignoreErrors")
    text = opened.inner_text("body")
    print(text)
    assert "Traceback" not in text
    assert opened.locator("[data-testid=stException]").count() == 0
    opened.close()
    assert foreign == []


def load(route: Route) -> None:
    """Answer a request with what the server answers."""
    try:
        route.fulfill(response=route.fetch(timeout=0))
    except Error:
        route.abort()


def is_foreign(url: str) -> bool:
    """Return whether a request goes to another machine."""
    return url.startswith(("http", "ws")) and "//127.0.0.1:" not in url
