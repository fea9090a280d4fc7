"""How footprints lie to each other and to the grids: overlaps, and buildings that a border cuts."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.model import Fault

Geometries = NDArray[Any]
#: A common area below this is a shared wall or a border drawn by two hands.
TOUCH_M2 = 1.0


def check_straddling(
    footprints: Geometries, grids: Geometries, codes: NDArray[Any], rows: NDArray[np.intp], places: Geometries
) -> list[Fault]:
    """Buildings that lie in more than one grid, or partly in none; rule ``building-straddles``.

    Parameters
    ----------
    footprints, grids
        In one metric CRS.
    codes
        Code of each grid.
    rows
        Position of each footprint in its file.
    places
        The footprints in the storage CRS, to be drawn.
    """
    tree = shapely.STRtree(grids)
    building, grid = tree.query(footprints, predicate="intersects")
    whole = shapely.covers(grids[grid], footprints[building])
    cut = ~np.isin(building, building[whole])
    building, grid = building[cut], grid[cut]
    shared = shapely.area(shapely.intersection(footprints[building], grids[grid]))
    faults = []
    for i in np.unique(building):
        mine = (building == i) & (shared > TOUCH_M2)
        outside = float(shapely.area(footprints[i]) - shared[building == i].sum())
        parts = dict(zip(codes[grid[mine]], shared[mine], strict=True))
        parts |= {"outside every grid": outside} if outside > TOUCH_M2 else {}
        if len(parts) > 1:
            faults.append(_straddling(int(rows[i]), parts, places[i]))
    return faults


def _straddling(row: int, parts: dict[str, float], place: BaseGeometry) -> Fault:
    ordered = sorted(parts.items(), key=lambda part: -part[1])
    shown = ", ".join(f"{name} {area:.1f} m²" for name, area in ordered)
    return Fault(
        row + 1,
        "building-straddles",
        f"a border cuts the building: {shown}; it is filed by the point inside it",
        geometry=place,
    )


def check_overlaps(footprints: Geometries, rows: NDArray[np.intp], places: Geometries) -> list[Fault]:
    """Pairs of buildings that overlap; rule ``building-overlaps``, one fault a pair.

    Parameters
    ----------
    footprints
        In a metric CRS.
    rows, places
        As for :func:`check_straddling`.
    """
    tree = shapely.STRtree(footprints)
    first, second = tree.query(footprints, predicate="intersects")
    pairs = first < second
    first, second = first[pairs], second[pairs]
    shared = shapely.area(shapely.intersection(footprints[first], footprints[second]))
    return [
        Fault(
            int(rows[a]) + 1,
            "building-overlaps",
            f"the buildings of rows {int(rows[a]) + 1} and {int(rows[b]) + 1} share {area:.1f} m²; "
            "redraw one",
            geometry=shapely.intersection(places[a], places[b]),
        )
        for a, b, area in zip(first, second, shared, strict=True)
        if area > TOUCH_M2
    ]
