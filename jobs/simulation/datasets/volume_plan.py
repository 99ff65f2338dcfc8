"""The expected daily volume of a bank's cities over several years.

It follows how payments come about: customers join along an S-curve, salaries arrive on three kinds of days and are
spent over the following days, shops close on holidays and are full before them. None of it is a feature or a functional
form of the forecast, which knows neither the states' own holidays nor promotions, outages and closed branches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays
import numpy as np
import pandas as pd

from jobs.simulation.rng import Floats

WEEKDAYS = (0.94, 0.96, 1.00, 1.06, 1.24, 1.16, 0.64)
"""Volume by weekday, Monday first, relative to the mean; Friday is busiest, Sunday is quietest."""
WEEKDAY_SPREAD = 0.05
"""Standard deviation of the log of a city's own weekday pattern around WEEKDAYS."""
MONTHS = (1.04, 1.00, 0.98, 1.02, 0.94, 0.86, 0.88, 0.92, 0.98, 1.12, 1.18, 1.10)
"""Volume around the middle of each month, January first: quiet monsoon months, festivals and weddings from October."""
GROWTH = 0.22
"""Growth of the volume in the middle year, relative; it is faster before and slower after, or the reverse, by city."""
PAY = 0.42
"""Extra volume on a day on which everybody is paid."""
PAY_SHARES = {"last working day": 0.5, "day 1": 0.3, "day 7": 0.2}
PAY_DECAY_DAYS = 2.5
"""The extra volume falls by a factor of e in so many days."""
HOLIDAY, HOLIDAYS = 0.74, {"Diwali": 0.52, "Holi": 0.6, "Republic Day": 0.66, "Independence Day": 0.7}
"""Volume on a holiday, relative to a usual day: by default, and by the first words of its name."""
EVES = (1.16, 1.09)
"""Volume one and two days before a holiday with its own factor."""
PROMOTIONS, PROMOTION_DAYS, PROMOTION = 3, (5, 10), 1.18
"""Promotions per year, their length, and their volume on the first day; half of the cities take part."""
OUTAGE = (0.35, 0.8, 1.12)
"""Volume of the whole bank on the day of the outage and the two days after it: what failed is paid later."""
CITY_OUTAGE = (0.2, 0.25)
"""Volume of the second city during its own outage."""
LEVEL_SHIFT = 0.65
"""Volume of the first city from the day on which branches close."""
COMMON_NOISE, COMMON_MEMORY = 0.035, 0.5
"""Standard deviation of the log of the whole bank's daily noise, and its correlation from day to day."""
CITY_NOISE = 0.06
"""Standard deviation of a city's own daily noise: the counts are overdispersed."""


@dataclass(frozen=True)
class City:
    """A city, its state by the code of the package `holidays`, and its share of the volume."""

    name: str
    state: str
    share: float


@dataclass(frozen=True)
class VolumePlan:
    """Expected volume by cause; arrays have the shape (days, cities)."""

    days: pd.DatetimeIndex
    cities: tuple[City, ...]
    factors: dict[str, Floats]
    """Volume relative to a bank without this cause."""
    dates: dict[str, str]
    """First day of each incident, as YYYY-MM-DD."""

    def expected(self, *without: str) -> Floats:
        """Share of the total volume of each day and city, optionally without some causes; sums to 1 with all."""
        share = np.array([city.share for city in self.cities])
        complete = share * np.prod(list(self.factors.values()), axis=0)
        kept = [factor for name, factor in self.factors.items() if name not in without]
        return np.asarray(share * np.prod(kept, axis=0) / complete.sum())

    def noisy(self, rng: np.random.Generator) -> Floats:
        """The expected volume times noise with mean 1: common to the bank with memory, and each city's own."""
        steps = COMMON_NOISE * np.sqrt(1 - COMMON_MEMORY**2) * rng.standard_normal(len(self.days))
        common = np.zeros(len(self.days))
        for day in range(1, len(common)):
            common[day] = COMMON_MEMORY * common[day - 1] + steps[day]
        own = rng.gamma(1 / CITY_NOISE**2, CITY_NOISE**2, (len(self.days), len(self.cities)))
        return np.asarray(self.expected() * np.exp(common - COMMON_NOISE**2 / 2)[:, None] * own)

    def effect(self, cause: str, chosen: np.ndarray, usual: np.ndarray) -> float:
        """Volume of the whole bank on chosen days due to one cause, relative to its effect on usual days.

        Args:
            cause: a key of `factors`.
            chosen: whether each day counts.
            usual: whether each day is one to compare with.

        """
        ratio = np.log(self.expected().sum(axis=1) / self.expected(cause).sum(axis=1))
        return float(np.exp(ratio[chosen].mean() - ratio[usual].mean()))

    def calendar_factors(self) -> dict[str, float]:
        """Factor of each national holiday and of the days of the month around pay days, by name, for the whole bank."""
        found = national_holidays(self.days)
        names = np.array([found.get(day, "") for day in self.days])
        near = names != ""
        ordinary = ~(near | np.roll(near, -1) | np.roll(near, -2))
        factors = {str(name): self.effect("holiday", names == name, ordinary) for name in set(names) - {""}}
        day, to_end = np.asarray(self.days.day), np.asarray(self.days.days_in_month - self.days.day)
        usual = (day > 10) & (to_end > 2)
        factors |= {f"day {number}": self.effect("pay", day == number, usual) for number in range(1, 11)}
        return factors | {"last day": self.effect("pay", to_end == 0, usual)}

    def describe(self) -> dict[str, object]:
        """What was planted, for the file beside the data."""
        bank = self.expected().sum(axis=1) / self.expected("holiday").sum(axis=1)
        pay = self.expected().sum(axis=1) / self.expected("pay").sum(axis=1)
        first_days = {f"day {day}": round(float(pay[self.days.day == day].mean()), 4) for day in range(1, 11)}
        return {
            "first_day": f"{self.days[0]:%Y-%m-%d}",
            "last_day": f"{self.days[-1]:%Y-%m-%d}",
            "cities": {city.name: city.share for city in self.cities},
            "incidents": self.dates,
            "outage": OUTAGE,
            "city_outage": CITY_OUTAGE,
            "level_shift": LEVEL_SHIFT,
            "common_noise": COMMON_NOISE,
            "city_noise": CITY_NOISE,
            "pay_factor": first_days,
            "holidays": {
                f"{day:%Y-%m-%d}": {"name": name, "factor": round(float(bank[self.days.get_loc(day)]), 4)}
                for day, name in national_holidays(self.days).items()
            },
        }


@cache
def holidays_of(state: str | None, first: int, last: int) -> dict[date, str]:
    """The public holidays of a state (None: of the whole country) in these years, by day."""
    return dict(holidays.country_holidays("IN", subdiv=state, years=range(first, last + 1)).items())


def national_holidays(days: pd.DatetimeIndex) -> dict[pd.Timestamp, str]:
    """The whole country's holidays on these days, in order."""
    found = holidays_of(None, days[0].year, days[-1].year)
    return {day: found[day.date()].split(";")[0] for day in days if day.date() in found}


def plan_volume(cities: Sequence[City], first: str, last: str, seed: int) -> VolumePlan:
    """Plan the days from `first` to `last`; the first two cities have incidents of their own."""
    days = pd.date_range(first, last, freq="D")
    rng = np.random.default_rng([seed, 11])
    shape = (len(days), len(cities))
    outages, dates = _incidents(shape, days, rng)
    factors = {
        "growth": _growth(shape, rng),
        "week": _weeks(days, len(cities), rng),
        "season": np.repeat(_season(days)[:, None], len(cities), axis=1),
        "pay": np.repeat(_pay(days)[:, None], len(cities), axis=1),
        "holiday": np.stack([_holidays(days, city.state) for city in cities], axis=1),
        "promotion": _promotions(shape, rng),
        **outages,
    }
    return VolumePlan(days, tuple(cities), factors, dates)


def _growth(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """An S-curve per city, with its own middle."""
    years = np.arange(shape[0])[:, None] / 365.25
    middle = years[-1] / 2 + rng.uniform(-0.6, 0.6, shape[1])
    steepness = 4 * np.log(1 + GROWTH)
    return np.asarray(0.5 + 1 / (1 + np.exp(-steepness * (years - middle))))


def _weeks(days: pd.DatetimeIndex, cities: int, rng: np.random.Generator) -> Floats:
    pattern = np.array(WEEKDAYS)[:, None] * np.exp(WEEKDAY_SPREAD * rng.standard_normal((7, cities)))
    return np.asarray((pattern / pattern.mean(axis=0))[days.weekday])


def _season(days: pd.DatetimeIndex) -> Floats:
    """Between the middles of two months the volume changes evenly."""
    position = days.month - 1 + (days.day - 15) / days.days_in_month
    return np.asarray(np.interp(position, np.arange(-1, 13), (MONTHS[-1], *MONTHS, MONTHS[0])))


def _pay(days: pd.DatetimeIndex) -> Floats:
    paid = np.zeros(len(days))
    last_working = days.to_period("M").end_time.normalize() - pd.offsets.BDay(0)
    last_working = last_working.where(last_working.month == days.month, last_working - pd.offsets.BDay(1))
    paid += PAY_SHARES["last working day"] * (days == last_working)
    paid += PAY_SHARES["day 1"] * (days.day == 1) + PAY_SHARES["day 7"] * (days.day == 7)
    spent = np.zeros(len(days))
    for day in range(len(days)):
        spent[day] = paid[day] + (spent[day - 1] * np.exp(-1 / PAY_DECAY_DAYS) if day else 0.0)
    return np.asarray(1 + PAY * spent)


def _holidays(days: pd.DatetimeIndex, state: str) -> Floats:
    factors = np.ones(len(days))
    for day, name in holidays_of(state, days[0].year, days[-1].year + 1).items():
        own = next((value for start, value in HOLIDAYS.items() if name.startswith(start)), None)
        position = (pd.Timestamp(day) - days[0]).days
        for ahead, eve in enumerate(EVES, 1) if own else ():
            if 0 <= position - ahead < len(days):
                factors[position - ahead] *= eve
        if 0 <= position < len(days):
            factors[position] *= own or HOLIDAY
    return factors


def _promotions(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    factors = np.ones(shape)
    for _ in range(round(PROMOTIONS * shape[0] / 365.25)):
        start, length = int(rng.integers(0, shape[0])), int(rng.integers(*PROMOTION_DAYS, endpoint=True))
        effect = 1 + (PROMOTION - 1) * np.linspace(1, 0.4, length)[: shape[0] - start]
        takes_part = rng.random(shape[1]) < 0.5
        factors[start : start + length] *= np.where(takes_part, effect[:, None], 1.0)
    return factors


def _incidents(
    shape: tuple[int, int], days: pd.DatetimeIndex, rng: np.random.Generator
) -> tuple[dict[str, Floats], dict[str, str]]:
    """The outages of the bank and of the second city, and the level shift of the first city, with their days."""
    outage, city_outage, shift = np.ones(shape), np.ones(shape), np.ones(shape)
    starts = {
        "outage": int(shape[0] * rng.uniform(0.35, 0.5)),
        "city_outage": int(shape[0] * rng.uniform(0.2, 0.3)),
        "level_shift": int(shape[0] * rng.uniform(0.6, 0.7)),
    }
    while days[starts["outage"]].weekday() != 2 or not 11 <= days[starts["outage"]].day <= 25:
        starts["outage"] += 1  # a Wednesday away from pay days
    outage[starts["outage"] : starts["outage"] + len(OUTAGE)] = np.array(OUTAGE)[:, None]
    city_outage[starts["city_outage"] : starts["city_outage"] + len(CITY_OUTAGE), 1] = CITY_OUTAGE
    shift[starts["level_shift"] :, 0] = LEVEL_SHIFT
    factors = {"outage": outage, "city_outage": city_outage, "level_shift": shift}
    return factors, {name: f"{days[start]:%Y-%m-%d}" for name, start in starts.items()}
