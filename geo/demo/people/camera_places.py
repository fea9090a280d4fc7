"""Where cameras stand and look: along main roads, at crossings, at gates of quarters, in villager groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from geo.demo.people.land import Land
from geo.demo.roads import HALF_WIDTH_M

MAIN = ("trunk", "primary", "secondary")
SPACING_M = {"trunk": 700.0, "primary": 850.0, "secondary": 1050.0}
CROSSINGS, GATES, VILLAGE_GROUPS = 90, 105, 45
APART_M = 60.0
COLUMNS = ["x", "y", "bearing", "kind", "name", "network", "industry"]
Rows = list[tuple[float, float, float, str, str, str, str]]


def camera_places(rng: np.random.Generator, land: Land) -> pd.DataFrame:
    """Choose where cameras could stand.

    Returns
    -------
    pandas.DataFrame
        x, y (local metres), bearing (degrees clockwise from north), kind, name, network, industry (two digits
        of the code: 00 roads, 01 neighbourhoods).
    """
    rows = (
        _at_crossings(rng, land) + _along_roads(rng, land) + _at_gates(rng, land) + _into_villages(rng, land)
    )
    return pd.DataFrame(rows, columns=COLUMNS)


def _main_roads(land: Land) -> list[tuple[str, str, shapely.LineString]]:
    return [(kind, land.streets.get(key) or "支路", line) for kind, key, line in land.lines if kind in MAIN]


def _bearing(line: shapely.LineString, along: float) -> float:
    """Return the direction of a road at a place, degrees clockwise from north."""
    ends = shapely.get_coordinates(shapely.line_interpolate_point(line, [max(along - 3.0, 0.0), along + 3.0]))
    east, north = ends[1] - ends[0]
    return float(np.degrees(np.arctan2(east, north)) % 360.0)


def _beside(line: shapely.LineString, along: float, kind: str, side: int) -> tuple[float, float]:
    """Return the place of a pole at the edge of a road."""
    x, y = shapely.get_coordinates(shapely.line_interpolate_point(line, along))[0]
    angle = np.radians(_bearing(line, along) + 90.0 * side)
    off = HALF_WIDTH_M[kind] + 0.6
    return float(x + off * np.sin(angle)), float(y + off * np.cos(angle))


def _along_roads(rng: np.random.Generator, land: Land) -> Rows:
    """Put bullet cameras along main roads, looking along them, one way and the other by turns."""
    rows: Rows = []
    for kind, name, line in _main_roads(land):
        places = np.arange(rng.uniform(40.0, SPACING_M[kind]), line.length, SPACING_M[kind])
        for number, along in enumerate(places):
            side = 1 if rng.random() < 0.5 else -1
            x, y = _beside(line, float(along), kind, side)
            back = 180.0 * (number % 2)
            turn = _bearing(line, float(along)) + back - 6.0 * side * (1 if back == 0 else -1)
            rows.append((x, y, turn % 360.0, "bullet", f"{name}监控", "bright", "00"))
    return rows


def _at_crossings(rng: np.random.Generator, land: Land) -> Rows:
    """Put dome cameras at the corners of crossings; a few see all round."""
    roads = _main_roads(land)
    tree = shapely.STRtree([line for _, _, line in roads])
    first, second = tree.query([line for _, _, line in roads], predicate="intersects")
    found: list[tuple[float, float, int, int]] = []
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        if a < b and roads[a][1] != roads[b][1]:
            met = shapely.get_coordinates(roads[a][2] & roads[b][2])
            if len(met) and all(np.hypot(x - met[0, 0], y - met[0, 1]) > APART_M for x, y, _, _ in found):
                found.append((float(met[0, 0]), float(met[0, 1]), a, b))
    rows: Rows = []
    for number in rng.permutation(len(found))[:CROSSINGS]:
        x, y, a, b = found[number]
        turn = _bearing(roads[a][2], float(roads[a][2].project(shapely.Point(x, y)))) + 45.0
        off = HALF_WIDTH_M[roads[a][0]] + HALF_WIDTH_M[roads[b][0]]
        at = (x - off * np.sin(np.radians(turn)), y - off * np.cos(np.radians(turn)))
        kind = "panoramic" if rng.random() < 0.18 else "dome"
        name = f"{roads[a][1]}与{roads[b][1]}路口"
        rows.append((float(at[0]), float(at[1]), turn % 360.0, kind, name, "bright", "00"))
    return rows


def _at_gates(rng: np.random.Generator, land: Land) -> Rows:
    """Put a camera at the gate of large quarters, where they are nearest to a street, looking in."""
    table = land.neighbourhoods
    quarters = table[table["kind"].eq("quarter")].nlargest(GATES, "households").sort_values("code")
    streets = [line for kind, _, line in land.lines if kind in (*MAIN, "residential")]
    tree = shapely.STRtree(streets)
    rows: Rows = []
    for name, x, y in quarters[["name", "x", "y"]].itertuples(index=False):
        inside = shapely.Point(x, y)
        line = streets[int(tree.nearest(inside))]
        gate = line.interpolate(line.project(inside))
        turn = float(np.degrees(np.arctan2(x - gate.x, y - gate.y)))
        network = "property" if rng.random() < 0.55 else "governance"
        off = np.radians(turn)
        at = (gate.x - 3.0 * np.sin(off), gate.y - 3.0 * np.cos(off))
        rows.append((at[0], at[1], turn % 360.0, "gate", f"{name}大门", network, "01"))
    return rows


def _into_villages(rng: np.random.Generator, land: Land) -> Rows:
    """Put cameras beside the lane in the middle of some villager groups."""
    table = land.neighbourhoods[land.neighbourhoods["kind"].eq("villager_group")]
    chosen = table.iloc[np.sort(rng.permutation(len(table))[:VILLAGE_GROUPS])]
    lanes = [line for kind, _, line in land.lines if kind == "residential"]
    tree = shapely.STRtree(lanes)
    rows: Rows = []
    for name, unit, x, y in chosen[["name", "unit", "x", "y"]].itertuples(index=False):
        line = lanes[int(tree.nearest(shapely.Point(x, y)))]
        along = float(line.project(shapely.Point(x, y)))
        at = _beside(line, along, "track", 1)
        label = f"{land.units['name'][unit]}{name}"
        turn = _bearing(line, along) - 8.0
        rows.append((at[0], at[1], turn % 360.0, "bullet", label, "governance", "01"))
    return rows
