"""Volume anomalies: surges and outages against the same time of day on earlier days."""

from jobs.stream.windows.open_windows import Window
from jobs.stream.windows.volume_alerts import first_anomalous_windows, volume_alert
from jobs.stream.windows.volume_anomaly import VolumeCheck, check_volume

TEN_MINUTES, HOUR_S, DAY_S = 600, 3600, 86_400
MIDNIGHT = 17_106 * DAY_S


def history(days: int, count: int = 100) -> dict[int, int]:
    return {MIDNIGHT - day * DAY_S + TEN_MINUTES * slot: count for day in range(1, days + 1) for slot in range(144)}


def closed_window(number: int, anomaly: str | None) -> Window:
    starts = MIDNIGHT + TEN_MINUTES * number
    check = VolumeCheck(expected=100.0, low=60.0, high=140.0, anomaly=anomaly)
    return Window("tumbling", "", starts, starts + TEN_MINUTES, (400, 0, 0, 0), True, check)


def test_nothing_is_expected_until_the_time_of_day_is_known():
    assert check_volume({}, MIDNIGHT, 500, TEN_MINUTES).expected is None
    assert check_volume(history(1), MIDNIGHT + HOUR_S, 500, TEN_MINUTES).anomaly is None


def test_surges_and_outages_differ_from_a_usual_window():
    known = history(5)
    assert check_volume(known, MIDNIGHT + HOUR_S, 104, TEN_MINUTES).anomaly is None
    assert check_volume(known, MIDNIGHT + HOUR_S, 300, TEN_MINUTES).anomaly == "surge"
    assert check_volume(known, MIDNIGHT + HOUR_S, 0, TEN_MINUTES).anomaly == "outage"


def test_a_busy_day_is_expected_to_stay_busy():
    known = history(5) | {MIDNIGHT + TEN_MINUTES * slot: 150 for slot in range(18)}
    assert check_volume(known, MIDNIGHT + 3 * HOUR_S, 150, TEN_MINUTES).expected == 150


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
