"""The referee: points in polygons by fractions, written for the tests alone, ring by ring."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import shapely
from shapely.geometry.base import BaseGeometry


def covers(polygon: BaseGeometry | None, x: float, y: float) -> bool:
    """Whether a closed polygon or multipolygon holds a point, in exact arithmetic."""
    if polygon is None or polygon.is_empty:
        return False
    west, south, east, north = polygon.bounds
    if not (west <= x <= east and south <= y <= north):  # comparing doubles is exact
        return False
    return any(_part_covers(part, x, y) for part in shapely.get_parts(polygon))


def _part_covers(part: BaseGeometry, x: float, y: float) -> bool:
    where = [_winding(list(ring.coords), x, y) for ring in (part.exterior, *part.interiors)]
    if any(winding is None for winding in where):
        return True
    return where[0] != 0 and all(winding == 0 for winding in where[1:])


def _winding(vertices: list[tuple[float, ...]], x: float, y: float) -> int | None:
    """How often a ring winds around the point; None when the point lies on it."""
    winding = 0
    for (ax, ay, *_), (bx, by, *_) in pairwise(vertices):
        if (ay < y and by < y) or (ay > y and by > y):
            continue  # the edge lies wholly above or below
        area = _area(ax, ay, bx, by, x, y)
        if area == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return None
        if ay <= y < by and area > 0:
            winding += 1
        elif by <= y < ay and area < 0:
            winding -= 1
    return winding


def _area(ax: float, ay: float, bx: float, by: float, x: float, y: float) -> Fraction:
    """Twice the signed area of the triangle a, b, point."""
    px, py = Fraction(x), Fraction(y)
    return (Fraction(bx) - Fraction(ax)) * (py - Fraction(ay)) - (px - Fraction(ax)) * (
        Fraction(by) - Fraction(ay)
    )


def rows_holding(polygons: Sequence[BaseGeometry | None], x: float, y: float) -> list[int]:
    """Rows of all polygons that hold a point, in their order."""
    return [row for row, polygon in enumerate(polygons) if covers(polygon, x, y)]
