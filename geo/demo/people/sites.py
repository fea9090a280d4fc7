"""Service sites with what they offer and when, and teams: at buildings that could house them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.demo.names import chinese_number
from geo.demo.people.land import Land
from geo.demo.people.names import office_phones
from geo.demo.shapes import stream

SITES_FILE = Path(__file__).with_name("sites.toml")
FAR_M = 380.0  # as bad as a building of the second-best kind
OTHER_KIND = 6.0
TAKEN = 3.0  # cost of a building that houses something already


@lru_cache(maxsize=1)
def read_sites() -> dict[str, list[dict[str, Any]]]:
    """Read ``sites.toml``: kinds of sites and of teams."""
    return tomllib.loads(SITES_FILE.read_text(encoding="utf-8"))


def make_sites(seed: int, land: Land) -> pd.DataFrame:
    """Choose where each service site is.

    Returns
    -------
    pandas.DataFrame
        code, kind, name, address, phone, unit, cell, building (row), x, y.
    """
    rng = stream(seed, "service sites")
    sites = _housed(rng, land, read_sites()["sites"], "S")
    sites["address"] = land.buildings["address"].to_numpy()[sites["building"]]
    sites["phone"] = office_phones(len(sites), 200)
    return sites


def make_teams(seed: int, land: Land, sites: pd.DataFrame) -> pd.DataFrame:
    """Choose where each team musters: at a building of its own.

    Returns
    -------
    pandas.DataFrame
        code, kind, name, phone, declared_members, unit, cell, building (row), x, y.
    """
    rng = stream(seed, "teams")
    kinds = [kind | {"near": ["public", "office", "shop", "residential"]} for kind in read_sites()["teams"]]
    teams = _housed(rng, land, kinds, "T", set(sites["building"]))
    bounds = {kind["kind"]: kind["members"] for kind in kinds}
    low, high = np.array([bounds[kind] for kind in teams["kind"]]).T
    teams["declared_members"] = rng.integers(low, high + 1)
    teams["phone"] = office_phones(len(teams), 400)
    return teams


def _housed(
    rng: np.random.Generator,
    land: Land,
    kinds: list[dict[str, Any]],
    letter: str,
    used: set[int] | None = None,
) -> pd.DataFrame:
    """Give every site a building of its unit, no two the same where there are enough."""
    taken = set(used or ())
    rows = []
    for kind in kinds:
        for unit, nth in _units_with(rng, land, kind):
            building = _building(rng, land, unit, nth, kind["near"], taken)
            taken.add(building)
            name = f"{land.units['name'][unit]}{_again(nth)}{kind['name']}"
            rows.append((unit, kind["kind"], name, building))
    table = pd.DataFrame(rows, columns=["unit", "kind", "name", "building"])
    table = table.sort_values("unit", kind="stable", ignore_index=True)
    serial = table.groupby("unit").cumcount() + 1
    unit_code = land.units["code"].to_numpy()[table["unit"]]
    table["code"] = [f"{code}{letter}{n:03d}" for code, n in zip(unit_code, serial, strict=True)]
    table["cell"] = land.buildings["cell"].to_numpy()[table["building"]]
    points = shapely.point_on_surface(land.footprints[table["building"].to_numpy()])
    table["x"], table["y"] = shapely.get_x(points), shapely.get_y(points)
    return table


def _again(nth: int) -> str:
    return f"第{chinese_number(nth + 1)}" if nth else ""


def _units_with(rng: np.random.Generator, land: Land, kind: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Give unit and serial number of each site of a kind: every unit once before any has two."""
    for side, name in ((True, "villages"), (False, "communities")):
        units = rng.permutation(np.flatnonzero(land.units["village"].to_numpy() == side))
        for number in range(kind[name]):
            yield int(units[number % len(units)]), number // len(units)


def _building(
    rng: np.random.Generator, land: Land, unit: int, nth: int, near: list[str], taken: set[int]
) -> int:
    """Choose a building of a fitting kind near the unit's centre; from the second on, anywhere in it."""
    rows = land.buildings_of[unit]
    place = {kind: float(number) for number, kind in enumerate(near)}
    cost = np.array([place.get(kind, OTHER_KIND) for kind in land.kinds[rows]])
    far = np.hypot(*(land.centres[rows] - land.unit_centres[unit]).T)
    cost = cost + np.minimum(far / FAR_M, 4.0) * (nth == 0) + rng.uniform(0.0, 1.5, len(rows))
    cost += TAKEN * np.isin(rows, list(taken))
    return int(rows[np.argmin(cost)])


def make_openings(seed: int, sites: pd.DataFrame) -> pd.DataFrame:
    """Return what each site offers and when: site_code, function, weekday, opens_minute, closes_minute."""
    rng = stream(seed, "opening hours")
    offers = {kind["kind"]: kind["openings"] for kind in read_sites()["sites"]}
    rows = []
    for code, kind in zip(sites["code"], sites["kind"], strict=True):
        for offer in offers[kind]:
            if rng.random() < offer.get("share", 1.0):
                opens, closes = (_minute(text) for text in offer["hours"])
                rows += [(code, offer["function"], day, opens, closes) for day in offer["days"]]
    columns = ["site_code", "function", "weekday", "opens_minute", "closes_minute"]
    return pd.DataFrame(rows, columns=columns)


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return 60 * int(hour) + int(minute)
