"""Points in polygons by rational arithmetic: slow, and right whatever the size of the numbers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from geo.locate.build import Rings


def rows_holding(rings: Rings, order: NDArray[np.int32], x: float, y: float) -> list[int]:
    """Rows of all closed polygons that hold a point, in the order of ranks."""
    return [int(row) for row in order if _holds(rings, int(row), x, y)]


def _holds(rings: Rings, polygon: int, x: float, y: float) -> bool:
    inside = False
    for ring in range(rings.polygon_ring[polygon], rings.polygon_ring[polygon + 1]):
        for k in range(rings.ring_start[ring], rings.ring_start[ring + 1] - 1):
            start, end = (
                (float(rings.xs[k]), float(rings.ys[k])),
                (float(rings.xs[k + 1]), float(rings.ys[k + 1])),
            )
            touches, crosses = _meets(start, end, x, y)
            if touches:
                return True
            inside ^= crosses
    return inside


def _meets(start: tuple[float, float], end: tuple[float, float], x: float, y: float) -> tuple[bool, bool]:
    """Whether the point lies on an edge, and whether the edge crosses the way east from it."""
    (x1, y1), (x2, y2) = start, end
    if not min(y1, y2) <= y <= max(y1, y2):
        return False, False
    ax, ay = Fraction(x1) - Fraction(x), Fraction(y1) - Fraction(y)
    bx, by = Fraction(x2) - Fraction(x), Fraction(y2) - Fraction(y)
    area = ax * by - ay * bx
    if area == 0 and min(x1, x2) <= x <= max(x1, x2):
        return True, False
    return False, (y1 <= y) != (y2 <= y) and (area > 0) == (y1 < y2)
