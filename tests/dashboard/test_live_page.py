"""The live page in a browser: it shows the serving database's numbers, refreshes them, and explains what is wrong."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from jobs.serving.schema import IDLE
from tests.dashboard import live_rows
from tests.dashboard.conftest import Dashboard, fill, free_port, now, select_rows


def value(page: Page, tile: str):
    return page.locator(f"#tile-{tile} .value")


def expected_rate(database: sa.Engine) -> str:
    """Events per second of the windows query's last minute, computed from the rows."""
    query = "select finished_at, events from live_progress where query = 'windows' order by finished_at desc limit 61"
    found = [(datetime.fromisoformat(at), events) for at, events in select_rows(database, query)]
    last = [(at, events) for at, events in found if at >= found[0][0] - timedelta(minutes=1)]
    return f"{sum(events for _, events in last[:-1]) / (last[0][0] - last[-1][0]).total_seconds():,.0f}"


def current_hour(database: sa.Engine) -> tuple[int, float]:
    """Transactions and mean balance of the sliding window that ends next."""
    ((newest,),) = select_rows(database, "select max(starts) from live_windows where kind = 'tumbling' and city = ''")
    ends = datetime.fromisoformat(newest) + timedelta(minutes=10)
    query = "select transactions, mean_balance from live_windows where kind = 'sliding' and city = ''"
    return select_rows(database, f"{query} and ends like :ends", ends=f"{ends}%")[0]


def closed_windows(database: sa.Engine, city: str) -> list[int]:
    """Transactions of a city's closed windows, oldest first."""
    query = "select transactions from live_windows where kind = 'tumbling' and city = :city and closed"
    return [count for (count,) in select_rows(database, f"{query} order by starts", city=city)]


DRAWS_LINE = """
([key, name, numbers]) => {
  const chart = document.querySelector(`.st-key-${key} .js-plotly-plot`);
  const line = (chart?._fullData ?? []).find(line => line.name === name);
  return line && JSON.stringify(Array.from(line.y)) === JSON.stringify(numbers);
}
"""


def wait_for_line(page: Page, key: str, name: str, numbers: list[float]) -> None:
    """Wait until the chart's line of this name has exactly these numbers."""
    page.wait_for_function(DRAWS_LINE, arg=[key, name, numbers])


def test_numbers_equal_the_database_and_follow_it(page, dashboard, empty):
    page.goto(dashboard.address)
    expect(page.locator(".status")).to_contain_text("The stream has never run here.")
    database = fill(empty, now())
    expect(page.locator(".status .state")).to_contain_text("Live")
    expect(value(page, "rate")).to_have_text(expected_rate(database))
    transactions, balance = current_hour(database)
    expect(value(page, "count")).to_have_text(f"{transactions:,}")
    expect(value(page, "balance")).to_have_text(f"₹\N{NARROW NO-BREAK SPACE}{balance:,.0f}")
    ((newest,),) = select_rows(database, "select max(finished_at) from live_progress")
    since = datetime.fromisoformat(newest) - timedelta(minutes=30)
    ((alerts,),) = select_rows(database, "select count(*) from live_alerts where raised_at > :since", since=str(since))
    expect(page.locator("#tile-alerts .text")).to_have_text(f"{alerts} alerts in the last 30 min")
    before = expected_rate(database)
    live_rows.write(
        database, live_rows.PROGRESS, *live_rows.batches(120, now(), events=50_000, late=7, dead_letters=40)
    )
    with database.begin() as connection:
        connection.execute(sa.text("update live_windows set transactions = transactions + 12345 where not closed"))
    assert expected_rate(database) != before
    expect(value(page, "rate")).to_have_text(expected_rate(database))
    expect(value(page, "count")).to_have_text(f"{transactions + 12345:,}")


def test_charts_show_the_windows_and_mark_anomalies(page, dashboard, database):
    page.goto(dashboard.address)
    expect(page.get_by_role("heading", name="1 surge and 1 outage in 144 windows of 10 minutes")).to_be_visible()
    wait_for_line(page, "forecast", "actual", closed_windows(database, ""))
    for kind in ("surge", "outage"):
        query = "select transactions from live_windows where city = '' and anomaly = :kind"
        wait_for_line(page, "forecast", kind, [count for (count,) in select_rows(database, query, kind=kind)])
    wait_for_line(page, "transactions", "still open", [current_hour(database)[0]])


def test_a_city_has_its_own_windows(page, dashboard, database):
    page.goto(dashboard.address)
    page.locator(".st-key-city input").click()
    page.get_by_role("option", name="Mumbai").click()
    expect(page.get_by_role("heading", name="No surges or outages in 144 windows of 10 minutes")).to_be_visible()
    wait_for_line(page, "forecast", "actual", closed_windows(database, "MUMBAI"))


def test_the_health_table_shows_dropped_events(page, dashboard, database):
    page.goto(dashboard.address)
    for query in ("events", "windows", "alerts"):
        ((late, duplicates, letters),) = select_rows(
            database,
            "select sum(late), sum(duplicates), sum(dead_letters) from live_progress where query = :query",
            query=query,
        )
        cells = page.locator(f"#health-{query} td")
        expect(cells).to_have_count(9)
        assert [cells.nth(column).inner_text() for column in (4, 5, 6, 7)] == [
            "10 min",
            f"{late:,}",
            f"{duplicates:,}",
            f"{letters:,}",
        ]


def test_the_page_shows_that_the_stream_is_down_and_that_it_is_back(page, dashboard, empty):
    database = fill(empty, now() - timedelta(minutes=5))
    page.goto(dashboard.address)
    expect(page.locator(".status")).to_contain_text("The stream is down: no progress for 5 min.")
    expect(page.locator(".status")).to_contain_text("The live page shows its results up to")
    expect(value(page, "rate")).to_have_text("0")
    for batch in range(120, 123):
        live_rows.write(database, live_rows.PROGRESS, *live_rows.batches(batch, now()))
    expect(page.locator(".status .state")).to_contain_text("Live")


def test_the_page_shows_that_the_stream_is_idle(page, dashboard, empty):
    database = fill(empty, now() - timedelta(minutes=5))
    page.goto(dashboard.address)
    expect(page.locator(".status .state")).to_contain_text("Down")
    live_rows.write(
        database, IDLE, *({"query": query, "looked_at": now()} for query in ("events", "windows", "alerts"))
    )
    expect(page.locator(".status")).to_contain_text("No events for 5 min.")
    expect(value(page, "rate")).to_have_text("0")


def test_the_page_shows_that_the_stream_is_behind(page, dashboard, database):
    page.goto(dashboard.address)
    live_rows.write(database, live_rows.PROGRESS, *live_rows.batches(120, now(), backlog=90_000))
    expect(page.locator(".status")).to_contain_text("The stream is behind: 90,000 events are waiting")
    expect(page.locator(".status")).to_contain_text("The backlog is growing")
    live_rows.write(database, live_rows.PROGRESS, *live_rows.batches(121, now(), latency_p95_s=14.0))
    expect(page.locator(".status")).to_contain_text(
        "The stream is behind: events take up to 14 s to reach the live page."
    )


def test_a_stream_that_never_ran_is_explained_and_its_start_is_noticed(page, dashboard, empty):
    page.goto(dashboard.address)
    expect(page.locator(".status")).to_contain_text("The stream has never run here.")
    expect(page.locator(".status")).to_contain_text("make stream-demo")
    expect(page.locator("body")).to_contain_text("No alerts yet.")
    assert not empty.exists()
    fill(empty, now())
    expect(page.locator(".status .state")).to_contain_text("Live")
    expect(page.locator("[class*=st-key-select-]")).to_have_count(25)


def test_a_damaged_database_is_reported_and_the_last_numbers_stay(page, dashboard, empty):
    database = fill(empty, now())
    page.goto(dashboard.address)
    transactions, _ = current_hour(database)
    expect(value(page, "count")).to_have_text(f"{transactions:,}")
    for file in empty.parent.glob("live.db*"):
        file.unlink()
    empty.write_text("not a database, but long enough to be mistaken for one " * 20)
    expect(page.locator(".status")).to_contain_text("The serving database is unavailable.")
    expect(page.locator(".status")).to_contain_text("file is not a database")
    expect(value(page, "count")).to_have_text(f"{transactions:,}")


def test_an_unavailable_database_is_reported_without_its_password(page, tmp_path):
    port = free_port()
    started = Dashboard(tmp_path, f"postgresql+psycopg2://live:hush-hush@127.0.0.1:{port}/live")
    try:
        page.goto(started.address)
        expect(page.locator(".status")).to_contain_text("The serving database is unavailable.")
        expect(page.locator(".status")).to_contain_text(f"live on 127.0.0.1:{port}")
        assert "hush-hush" not in page.content()
        assert "hush-hush" not in started.log()
    finally:
        started.stop()


FLICKER = """
() => new Promise(done => {
  const seen = {faded: [], waiting: 0, looks: 0, same: true};
  const chart = document.querySelector('.st-key-forecast .js-plotly-plot'), tile = document.querySelector('#tile-rate');
  const look = setInterval(() => {
    seen.looks += 1;
    seen.same &&= chart.isConnected && document.querySelector('.st-key-forecast .js-plotly-plot') === chart;
    for (const part of document.querySelectorAll('[data-testid=stMain] *')) {
      if (part.dataset.stale && Number(getComputedStyle(part).opacity) < 1) seen.faded.push(part.className);
    }
    const busy = '[data-testid=stStatusWidget], [data-testid=stSpinner], [data-testid=stSkeleton]';
    seen.waiting += [...document.querySelectorAll(busy)].filter(part => part.offsetParent).length;
    if (seen.looks === 150) { clearInterval(look); done(seen); }
  }, 50);
})
"""


def test_nothing_flickers_while_the_numbers_change(page, dashboard, database):
    page.goto(dashboard.address)
    page.wait_for_selector(".st-key-forecast .js-plotly-plot .main-svg")
    page.wait_for_selector("#health")
    before = value(page, "rate").inner_text()
    live_rows.write(database, live_rows.PROGRESS, *live_rows.batches(120, now(), events=70_000))
    seen = page.evaluate(FLICKER)
    assert value(page, "rate").inner_text() != before
    assert seen["same"], "the chart was replaced"
    assert (seen["faded"], seen["waiting"]) == ([], 0)
