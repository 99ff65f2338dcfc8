"""The page Live in a browser: its numbers are the store's, they move, and it says in words what is wrong."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from jobs.serving.schema import IDLE
from tests.dashboard import live_rows
from tests.dashboard.conftest import Dashboard, asked, fill, free_port, now


def value(page: Page, tile: str):
    return page.locator(f"#tile-{tile} .value")


def rate(store: sa.Engine) -> str:
    """Events a second of the windows' last minute, by hand."""
    query = "select finished_at, events from live_progress where query = 'windows' order by finished_at desc limit 61"
    found = [(datetime.fromisoformat(at), events) for at, events in asked(store, query)]
    last = [(at, events) for at, events in found if at >= found[0][0] - timedelta(minutes=1)]
    return f"{sum(events for _, events in last[:-1]) / (last[0][0] - last[-1][0]).total_seconds():,.0f}"


def rolling(store: sa.Engine) -> tuple[int, float]:
    """Transactions and mean balance of the hour that ends next."""
    ((newest,),) = asked(store, "select max(starts) from live_windows where kind = 'tumbling' and city = ''")
    ends = datetime.fromisoformat(newest) + timedelta(minutes=10)
    query = "select transactions, mean_balance from live_windows where kind = 'sliding' and city = ''"
    return asked(store, f"{query} and ends like :ends", ends=f"{ends}%")[0]


def came(store: sa.Engine, place: str) -> list[int]:
    """Transactions of the closed windows of a place, oldest first."""
    query = "select transactions from live_windows where kind = 'tumbling' and city = :place and closed"
    return [count for (count,) in asked(store, f"{query} order by starts", place=place)]


DRAWS = """
([key, name, numbers]) => {
  const chart = document.querySelector(`.st-key-${key} .js-plotly-plot`);
  const line = (chart?._fullData ?? []).find(line => line.name === name);
  return line && JSON.stringify(Array.from(line.y)) === JSON.stringify(numbers);
}
"""


def draws(page: Page, key: str, name: str, numbers: list[float]) -> None:
    """Wait until a chart draws just these numbers as the line of that name."""
    page.wait_for_function(DRAWS, arg=[key, name, numbers])


def test_numbers_equal_the_store_and_move_with_it(page, dashboard, store):
    page.goto(dashboard.address)
    expect(page.locator(".status .state")).to_contain_text("Live")
    expect(value(page, "rate")).to_have_text(rate(store))
    transactions, balance = rolling(store)
    expect(value(page, "count")).to_have_text(f"{transactions:,}")
    expect(value(page, "balance")).to_have_text(f"₹\N{NARROW NO-BREAK SPACE}{balance:,.0f}")
    ((newest,),) = asked(store, "select max(finished_at) from live_progress")
    since = datetime.fromisoformat(newest) - timedelta(minutes=30)
    ((alerts,),) = asked(store, "select count(*) from live_alerts where raised_at > :since", since=str(since))
    expect(page.locator("#tile-alerts .text")).to_have_text(f"{alerts} alerts in its last 30 min")
    before = rate(store)
    live_rows.write(store, live_rows.PROGRESS, *live_rows.batches(120, now(), events=50_000, late=7, dead_letters=40))
    with store.begin() as connection:
        connection.execute(sa.text("update live_windows set transactions = transactions + 12345 where not closed"))
    assert rate(store) != before
    expect(value(page, "rate")).to_have_text(rate(store))
    expect(value(page, "count")).to_have_text(f"{transactions + 12345:,}")


def test_charts_draw_the_store_and_mark_anomalies(page, dashboard, store):
    page.goto(dashboard.address)
    expect(page.get_by_role("heading", name="1 surge and 1 outage in 144 windows of 10 minutes")).to_be_visible()
    draws(page, "forecast", "what came", came(store, ""))
    for kind in ("surge", "outage"):
        query = "select transactions from live_windows where city = '' and anomaly = :kind"
        draws(page, "forecast", kind, [count for (count,) in asked(store, query, kind=kind)])
    draws(page, "transactions", "still open", [rolling(store)[0]])


def test_a_place_has_its_own_windows(page, dashboard, store):
    page.goto(dashboard.address)
    page.locator(".st-key-place input").click()
    page.get_by_role("option", name="Mumbai").click()
    expect(page.get_by_role("heading", name="No surge and no outage in 144 windows of 10 minutes")).to_be_visible()
    draws(page, "forecast", "what came", came(store, "MUMBAI"))


def test_health_shows_what_was_dropped_and_what_waits(page, dashboard, store):
    page.goto(dashboard.address)
    for query in ("events", "windows", "alerts"):
        ((late, duplicates, letters),) = asked(
            store,
            "select sum(late), sum(duplicates), sum(dead_letters) from live_progress where query = :query",
            query=query,
        )
        cells = page.locator(f"#health-{query} td")
        expect(cells).to_have_count(9)
        assert [cells.nth(place).inner_text() for place in (4, 5, 6, 7)] == [
            *("10 min", f"{late:,}", f"{duplicates:,}", f"{letters:,}"),
        ]


def test_the_page_says_that_the_stream_is_down_and_that_it_is_back(page, dashboard, empty):
    store = fill(empty, now() - timedelta(minutes=5))
    page.goto(dashboard.address)
    expect(page.locator(".status")).to_contain_text("The stream is down: no progress for 5 min.")
    expect(page.locator(".status")).to_contain_text("What you see is from")
    expect(value(page, "rate")).to_have_text("0")
    for batch in range(120, 123):
        live_rows.write(store, live_rows.PROGRESS, *live_rows.batches(batch, now()))
    expect(page.locator(".status .state")).to_contain_text("Live")


def test_the_page_says_that_no_event_comes(page, dashboard, empty):
    store = fill(empty, now() - timedelta(minutes=5))
    page.goto(dashboard.address)
    expect(page.locator(".status .state")).to_contain_text("Down")
    live_rows.write(store, IDLE, *({"query": query, "looked_at": now()} for query in ("events", "windows", "alerts")))
    expect(page.locator(".status")).to_contain_text("No event has come for 5 min.")
    expect(value(page, "rate")).to_have_text("0")


def test_the_page_says_that_the_stream_is_behind(page, dashboard, store):
    page.goto(dashboard.address)
    live_rows.write(store, live_rows.PROGRESS, *live_rows.batches(120, now(), backlog=90_000))
    expect(page.locator(".status")).to_contain_text("The stream is behind: 90,000 events wait")
    expect(page.locator(".status")).to_contain_text("The backlog grows")
    live_rows.write(store, live_rows.PROGRESS, *live_rows.batches(121, now(), latency_p95_s=14.0))
    expect(page.locator(".status")).to_contain_text("The stream is behind: an event takes up to 14 s to this page.")


def test_a_stream_that_never_ran_is_named_and_its_start_is_noticed(page, dashboard, empty):
    page.goto(dashboard.address)
    expect(page.locator(".status")).to_contain_text("The stream has never run here.")
    expect(page.locator(".status")).to_contain_text("make stream-demo")
    expect(page.locator("body")).to_contain_text("No alert yet.")
    assert not empty.exists()
    fill(empty, now())
    expect(page.locator(".status .state")).to_contain_text("Live")
    expect(page.locator("[class*=st-key-look-]")).to_have_count(25)


def test_a_store_that_breaks_is_named_and_the_last_figures_stay(page, dashboard, empty):
    store = fill(empty, now())
    page.goto(dashboard.address)
    transactions, _ = rolling(store)
    expect(value(page, "count")).to_have_text(f"{transactions:,}")
    for file in empty.parent.glob("live.db*"):
        file.unlink()
    empty.write_text("this is no database, but it is long enough to be taken for one " * 20)
    expect(page.locator(".status")).to_contain_text("The live store can not be reached.")
    expect(page.locator(".status")).to_contain_text("file is not a database")
    expect(value(page, "count")).to_have_text(f"{transactions:,}")


def test_a_database_that_is_away_is_named_without_its_password(page, tmp_path):
    port = free_port()
    away = Dashboard(tmp_path, f"postgresql+psycopg2://live:hush-hush@127.0.0.1:{port}/live")
    try:
        page.goto(away.address)
        expect(page.locator(".status")).to_contain_text("The live store can not be reached.")
        expect(page.locator(".status")).to_contain_text(f"live on 127.0.0.1:{port}")
        assert "hush-hush" not in page.content()
        assert "hush-hush" not in away.log()
    finally:
        away.stop()


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


def test_nothing_flickers_while_the_numbers_move(page, dashboard, store):
    page.goto(dashboard.address)
    page.wait_for_selector(".st-key-forecast .js-plotly-plot .main-svg")
    page.wait_for_selector("#health")
    before = value(page, "rate").inner_text()
    live_rows.write(store, live_rows.PROGRESS, *live_rows.batches(120, now(), events=70_000))
    seen = page.evaluate(FLICKER)
    assert value(page, "rate").inner_text() != before
    assert seen["same"], "the chart was drawn anew in another place"
    assert (seen["faded"], seen["waiting"]) == ([], 0)
