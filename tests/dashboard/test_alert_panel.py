"""The section Fraud alerts in a browser: search, selection, filter and pause."""

import json
import time

import pytest
from playwright.sync_api import expect

from tests.dashboard import live_rows
from tests.dashboard.conftest import now, select_rows


def test_a_customer_is_found_by_id(page, dashboard, database):
    page.goto(dashboard.address)
    page.get_by_label("Customer ID", exact=True).fill("C5840003")
    page.get_by_label("Customer ID", exact=True).press("Enter")
    ((alerts,),) = select_rows(database, "select count(*) from live_alerts where customer_id = 'C5840003'")
    expect(page.get_by_role("heading", name=f"{alerts} alert")).to_be_visible()
    expect(page.locator(".profile")).to_contain_text("1,550")
    stored = select_rows(database, "select events from live_alerts where customer_id = 'C5840003'")
    alerted = len({event["transaction_id"] for (text,) in stored for event in json.loads(text)})
    expect(page.locator(".events tbody tr.alerted")).to_have_count(alerted)
    expect(page.locator(".events tbody tr")).to_have_count(alerted + 20)
    page.get_by_label("Customer ID", exact=True).fill("C-NOBODY")
    page.get_by_label("Customer ID", exact=True).press("Enter")
    expect(page.locator("body")).to_contain_text("No recent alerts for C-NOBODY.")


def test_a_url_selects_a_customer(page, dashboard, database):
    page.goto(f"{dashboard.address}/?customer=C5840001")
    expect(page.get_by_role("heading", name="Customer C5840001")).to_be_visible()
    expect(page.locator(".profile")).to_contain_text("typical amount, ₹")


def test_an_alert_opens_its_customer_or_its_events(page, dashboard, database):
    page.goto(dashboard.address)
    page.locator(".st-key-select-A00003 button").click()
    expect(page.get_by_role("heading", name="Customer C5840003")).to_be_visible()
    expect(page).to_have_url(f"{dashboard.address}/?customer=C5840003")
    expect(page.locator(".st-key-alerts [data-testid=stBaseButton-primary]")).to_have_text("C5840003")
    page.locator(".st-key-select-A00006 button").click()
    expect(page.get_by_role("heading", name="Events in this alert: 3")).to_be_visible()
    page.locator(".st-key-select-A00008 button").click()
    expect(page.locator("body")).to_contain_text("This alert concerns the whole window, not individual events.")


def test_alerts_are_filtered_by_type_and_paused(page, dashboard, database):
    page.goto(dashboard.address)
    page.get_by_role("button", name="Travel").click()
    badges = page.locator(".st-key-alerts .badge")
    ((travels,),) = select_rows(database, "select count(*) from live_alerts where type = 'travel'")
    expect(badges).to_have_count(travels)
    assert {text.split()[-1] for text in badges.all_inner_texts()} == {"Travel"}
    page.get_by_text("Pause updates").click()
    expect(page.get_by_text("Paused at")).to_be_visible()
    live_rows.write(database, live_rows.ALERTS, live_rows.alert(3 + 11 * 900, now()))
    time.sleep(5)
    expect(badges).to_have_count(travels)
    page.get_by_text("Pause updates").click()
    expect(badges).to_have_count(travels + 1)


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "<script>alert(1)</script>"])
def test_stored_html_is_shown_as_text(page, dashboard, database, text):
    live_rows.write(
        database, live_rows.ALERTS, {**live_rows.alert(0, now()), "alert_id": "A1", "reason": text, "city": text}
    )
    page.goto(dashboard.address)
    expect(page.locator(".st-key-row-A1 .reason")).to_have_text(text)
    assert page.locator(".st-key-row-A1 img, .st-key-row-A1 script").count() == 0
