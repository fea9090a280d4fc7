"""When incidents happen: hours of the day, days of the week, seasons, the Spring Festival."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.demo.shapes import Floats

DAYS = 730
# relative frequency of the 24 hours, given at some hours and interpolated between
HOURS: dict[str, dict[int, float]] = {
    "flat": {0: 1, 23: 1},
    "day": {0: 0.05, 5: 0.1, 8: 2.2, 10: 3, 12: 1.4, 15: 2.8, 18: 1.4, 20: 0.7, 23: 0.1},
    "office": {0: 0, 7: 0.05, 9: 3.4, 11: 2.6, 12: 0.5, 14: 2.4, 16: 2.8, 18: 0.3, 21: 0.1, 23: 0},
    "morning": {0: 0.05, 5: 0.5, 7: 3.2, 9: 2.6, 12: 1.3, 16: 1.4, 19: 1.2, 23: 0.1},
    "evening": {0: 0.3, 3: 0.1, 8: 0.8, 12: 1.1, 17: 1.9, 19: 3.4, 21: 2.6, 23: 0.8},
    "late_evening": {0: 1.2, 2: 0.4, 5: 0.1, 9: 0.5, 13: 0.7, 18: 1.4, 20: 3.6, 22: 3.8, 23: 2.2},
    "night": {0: 2.6, 2: 2.2, 5: 0.9, 9: 0.7, 15: 0.8, 19: 1.6, 22: 2.8, 23: 2.8},
    "traffic": {0: 0.2, 5: 0.3, 8: 3.8, 10: 1.5, 12: 1.8, 15: 1.3, 18: 3.6, 20: 1.5, 23: 0.4},
    "school": {0: 0, 6: 0.1, 7: 3.8, 8: 2.2, 11: 1.6, 14: 1.4, 16: 3.4, 18: 0.8, 21: 0.1, 23: 0},
}
# January … December
SEASONS: dict[str, tuple[float, ...]] = {
    "flat": (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
    "winter": (1.9, 1.6, 1.1, 0.8, 0.6, 0.5, 0.5, 0.6, 0.7, 0.9, 1.3, 1.8),
    "summer": (0.6, 0.6, 0.7, 0.9, 1.1, 1.3, 1.7, 1.7, 1.3, 0.9, 0.7, 0.6),
    "summer_winter": (1.4, 1.0, 0.7, 0.6, 0.7, 1.0, 1.8, 1.8, 1.0, 0.6, 0.7, 1.3),
    "flood": (0.4, 0.5, 0.9, 1.3, 1.8, 4.0, 1.7, 0.9, 0.6, 0.4, 0.4, 0.4),
    "spring": (0.6, 0.8, 1.6, 1.7, 1.2, 0.9, 0.8, 0.8, 0.9, 1.1, 0.9, 0.6),
    "autumn": (0.6, 0.5, 0.7, 0.7, 0.7, 0.7, 0.8, 0.9, 1.6, 2.1, 1.9, 1.3),
    "festival": (1.1, 1.4, 1.0, 0.9, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.9, 1.0),
    "before_festival": (1.9, 1.2, 0.8, 0.7, 0.7, 0.8, 0.7, 0.7, 0.8, 0.9, 1.1, 1.8),
    "school_year": (0.6, 0.9, 1.2, 0.9, 0.9, 1.2, 1.4, 2.6, 2.2, 0.8, 0.8, 0.7),
}
FESTIVAL_FACTOR = {"festival": 1.8, "before_festival": 0.5, "flat": 0.75, "school_year": 0.2}
SPRING_FESTIVALS = (
    date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6),
    date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3), date(2031, 1, 23), date(2032, 2, 11),
    date(2033, 1, 31), date(2034, 2, 19), date(2035, 2, 8),
)  # fmt: skip


def hour_odds(name: str) -> Floats:
    """Return 24 probabilities."""
    points = HOURS[name]
    odds: Floats = np.interp(np.arange(24), list(points), list(points.values()))
    return np.asarray(odds / odds.sum(), dtype=np.float64)


def day_odds(season: str, hours: str, days: pd.DatetimeIndex) -> Floats:
    """Return the probability of each day for a category."""
    odds: Floats = np.array(SEASONS[season])[days.month.to_numpy() - 1]
    weekend = days.day_of_week.to_numpy() >= 5
    factor = {"office": 0.28, "school": 0.25, "late_evening": 1.35, "evening": 1.15}.get(hours, 0.85)
    odds = odds * np.where(weekend, factor, 1.0)
    for festival in SPRING_FESTIVALS:
        during = (days >= pd.Timestamp(festival) - timedelta(1)) & (
            days <= pd.Timestamp(festival) + timedelta(7)
        )
        odds = odds * np.where(during, FESTIVAL_FACTOR.get(season, 0.7), 1.0)
    return np.asarray(odds / odds.sum(), dtype=np.float64)


def report_times(
    rng: np.random.Generator,
    category: NDArray[np.int64],
    categories: pd.DataFrame,
    *,
    days: pd.DatetimeIndex,
    now: datetime,
    time_zone: str,
) -> NDArray[np.datetime64]:
    """Draw when each incident was reported: UTC, microseconds, never after `now`.

    A time drawn later than `now` is moved to the same hour of the day before.
    """
    day = np.empty(len(category), dtype=np.int64)
    hour = np.empty(len(category), dtype=np.int64)
    for index, (season, hours) in enumerate(zip(categories["season"], categories["hours"], strict=True)):
        rows = np.flatnonzero(category == index)
        day[rows] = draw(rng, day_odds(season, hours, days), len(rows))
        hour[rows] = draw(rng, hour_odds(hours), len(rows))
    seconds = hour * 3600 + rng.integers(0, 3600, len(category))
    return to_utc(days.to_numpy()[day] + seconds.astype("timedelta64[s]"), now=now, time_zone=time_zone)


def to_utc(local: NDArray[np.datetime64], *, now: datetime, time_zone: str) -> NDArray[np.datetime64]:
    """Turn local times into UTC and move what lies after `now` back by whole days."""
    stamps = pd.DatetimeIndex(local).tz_localize(
        ZoneInfo(time_zone), ambiguous="NaT", nonexistent="shift_forward"
    )
    utc: NDArray[np.datetime64] = (
        stamps.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")
    )
    limit = np.datetime64(pd.Timestamp(now).tz_convert("UTC").tz_localize(None), "us")
    day = np.timedelta64(86_400_000_000, "us")
    late = np.maximum(-((limit - utc) // day), 0)
    return np.asarray(utc - late * day, dtype="datetime64[us]")


def draw(rng: np.random.Generator, odds: Floats, count: int) -> NDArray[np.int64]:
    """Draw `count` indices with the given probabilities."""
    return np.searchsorted(np.cumsum(odds), rng.random(count), side="right").clip(max=len(odds) - 1)
