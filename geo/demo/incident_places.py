"""Where incidents happen: at buildings, on streets, by the water; by kind of category."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.demo.addresses import PROVINCE
from geo.demo.ground import Ground
from geo.demo.rhythms import draw
from geo.demo.shapes import Floats

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Places:
    """Everything that an incident can be placed at, in local metres.

    Attributes
    ----------
    centres
        Centre of each building.
    on_street
        Nearest point on a street to each building.
    by_water
        Points along river and brooks, with the nearest building of each.
    odds
        Probability of each building by kind of place.
    outline
        The zone.
    """

    centres: Floats
    on_street: Floats
    by_water: Floats
    water_building: Ints
    odds: dict[str, Floats]
    outline: shapely.Polygon
    full: NDArray[np.object_]
    short: NDArray[np.object_]


def make_places(ground: Ground, buildings: pd.DataFrame, local_shapes: NDArray[np.object_]) -> Places:
    """Prepare the places of a zone."""
    points = shapely.centroid(local_shapes)
    centres = shapely.get_coordinates(points)
    streets = [
        line for kind, _, line in ground.lines if kind in ("trunk", "primary", "secondary", "residential")
    ]
    tree = shapely.STRtree(streets)
    nearest = np.array(streets, dtype=object)[tree.nearest(points)]
    on_street = shapely.get_coordinates(
        shapely.line_interpolate_point(nearest, shapely.line_locate_point(nearest, points))
    )
    terrain = ground.terrain
    shapely.prepare(terrain.outline)
    banks = [
        terrain.river.exterior,
        terrain.town_lake.exterior,
        terrain.reservoir.exterior,
        *terrain.brook_lines,
    ]
    water = shapely.get_coordinates(shapely.segmentize(banks, 15.0))
    water = water[shapely.contains_xy(terrain.outline.buffer(-30.0), water)]
    water_building = shapely.STRtree(points).nearest(shapely.points(water))
    full = buildings["address"].to_numpy(dtype=object)
    short = np.array([_short(text) for text in full], dtype=object)
    odds = _odds(buildings, centres, water[water_building.argsort()][:: max(1, len(water) // 400)])
    return Places(centres, on_street, water, water_building, odds, terrain.outline, full, short)


def _short(address: str) -> str:
    """Return an address as people say it: without province, zone and town."""
    text = address.removeprefix(PROVINCE)
    for end in ("街道", "镇"):
        head, found, rest = text.partition(end)
        if found and len(head) <= 4:
            text = rest
            break
    _, found, rest = text.partition("社区")
    return rest if found and rest else text


def _odds(buildings: pd.DataFrame, centres: Floats, water: Floats) -> dict[str, Floats]:
    """Return building probabilities by kind of place: households count most."""
    homes = buildings["households"].to_numpy(dtype=float)
    kind = buildings["kind"].to_numpy(dtype=object)
    public = np.isin(kind, ("shop", "office", "public", "school", "hospital"))
    to_water = np.hypot(centres[:, :1] - water[None, :, 0], centres[:, 1:] - water[None, :, 1]).min(axis=1)
    weights = {
        "homes": homes,
        "quarters": homes * (homes >= 8),
        "rural": homes * (kind == "house"),
        "works": 8.0 * (kind == "factory") + 2.0 * (kind == "warehouse") + 0.01 * homes,
        "shops": 3.0 * (kind == "shop") + 0.6 * (kind == "public") + 0.01 * homes,
        "schools": 5.0 * (kind == "school") + 0.02 * homes,
        "anywhere": homes + 4.0 * public + 1.0,
        "street": homes + 9.0 * public + 2.0 * (kind == "factory"),
        "low_ground": (homes + 2.0 * public) * np.exp(-to_water / 350.0) + 0.05 * homes,
    }
    return {name: weight / weight.sum() for name, weight in weights.items() if weight.sum() > 0}


def place_incidents(
    rng: np.random.Generator, kinds: NDArray[np.object_], places: Places
) -> tuple[Floats, Ints]:
    """Return local points and the building each is nearest to in the mind of who reports it."""
    count = len(kinds)
    building = np.zeros(count, dtype=np.int64)
    xy = np.zeros((count, 2))
    for kind in pd.unique(kinds):
        rows = np.flatnonzero(kinds == kind)
        if kind == "water":
            spot = rng.integers(0, len(places.by_water), len(rows))
            building[rows] = places.water_building[spot]
            xy[rows] = places.by_water[spot] + rng.normal(0, 6.0, (len(rows), 2))
        else:
            building[rows] = draw(rng, places.odds.get(kind, places.odds["homes"]), len(rows))
            xy[rows] = _at(rng, kind, building[rows], places)
    inside = shapely.contains_xy(places.outline, xy)
    xy[~inside] = places.centres[building[~inside]]
    return xy, building


def _at(rng: np.random.Generator, kind: str, building: Ints, places: Places) -> Floats:
    """Place some reports in the building, some beside it; those of the street on the street."""
    count = len(building)
    if kind == "street":
        return places.on_street[building] + rng.normal(0, 3.0, (count, 2))
    turn = rng.uniform(0, 2 * np.pi, count)
    far = np.where(rng.random(count) < 0.62, rng.uniform(0, 2.5, count), rng.uniform(9.0, 28.0, count))
    away: Floats = np.column_stack([np.cos(turn), np.sin(turn)]) * far[:, None]
    return places.centres[building] + away


def points_outside(rng: np.random.Generator, outline: shapely.Polygon, count: int) -> Floats:
    """Return points just beyond the zone's border, 15 to 450 m away from it."""
    found = np.empty((0, 2))
    while len(found) < count:
        along = rng.uniform(0, outline.exterior.length, 4 * count + 20)
        base = shapely.get_coordinates(shapely.line_interpolate_point(outline.exterior, along))
        turn = rng.uniform(0, 2 * np.pi, len(base))
        points = base + np.column_stack([np.cos(turn), np.sin(turn)]) * rng.uniform(
            15.0, 450.0, (len(base), 1)
        )
        far = ~shapely.contains_xy(outline, points) & (
            shapely.distance(outline, shapely.points(points)) > 15.0
        )
        found = np.vstack([found, points[far]])
    return found[:count]
