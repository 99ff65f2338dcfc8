"""Find outages of 30 % that last an hour: .venv/bin/python benchmarks/volume_alerts.py 1 2 3.

For each seed a bank of 1,000 transactions per ten minutes is forecast from three years of daily volume, and watched for
the four weeks after, with and without the forecast, once with an outage every day and once without any. An outage is
found if a window that ended within 40 minutes of its start is an anomaly. The second figure includes the watermark of
ten minutes, because the stream closes a window only then.
"""

import sys

import numpy as np
import pandas as pd

from jobs.forecast.calendar_effects import holiday_names
from jobs.forecast.daily_history import BANK
from jobs.forecast.forecast_methods import COMBINATION, Forecaster
from jobs.forecast.window_forecast import window_rows
from jobs.simulation.datasets.daily_volume import make_cities
from jobs.simulation.datasets.volume_plan import plan_volume
from jobs.simulation.window_counts import Outage, daily_transactions, intraday_volume, window_counts
from jobs.stream.windows.volume_anomaly import VolumeMonitor

DAYS, PER_DAY, WINDOW_S, LIMIT_S, WATERMARK_S = 28, 144_000, 600, 2400, 600
Forecast = dict[int, float]


def prepare(seed: int) -> tuple[pd.DatetimeIndex, np.ndarray, Forecast]:
    """Return the days to watch, their intensity, and the forecast of each window made on the day before the first."""
    plan = plan_volume(make_cities(10), "2013-11-01", "2016-11-28", seed)
    daily = daily_transactions(plan, PER_DAY * len(plan.days), seed)
    history, days = plan.days[:-DAYS], plan.days[-DAYS:]
    known = pd.DataFrame({BANK: np.random.default_rng(seed).poisson(daily[:-DAYS]).astype(float)}, index=history)
    mean = Forecaster(seed).forecast(known, DAYS)[COMBINATION][BANK]
    coming = pd.DataFrame({"transaction_date": days, "mean": mean.to_numpy()})
    rows = window_rows(coming, intraday_volume(history[-365:], daily[:-DAYS][-365:], seed))
    starts = int(days[0].timestamp()) + WINDOW_S * np.arange(len(rows))
    return days, daily[-DAYS:], dict(zip(starts.tolist(), rows["expected"].tolist(), strict=True))


def watch(counts: dict[int, int], forecast: Forecast) -> list[int]:
    """Return the end of each window at which an anomaly begins."""
    monitor, begins, previous = VolumeMonitor(), [], ""
    for start, count in counts.items():
        anomaly = monitor.check(start, count, WINDOW_S, forecast.get(start)).anomaly or ""
        if anomaly and anomaly != previous:
            begins.append(start + WINDOW_S)
        previous = anomaly
    return begins


def delays(alarms: list[int], outages: list[Outage]) -> list[float]:
    """Return for each outage the seconds until its first alarm; infinite if it was not found while it lasted."""
    found = [
        [end - outage.starts for end in alarms if outage.starts < end <= outage.ends + WINDOW_S] for outage in outages
    ]
    return [min(times, default=float("inf")) for times in found]


def main() -> None:
    """Print one line per seed and kind of expectation."""
    print("seed expectation     found <= 40 min  incl. watermark  median delay  false alarms a day  on holidays")
    for seed in map(int, sys.argv[1:] or ["1"]):
        days, daily, forecast = prepare(seed)
        quiet, _ = window_counts(days, daily, seed, 0.0)
        failing, outages = window_counts(days, daily, seed, 0.3)
        holidays = {day.timestamp() // 86_400 for day, name in zip(days, holiday_names(days), strict=True) if name}
        for name, used in (("forecast", forecast), ("own history", {})):
            found = np.array(delays(watch(failing, used), outages))
            alarms = watch(quiet, used)
            on_holidays = sum((end - 1) // 86_400 in holidays for end in alarms)
            in_time, with_watermark = (found <= LIMIT_S).mean(), (found + WATERMARK_S <= LIMIT_S).mean()
            print(
                f"{seed:>4} {name:<15} {in_time:>16.2f} {with_watermark:>16.2f} "
                f"{np.median(found) / 60:>10.0f} min {len(alarms) / DAYS:>19.2f} {on_holidays:>12}",
                flush=True,
            )


if __name__ == "__main__":
    main()
