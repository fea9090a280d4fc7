"""Planted hot spots: a real excess of one category at one place in one period, on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.demo.incident_places import Places
from geo.demo.shapes import Floats


@dataclass(frozen=True)
class Plan:
    """What is planted: category, kind of place, radius, first and last day, share of all incidents."""

    category: str
    place: str
    radius_m: float
    since: date
    until: date
    share: float


def plan_hot_spots(today: date) -> list[Plan]:
    """Return the eight planned hot spots; seasons matter, so some follow the calendar."""
    flood = _latest(today, 6)
    winter = _latest(today, 1)
    autumn = _latest(today, 10)

    def ago(first: int, last: int) -> tuple[date, date]:
        return today - timedelta(first), today - timedelta(last)

    return [
        Plan("noise", "shops", 140.0, *ago(75, 4), 0.0050),
        Plan("garbage", "quarters", 110.0, *ago(13, 0), 0.0030),
        Plan("drainage", "low_ground", 220.0, flood, flood + timedelta(24), 0.0045),
        Plan("labour_dispute", "works", 160.0, winter, winter + timedelta(27), 0.0035),
        Plan("street_vending", "schools", 150.0, autumn - timedelta(30), autumn + timedelta(20), 0.0040),
        Plan("illegal_parking", "quarters", 120.0, *ago(260, 90), 0.0050),
        Plan("water_pollution", "water", 200.0, *ago(420, 350), 0.0030),
        Plan("housing_repair", "quarters", 130.0, *ago(640, 520), 0.0040),
    ]


def _latest(today: date, month: int) -> date:
    """Return the latest first day of a month from which four weeks have passed."""
    year = today.year if date(today.year, month, 1) + timedelta(28) <= today else today.year - 1
    return date(year, month, 1)


def choose_centres(
    rng: np.random.Generator, plans: list[Plan], places: Places
) -> tuple[Floats, NDArray[np.int64]]:
    """Choose a place for each plan, at least 700 m from one another."""
    centres: list[Floats] = []
    chosen: list[int] = []
    for plan in plans:
        distance = 700.0
        while True:
            if plan.place == "water":
                spot = int(rng.integers(0, len(places.by_water)))
                building, point = int(places.water_building[spot]), places.by_water[spot]
            else:
                odds = places.odds.get(plan.place, places.odds["homes"])
                building = int(rng.choice(len(odds), p=odds))
                point = places.centres[building]
            if all(np.hypot(*(point - other)) > distance for other in centres):
                break
            distance *= 0.97
        centres.append(point)
        chosen.append(building)
    return np.array(centres), np.array(chosen)


def scatter(rng: np.random.Generator, centre: Floats, radius_m: float, count: int) -> Floats:
    """Return points around a centre, denser inwards, all within the radius."""
    far = radius_m * 0.97 * rng.beta(1.5, 2.2, count)
    turn = rng.uniform(0, 2 * np.pi, count)
    return centre + np.column_stack([np.cos(turn), np.sin(turn)]) * far[:, None]


def hot_spot_frame(plans: list[Plan], counts: list[int], lonlat: Floats, names: list[str]) -> pd.DataFrame:
    """Return id, name, category, lon, lat, radius_m, since, until, expected_extra."""
    return pd.DataFrame(
        {
            "id": range(len(plans)),
            "name": names,
            "category": [plan.category for plan in plans],
            "lon": lonlat[:, 0],
            "lat": lonlat[:, 1],
            "radius_m": [plan.radius_m for plan in plans],
            "since": [plan.since for plan in plans],
            "until": [plan.until for plan in plans],
            "expected_extra": counts,
        }
    )
