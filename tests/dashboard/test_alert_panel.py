"""The fraud desk in a browser: a customer and an alert are looked up, the list is filtered and held still."""

import json
import time

import pytest
from playwright.sync_api import expect

from tests.dashboard import live_rows
from tests.dashboard.conftest import asked, now


def test_a_customer_is_looked_up_by_number(page, dashboard, store):
    page.goto(dashboard.address)
    page.get_by_label("Customer", exact=True).fill("C5840003")
    page.get_by_label("Customer", exact=True).press("Enter")
    ((raised,),) = asked(store, "select count(*) from live_alerts where customer_id = 'C5840003'")
    expect(page.get_by_role("heading", name=f"{raised} alert")).to_be_visible()
    expect(page.locator(".habit")).to_contain_text("1,550")
    events = asked(store, "select events from live_alerts where customer_id = 'C5840003'")
    behind = len({event["transaction_id"] for (text,) in events for event in json.loads(text)})
    expect(page.locator(".events tbody tr.alerted")).to_have_count(behind)
    expect(page.locator(".events tbody tr")).to_have_count(behind + 20)
    page.get_by_label("Customer", exact=True).fill("C-NOBODY")
    page.get_by_label("Customer", exact=True).press("Enter")
    expect(page.locator("body")).to_contain_text("Of C-NOBODY there is no alert and no event here.")


def test_an_address_leads_to_a_customer(page, dashboard, store):
    page.goto(f"{dashboard.address}/?customer=C5840001")
    expect(page.get_by_role("heading", name="Look closer: C5840001")).to_be_visible()
    expect(page.locator(".habit")).to_contain_text("usual amount, ₹")


def test_an_alert_opens_its_customer_or_the_events_behind_it(page, dashboard, store):
    page.goto(dashboard.address)
    page.locator(".st-key-look-A00003 button").click()
    expect(page.get_by_role("heading", name="Look closer: C5840003")).to_be_visible()
    expect(page).to_have_url(f"{dashboard.address}/?customer=C5840003")
    expect(page.locator(".st-key-alerts [data-testid=stBaseButton-primary]")).to_have_text("C5840003")
    page.locator(".st-key-look-A00006 button").click()
    expect(page.get_by_role("heading", name="Events behind it: 3")).to_be_visible()
    page.locator(".st-key-look-A00008 button").click()
    expect(page.locator("body")).to_contain_text("it is about the whole window")


def test_alerts_are_filtered_by_type_and_held_still(page, dashboard, store):
    page.goto(dashboard.address)
    page.get_by_role("button", name="Travel").click()
    badges = page.locator(".st-key-alerts .badge")
    ((travels,),) = asked(store, "select count(*) from live_alerts where type = 'travel'")
    expect(badges).to_have_count(travels)
    assert {text.split()[-1] for text in badges.all_inner_texts()} == {"Travel"}
    page.get_by_text("Hold the list still").click()
    expect(page.get_by_text("Held since")).to_be_visible()
    live_rows.write(store, live_rows.ALERTS, live_rows.alert(3 + 11 * 900, now()))
    time.sleep(5)
    expect(badges).to_have_count(travels)
    page.get_by_text("Hold the list still").click()
    expect(badges).to_have_count(travels + 1)


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "<script>alert(1)</script>"])
def test_what_the_store_says_is_shown_as_text(page, dashboard, store, text):
    live_rows.write(
        store, live_rows.ALERTS, {**live_rows.alert(0, now()), "alert_id": "A1", "reason": text, "city": text}
    )
    page.goto(dashboard.address)
    expect(page.locator(".st-key-row-A1 .reason")).to_have_text(text)
    assert page.locator(".st-key-row-A1 img, .st-key-row-A1 script").count() == 0
