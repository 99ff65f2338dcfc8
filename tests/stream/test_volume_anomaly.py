"""Volume anomalies: surges and outages against the forecast and the same time of day on earlier days."""

from dataclasses import asdict
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from jobs.core import tables
from jobs.stream.windows.open_windows import Window
from jobs.stream.windows.stored_forecast import StoredForecast
from jobs.stream.windows.volume_alerts import first_anomalous_windows, volume_alert
from jobs.stream.windows.volume_anomaly import VolumeCheck, VolumeMonitor

TEN_MINUTES, HOUR_S, DAY_S = 600, 3600, 86_400
MIDNIGHT = 17_106 * DAY_S


def monitor(days: int, count: int = 100) -> VolumeMonitor:
    """What a bank with the same number of transactions in each window has shown."""
    starts = [MIDNIGHT - day * DAY_S + TEN_MINUTES * slot for day in range(1, days + 1) for slot in range(144)]
    return VolumeMonitor(counts=dict.fromkeys(starts, count))


def check(seen: VolumeMonitor, start: int, count: int, forecast: float | None = None) -> VolumeCheck:
    return seen.check(start, count, TEN_MINUTES, forecast)


def watch(seen: VolumeMonitor, counts, first: int = MIDNIGHT, forecasts=None) -> list[str | None]:
    """The anomaly of each window from `first` on."""
    expected = [None] * len(counts) if forecasts is None else forecasts
    windows = enumerate(zip(counts, expected, strict=True))
    return [check(seen, first + TEN_MINUTES * n, int(count), forecast).anomaly for n, (count, forecast) in windows]


def closed_window(number: int, anomaly: str | None) -> Window:
    starts = MIDNIGHT + TEN_MINUTES * number
    volume = VolumeCheck(expected=100.0, low=60.0, high=140.0, anomaly=anomaly, deviation=10.0)
    return Window("tumbling", "", starts, starts + TEN_MINUTES, (400, 0, 0, 0), True, volume)


def test_nothing_is_expected_until_the_time_of_day_is_known():
    assert check(VolumeMonitor(), MIDNIGHT, 500).expected is None
    assert check(monitor(1), MIDNIGHT + HOUR_S, 500).anomaly is None


def test_surges_and_outages_differ_from_a_usual_window():
    assert check(monitor(5), MIDNIGHT + HOUR_S, 104).anomaly is None
    assert check(monitor(5), MIDNIGHT + HOUR_S, 300).anomaly == "surge"
    assert check(monitor(5), MIDNIGHT + HOUR_S, 0).anomaly == "outage"


def test_a_busy_day_is_expected_to_stay_busy():
    seen = monitor(5)
    seen.counts |= {MIDNIGHT + TEN_MINUTES * slot: 150 for slot in range(18)}
    assert check(seen, MIDNIGHT + 3 * HOUR_S, 150).expected == 150


def test_with_a_forecast_the_first_hour_of_a_stream_suffices():
    seen = VolumeMonitor()
    watch(seen, [50] * 6, forecasts=[100.0] * 6)

    found = check(seen, MIDNIGHT + HOUR_S, 51, forecast=200.0)

    assert found.expected == pytest.approx(100.0), "this stream carries half of the bank"
    assert check(VolumeMonitor(), MIDNIGHT, 50, forecast=100.0).expected is None


def test_a_holiday_in_the_forecast_is_no_outage_and_without_one_it_is():
    usual, quiet, day = [100] * 144, [50] * 36, 3

    def holiday(forecasts):
        seen = VolumeMonitor()
        for number in range(day):
            watch(seen, usual, MIDNIGHT + number * DAY_S, [100.0] * 144 if forecasts else None)
        return watch(seen, quiet, MIDNIGHT + day * DAY_S, [50.0] * 36 if forecasts else None)

    assert set(holiday(forecasts=True)) == {None}
    assert "outage" in holiday(forecasts=False)


def test_the_time_of_day_follows_the_stream_where_the_forecast_is_wrong():
    seen = VolumeMonitor()
    pattern = [100] * 72 + [300] * 72
    for number in range(4):
        watch(seen, pattern, MIDNIGHT + number * DAY_S, [200.0] * 144)

    assert set(watch(seen, pattern, MIDNIGHT + 4 * DAY_S, [200.0] * 144)) == {None}


def test_small_deviations_add_up_and_end_with_the_outage():
    rng = np.random.default_rng(3)
    seen = VolumeMonitor()
    for number in range(3):
        watch(seen, rng.poisson(100, 144), MIDNIGHT + number * DAY_S)

    found = watch(seen, [100] * 12 + [70] * 6 + [100] * 12, MIDNIGHT + 3 * DAY_S)

    assert found[12] is None and "outage" in found[13:18] and set(found[:12]) == {None}
    assert found[19:] == [None] * 11


def test_the_range_of_a_window_is_where_its_anomaly_begins():
    seen = monitor(5)
    watch(seen, [95] * 3)
    again = VolumeMonitor.from_dict(asdict(seen))

    low = check(seen, MIDNIGHT + 3 * TEN_MINUTES, 100).low

    assert check(again.copy(), MIDNIGHT + 3 * TEN_MINUTES, int(low) + 1).anomaly is None
    assert check(again, MIDNIGHT + 3 * TEN_MINUTES, int(low) - 1).anomaly == "outage"


def test_at_a_thousand_transactions_an_outage_of_30_percent_is_found_within_40_minutes():
    """A day of 144,000 transactions, 3 % noise of a window; benchmarks/volume_alerts.py measures more."""
    rng = np.random.default_rng(7)
    hours = np.arange(144) / 6
    shape = 0.4 + np.exp(-((hours - 13) ** 2) / 20)
    days = [1000 * shape / shape.mean() * level for level in (1.0, 1.1, 0.6, 1.0, 1.05, 0.95, 1.0, 1.2, 1.0, 1.0)]
    counts = [rng.poisson(day * rng.gamma(1 / 0.03**2, 0.03**2, 144)) for day in days]
    forecasts = [day * error for day, error in zip(days, rng.normal(1, 0.05, len(days)), strict=True)]
    outages = {day: int(rng.integers(60, 100)) for day in range(2, 10)}
    failing = [each.copy() for each in counts]
    for day, slot in outages.items():
        failing[day][slot : slot + 6] = rng.binomial(counts[day][slot : slot + 6], 0.7)

    quiet, noisy = VolumeMonitor(), VolumeMonitor()
    alarms, delays = 0, []
    for day in range(len(days)):
        first = MIDNIGHT + day * DAY_S
        found = watch(quiet, counts[day], first, forecasts[day])
        alarms += sum(1 for before, now in pairwise([None, *found]) if now and now != before)
        with_outage = watch(noisy, failing[day], first, forecasts[day])
        if day in outages:
            during = with_outage[outages[day] : outages[day] + 6]
            delays.append(10 * (during.index("outage") + 1) if "outage" in during else 999)

    assert alarms <= len(days), "one false alarm a day"
    assert max(delays) <= 40


def test_a_surge_raises_one_alert_however_long_it_lasts():
    windows = [closed_window(number, "surge") for number in range(3)]
    assert first_anomalous_windows(windows, "") == windows[:1]
    assert first_anomalous_windows(windows, "surge") == []


def test_a_second_surge_raises_another_alert():
    windows = [closed_window(0, "surge"), closed_window(1, None), closed_window(2, "surge")]
    assert first_anomalous_windows(windows, "") == [windows[0], windows[2]]


def test_an_alert_says_how_many_transactions_were_expected():
    alert = volume_alert(closed_window(0, "surge"))
    assert alert["reason"] == "400 transactions in 10 minutes; expected 60 to 140."
    assert (alert["alert_id"], alert["score"]) == (f"surge-{MIDNIGHT}", 30.0)


def test_the_stream_keeps_the_forecast_that_it_read_first(spark, settings):
    def publish(expected: float, fingerprint: str) -> None:
        rows = [(date(2016, 11, 1), slot, expected) for slot in range(144)]
        table = spark.createDataFrame(rows, "transaction_date DATE, slot INT, expected DOUBLE")
        tables.publish(table, settings, "window_forecast", fingerprint)

    publish(20.0, "aa")
    before = StoredForecast(spark, settings, TEN_MINUTES)(MIDNIGHT)
    publish(99.0, "bb")

    assert (before, StoredForecast(spark, settings, TEN_MINUTES)(MIDNIGHT)) == (20.0, 20.0)
    assert StoredForecast(spark, settings, HOUR_S)(MIDNIGHT + HOUR_S) == 120.0
    assert StoredForecast(spark, settings, 300)(MIDNIGHT) == 10.0
    assert StoredForecast(spark, settings, TEN_MINUTES)(MIDNIGHT + DAY_S) is None, "no forecast of that day"
