"""Open windows: when windows open and close, and what survives a restart."""

import pandas as pd

from jobs.stream.windows.open_windows import SUMS, OpenWindows, advance_windows

TEN_MINUTES, DAY_S = 600, 86_400
MIDNIGHT = 17_106 * DAY_S


def updates(*rows: tuple) -> pd.DataFrame:
    """Rows of start (in windows after midnight), city and transactions, each of one rupee with a balance of two."""
    sums = [
        (MIDNIGHT + TEN_MINUTES * start, city, count, 100 * count, 200 * count, count) for start, city, count in rows
    ]
    return pd.DataFrame(sums, columns=["starts", "city", *SUMS])


def minutes_after_midnight(minutes: int) -> int:
    """A watermark."""
    return (MIDNIGHT + 60 * minutes) * 1000


def advance(state, rows, minutes):
    return advance_windows(state, rows, minutes_after_midnight(minutes), TEN_MINUTES)


def without_watermark(rows):
    return advance_windows(OpenWindows(), rows, 0, TEN_MINUTES)


def counts(windows, kind, closed):
    """Transactions by city and start in minutes after midnight."""
    return {
        (window.city, (window.starts - MIDNIGHT) // 60): window.sums[0]
        for window in windows
        if (window.kind, window.closed) == (kind, closed)
    }


def test_without_a_watermark_all_windows_are_open():
    state, windows = without_watermark(updates((0, "", 3), (0, "PUNE", 3)))
    assert counts(windows, "tumbling", False) == {("", 0): 3, ("PUNE", 0): 3}
    assert counts(windows, "tumbling", True) == {} and state.closed_to is None
    assert len(counts(windows, "sliding", False)) == 12


def test_a_window_closes_once_when_the_watermark_has_passed_its_end():
    first, _ = without_watermark(updates((0, "", 3), (1, "", 2)))
    second, windows = advance(first, updates((0, "", 4)), 12)
    assert counts(windows, "tumbling", True) == {("", 0): 4}
    third, windows = advance(second, updates(), 19)
    assert windows == []
    _, windows = advance(third, updates(), 20)
    assert counts(windows, "tumbling", True) == {("", 10): 2}


def test_a_sliding_window_is_the_sum_of_its_hour():
    state, _ = without_watermark(updates(*[(number, "", number + 1) for number in range(7)]))
    _, windows = advance(state, updates(), 70)
    assert counts(windows, "sliding", True)[("", 0)] == 1 + 2 + 3 + 4 + 5 + 6
    assert counts(windows, "sliding", True)[("", 10)] == 2 + 3 + 4 + 5 + 6 + 7


def test_an_empty_window_is_closed_for_the_whole_stream():
    state, _ = without_watermark(updates((0, "", 3), (3, "", 2)))
    _, windows = advance(state, updates(), 40)
    assert counts(windows, "tumbling", True) == {("", 0): 3, ("", 10): 0, ("", 20): 0, ("", 30): 2}


def test_the_state_is_the_same_after_it_was_stored():
    state, _ = without_watermark(updates((0, "", 3), (1, "PUNE", 2)))
    state, _ = advance(state, updates((1, "", 2)), 11)
    assert OpenWindows.from_json(state.to_json()) == state


def test_a_repeated_batch_gives_the_same_result():
    state, _ = without_watermark(updates((0, "", 3)))
    once, again = (advance(state, updates((0, "", 4), (5, "", 1)), 55) for _ in range(2))
    assert once == again


def test_old_windows_are_dropped_from_the_state():
    state, _ = without_watermark(updates((0, "", 3)))
    state, _ = advance(state, updates((200, "", 1)), 2000)
    assert list(state.panes) == [MIDNIGHT + 200 * TEN_MINUTES]


def test_empty_windows_are_closed_after_the_first_event_but_not_before_it():
    rows = pd.DataFrame([(1_200, "", 1, 100, 500, 1)], columns=["starts", "city", *SUMS])
    state, first = advance_windows(OpenWindows(), rows, 700_000, TEN_MINUTES)
    assert [window for window in first if window.closed] == []
    state, second = advance_windows(state, rows.iloc[:0], 1_800_000, TEN_MINUTES)
    assert [window.starts for window in second if window.kind == "tumbling" and window.closed] == [1_200]
    _, third = advance_windows(state, rows.iloc[:0], 2_400_000, TEN_MINUTES)
    closed = [(window.starts, window.sums[0]) for window in third if window.kind == "tumbling" and window.closed]
    assert closed == [(1_800, 0)]


def test_after_years_of_silence_only_the_first_days_empty_windows_and_the_next_events_are_closed():
    def row(start):
        return pd.DataFrame([(start, "", 1, 100, 500, 1)], columns=["starts", "city", *SUMS])

    state, _ = advance_windows(OpenWindows(), row(1_200), 1_800_000, TEN_MINUTES)
    later = 1_200 + 10 * 365 * DAY_S
    state, _ = advance_windows(state, row(later), 1_800_000, TEN_MINUTES)
    _, windows = advance_windows(state, row(later).iloc[:0], (later + TEN_MINUTES) * 1000, TEN_MINUTES)
    closed = [window.starts for window in windows if window.kind == "tumbling" and window.closed]
    assert closed == [*range(1_800, 1_800 + DAY_S, TEN_MINUTES), later]
