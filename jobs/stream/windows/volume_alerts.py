"""Alerts about the whole stream: the first window of each surge and outage."""

from collections.abc import Iterable

from jobs.stream.windows.open_windows import WHOLE_STREAM, Window

MAX_SCORE = 99.0


def first_anomalous_windows(windows: Iterable[Window], previous_anomaly: str) -> list[Window]:
    """The first window of each surge and outage.

    Args:
        windows: in order of time; only closed tumbling ones of the whole stream count.
        previous_anomaly: anomaly of the window before them, '' for none.

    """
    first_windows = []
    for window in windows:
        if window.closed and window.kind == "tumbling" and window.city == WHOLE_STREAM:
            if window.volume.anomaly and window.volume.anomaly != previous_anomaly:
                first_windows.append(window)
            previous_anomaly = window.volume.anomaly or ""
    return first_windows


def volume_alert(window: Window) -> dict[str, object]:
    """Describe a surge or outage with the same columns as `detection.alert_rows`."""
    count, minutes = window.sums[0], (window.ends - window.starts) // 60
    volume = window.volume
    expected, low, high, deviation = (
        value or 0.0 for value in (volume.expected, volume.low, volume.high, volume.deviation)
    )
    return {
        "alert_id": f"{window.volume.anomaly}-{window.starts}",
        "event_time_us": window.ends * 1_000_000,
        "type": window.volume.anomaly,
        "customer_id": None,
        "city": None,
        "score": round(min(abs(count - expected) / max(deviation, 1e-9), MAX_SCORE), 3),
        "reason": f"{count:,} transactions in {minutes} minutes; expected {low:,.0f} to {high:,.0f}.",
        "events": "[]",
        "profile": None,
    }
