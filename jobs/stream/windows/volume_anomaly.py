"""Volume anomalies: compare a closed window's transactions with the expected number, and add up small deviations.

The expected number is the bank's daily forecast broken down to the window, times what the stream's own windows show:
how the same time of day on earlier days compared with their forecasts, and how busy the last hours were. Without a
forecast the stream's own windows decide alone. A cumulative sum (CUSUM, Page 1954) of the deviations finds an outage of
30 % that no single window would show.
"""

import math
from dataclasses import asdict, dataclass, field

import numpy as np

DAY_S = 86_400
REFERENCE_DAYS = 14
"""Earlier days that define the usual volume."""
MIN_WINDOWS = 6
"""Windows without which nothing is expected."""
RECENT_S = 3 * 3600
"""The volume of these last seconds shows whether the whole day is busier than others."""
BUSYNESS_LIMITS = (0.5, 2.0)
UNKNOWN_DEVIATION = 0.12
"""Standard deviation of a window's expectation, relative to it, on top of the Poisson noise of counting, as long as
fewer than MIN_RESIDUALS windows have shown how accurate the expectations are."""
NEW_PATTERN_DEVIATION = 0.3
"""The same for a time of day that the stream hasn't seen on earlier days: only the forecast says how busy it is."""
LEAST_DEVIATION = 0.02
MIN_RESIDUALS, MAX_RESIDUALS = 36, 288
"""Windows whose errors give that deviation: at least six hours, at most two days."""
ALLOWANCE = 1.0
"""Standard deviations that a window may deviate without adding to the cumulative sum."""
DECISION = 5.0
"""Cumulative sum, in standard deviations, that is an anomaly."""
MAD_TO_DEVIATION = 1.4826


@dataclass(frozen=True)
class VolumeCheck:
    """The expected transactions, the range outside which this window is an anomaly, and the anomaly: surge or outage.

    All are None where too little is known.
    """

    expected: float | None = None
    low: float | None = None
    high: float | None = None
    anomaly: str | None = None
    deviation: float | None = None
    """Standard deviation of the window's transactions."""


NOT_EVALUATED = VolumeCheck()


@dataclass
class VolumeMonitor:
    """What the checked windows of a stream have shown; starts are seconds since 1970."""

    counts: dict[int, int] = field(default_factory=dict)
    """Transactions of earlier windows without an anomaly, by start."""
    forecasts: dict[int, float] = field(default_factory=dict)
    """Forecasts of these windows, where there were any."""
    errors: list[tuple[float, float]] = field(default_factory=list)
    """Relative error and expected transactions of the latest windows without an anomaly."""
    missing: float = 0.0
    """Cumulative sum of deviations below the expectation."""
    excess: float = 0.0
    """Cumulative sum of deviations above the expectation."""
    anomaly: str = ""
    """Anomaly of the last window."""

    def check(self, start: int, count: int, length: int, forecast: float | None = None) -> VolumeCheck:
        """Compare the next window with the ones before it, and learn from it.

        The monitor doesn't learn from anomalies, unless the time of day is new: then the pattern may be unlike the
        forecast's.

        Args:
            start: of the window.
            count: its transactions.
            length: of a window, seconds.
            forecast: its transactions according to the bank's forecast; None without one.

        """
        usual = self._usual(start, length, forecast)
        expected = self._expected(usual, start, length, forecast)
        check = NOT_EVALUATED if expected is None else self._compare(expected, count, usual is not None)
        if usual is None or not check.anomaly:
            self.counts[start] = count
            if forecast is not None:
                self.forecasts[start] = forecast
            if check.expected:
                self.errors = [*self.errors, (count / check.expected - 1, check.expected)][-MAX_RESIDUALS:]
        self.anomaly = check.anomaly or ""
        return check

    def forget_before(self, start: int) -> None:
        """Drop the windows that start before a time."""
        self.counts = {earlier: count for earlier, count in self.counts.items() if earlier > start}
        self.forecasts = {earlier: value for earlier, value in self.forecasts.items() if earlier > start}

    def copy(self) -> "VolumeMonitor":
        """A monitor that changes independently of this one."""
        return VolumeMonitor(**asdict(self))

    @staticmethod
    def from_dict(saved: dict[str, object]) -> "VolumeMonitor":
        """Restore what `dataclasses.asdict` gave, after JSON turned keys into text and tuples into lists."""
        monitor = VolumeMonitor(**saved)  # type: ignore[arg-type]
        monitor.counts = {int(start): count for start, count in monitor.counts.items()}
        monitor.forecasts = {int(start): value for start, value in monitor.forecasts.items()}
        monitor.errors = [(error, expected) for error, expected in monitor.errors]
        return monitor

    def _compare(self, expected: float, count: int, is_seen: bool) -> VolumeCheck:
        deviation = math.sqrt(expected + 1 + (self._relative_deviation(is_seen) * expected) ** 2)
        low = max(expected - deviation * (DECISION + ALLOWANCE - self.missing), 0.0)
        high = expected + deviation * (DECISION + ALLOWANCE - self.excess)
        anomaly = "surge" if count > high else "outage" if count < low else None
        if self.anomaly and not anomaly:
            self.missing = self.excess = 0.0
        else:
            score = (count - expected) / deviation
            self.missing = min(max(self.missing - score - ALLOWANCE, 0.0), DECISION)
            self.excess = min(max(self.excess + score - ALLOWANCE, 0.0), DECISION)
        return VolumeCheck(round(expected, 2), round(low, 2), round(high, 2), anomaly, round(deviation, 2))

    def _relative_deviation(self, is_seen: bool) -> float:
        """How accurate the expectations were, without the noise of counting; `is_seen`: is the time of day known?"""
        if len(self.errors) < MIN_RESIDUALS:
            return UNKNOWN_DEVIATION if is_seen else NEW_PATTERN_DEVIATION
        errors, expected = np.array(self.errors).T
        variance = (MAD_TO_DEVIATION * float(np.median(np.abs(errors)))) ** 2 - float(np.median(1 / expected))
        return max(math.sqrt(max(variance, 0.0)), LEAST_DEVIATION)

    def _expected(self, usual: float | None, start: int, length: int, forecast: float | None) -> float | None:
        """Expected transactions of a window, given the usual ones; None if too little is known."""
        if usual is None and forecast is None:
            return None
        level = self._busyness(start, length, with_forecast=forecast is not None)
        if level is None and usual is None:
            return None
        return (forecast or 0.0 if usual is None else usual) * (1.0 if level is None else level)

    def _usual(self, start: int, length: int, forecast: float | None) -> float | None:
        """The usual transactions at this time of day, given the forecast of the day; None if it's not known."""
        day_ago = (start - day * DAY_S + step * length for day in range(1, REFERENCE_DAYS + 1) for step in (-1, 0, 1))
        earlier = [one for one in day_ago if one in self.counts]
        if forecast is not None:
            ratios = [self.counts[one] / self.forecasts[one] for one in earlier if self.forecasts.get(one)]
            return forecast * float(np.median(ratios)) if len(ratios) >= MIN_WINDOWS else None
        return float(np.median([self.counts[one] for one in earlier])) if len(earlier) >= MIN_WINDOWS else None

    def _busyness(self, start: int, length: int, with_forecast: bool) -> float | None:
        """Volume of the last hours as a multiple of the usual one; None if there are too few windows."""
        total = usual_total = 0.0
        windows = 0
        is_limited = True
        for earlier in range(start - RECENT_S, start, length):
            forecast = self.forecasts.get(earlier) if with_forecast else None
            if earlier not in self.counts or (with_forecast and forecast is None):
                continue
            usual = self._usual(earlier, length, forecast)
            if usual is None:
                usual, is_limited = forecast, False  # a stream may carry any share of the bank
            if usual is not None:
                total, usual_total, windows = total + self.counts[earlier], usual_total + usual, windows + 1
        if windows < MIN_WINDOWS or usual_total <= 0:
            return None
        return float(np.clip(total / usual_total, *BUSYNESS_LIMITS)) if is_limited else total / usual_total
