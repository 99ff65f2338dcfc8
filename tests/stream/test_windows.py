"""Windows: when they are open, when they close, and what an unusual volume is."""

import pandas as pd

from jobs.stream.sinks.batch_sinks import volume_alerts
from jobs.stream.windows.aggregation import SUMS, Open, advance
from jobs.stream.windows.volume_anomaly import judge

TEN, HOUR, DAY = 600, 3600, 86_400
MIDNIGHT = 17_106 * DAY


def updates(*rows: tuple) -> pd.DataFrame:
    """Rows of start in windows after midnight, location and transactions, each of one rupee and a balance of two."""
    made = [(MIDNIGHT + TEN * start, place, count, 100 * count, 200 * count, count) for start, place, count in rows]
    return pd.DataFrame(made, columns=["starts", "location", *SUMS])


def after(minutes: int) -> int:
    """The watermark that many minutes after midnight."""
    return (MIDNIGHT + 60 * minutes) * 1000


def found(windows, kind, closed):
    return {
        (one.location, (one.starts - MIDNIGHT) // 60): one.sums[0]
        for one in windows
        if (one.kind, one.closed) == (kind, closed)
    }


def test_without_a_watermark_all_windows_are_open():
    now, windows = advance(Open(), updates((0, "", 3), (0, "PUNE", 3)), 0, TEN)
    assert found(windows, "tumbling", False) == {("", 0): 3, ("PUNE", 0): 3}
    assert found(windows, "tumbling", True) == {} and now.closed_to is None
    assert len(found(windows, "sliding", False)) == 12


def test_a_window_closes_once_when_the_watermark_has_passed_its_end():
    first, _ = advance(Open(), updates((0, "", 3), (1, "", 2)), 0, TEN)
    second, windows = advance(first, updates((0, "", 4)), after(12), TEN)
    assert found(windows, "tumbling", True) == {("", 0): 4}
    third, windows = advance(second, updates(), after(19), TEN)
    assert windows == []
    _, windows = advance(third, updates(), after(20), TEN)
    assert found(windows, "tumbling", True) == {("", 10): 2}


def test_a_sliding_window_is_the_sum_of_its_hour():
    state, _ = advance(Open(), updates(*[(number, "", number + 1) for number in range(7)]), 0, TEN)
    _, windows = advance(state, updates(), after(70), TEN)
    assert found(windows, "sliding", True)[("", 0)] == 1 + 2 + 3 + 4 + 5 + 6
    assert found(windows, "sliding", True)[("", 10)] == 2 + 3 + 4 + 5 + 6 + 7


def test_a_window_without_any_event_is_closed_too_for_the_whole_stream():
    state, _ = advance(Open(), updates((0, "", 3), (3, "", 2)), 0, TEN)
    _, windows = advance(state, updates(), after(40), TEN)
    assert found(windows, "tumbling", True) == {("", 0): 3, ("", 10): 0, ("", 20): 0, ("", 30): 2}


def test_what_is_open_is_the_same_after_it_was_written_down():
    state, _ = advance(Open(), updates((0, "", 3), (1, "PUNE", 2)), 0, TEN)
    state, _ = advance(state, updates((1, "", 2)), after(11), TEN)
    assert Open.from_json(state.to_json()) == state


def test_a_batch_done_again_gives_the_same():
    state, _ = advance(Open(), updates((0, "", 3)), 0, TEN)
    once, again = (advance(state, updates((0, "", 4), (5, "", 1)), after(55), TEN) for _ in range(2))
    assert once == again


def test_old_windows_are_not_kept():
    state, _ = advance(Open(), updates((0, "", 3)), 0, TEN)
    state, _ = advance(state, updates((200, "", 1)), after(2000), TEN)
    assert list(state.panes) == [MIDNIGHT + 200 * TEN]


def history(days: int, count: int = 100) -> dict[int, int]:
    return {MIDNIGHT - day * DAY + TEN * slot: count for day in range(1, days + 1) for slot in range(144)}


def test_nothing_is_said_before_the_time_of_day_is_known():
    assert judge({}, MIDNIGHT, 500, TEN).expected is None
    assert judge(history(1), MIDNIGHT + HOUR, 500, TEN).anomaly is None


def test_a_surge_and_an_outage_are_told_from_a_usual_window():
    known = history(5)
    assert judge(known, MIDNIGHT + HOUR, 104, TEN).anomaly is None
    assert judge(known, MIDNIGHT + HOUR, 300, TEN).anomaly == "surge"
    assert judge(known, MIDNIGHT + HOUR, 0, TEN).anomaly == "outage"


def test_a_busier_day_is_expected_to_stay_busy():
    known = history(5) | {MIDNIGHT + TEN * slot: 150 for slot in range(18)}
    assert judge(known, MIDNIGHT + 3 * HOUR, 150, TEN).expected == 150


def test_a_surge_raises_one_alert_however_long_it_lasts():
    state = Open(closed_to=MIDNIGHT, history=history(5))
    _, windows = advance(state, updates(*[(number, "", 400) for number in range(3)]), after(30), TEN)
    assert [(one.verdict.anomaly, one.starts) for one in volume_alerts(windows, "")] == [("surge", MIDNIGHT)]
    assert volume_alerts(windows, "surge") == []


def test_once_begun_an_empty_window_is_closed_and_before_the_first_event_none_is():
    rows = pd.DataFrame([(1_200, "", 1, 100, 500, 1)], columns=["starts", "location", *SUMS])
    now, first = advance(Open(), rows, 700_000, 600)
    assert [one for one in first if one.closed] == [], "nothing came before 20 minutes past"
    now, second = advance(now, rows.iloc[:0], 1_800_000, 600)
    assert [one.starts for one in second if one.kind == "tumbling" and one.closed] == [1_200]
    _, third = advance(now, rows.iloc[:0], 2_400_000, 600)
    assert [(one.starts, one.sums[0]) for one in third if one.kind == "tumbling" and one.closed] == [(1_800, 0)]


def test_after_a_silence_of_years_the_windows_of_its_first_day_are_closed_and_then_that_of_the_next_event():
    def row(start):
        return pd.DataFrame([(start, "", 1, 100, 500, 1)], columns=["starts", "location", *SUMS])

    now, _ = advance(Open(), row(1_200), 1_800_000, 600)
    later = 1_200 + 10 * 365 * 86_400
    now, _ = advance(now, row(later), 1_800_000, 600)
    _, found = advance(now, row(later).iloc[:0], (later + 600) * 1000, 600)
    whole = [one for one in found if one.kind == "tumbling" and one.closed]
    assert [one.starts for one in whole] == [*range(1_800, 1_800 + 86_400, 600), later]
