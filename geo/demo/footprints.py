"""Building footprints: turned rectangles and simple letters (L, U, H …), many at once."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.demo.shapes import Floats

Geometries = NDArray[np.object_]

# corners in a box of width and depth 1 about the origin; the entrance looks south
OUTLINES: dict[str, list[tuple[float, float]]] = {
    "box": [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)],
    "l": [(-0.5, -0.5), (-0.12, -0.5), (-0.12, 0.05), (0.5, 0.05), (0.5, 0.5), (-0.5, 0.5)],
    "u": [(-0.5, -0.5), (-0.24, -0.5), (-0.24, 0.1), (0.24, 0.1), (0.24, -0.5), (0.5, -0.5),
          (0.5, 0.5), (-0.5, 0.5)],
    "t": [(-0.5, 0.0), (-0.17, 0.0), (-0.17, -0.5), (0.17, -0.5), (0.17, 0.0), (0.5, 0.0),
          (0.5, 0.5), (-0.5, 0.5)],
    "h": [(-0.5, -0.5), (-0.2, -0.5), (-0.2, -0.15), (0.2, -0.15), (0.2, -0.5), (0.5, -0.5),
          (0.5, 0.5), (0.2, 0.5), (0.2, 0.2), (-0.2, 0.2), (-0.2, 0.5), (-0.5, 0.5)],
    "notched": [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.22), (0.18, 0.22), (0.18, 0.5), (-0.5, 0.5)],
    "tower": [(-0.5, -0.32), (-0.2, -0.32), (-0.2, -0.5), (0.2, -0.5), (0.2, -0.32), (0.5, -0.32),
              (0.5, 0.32), (0.2, 0.32), (0.2, 0.5), (-0.2, 0.5), (-0.2, 0.32), (-0.5, 0.32)],
}  # fmt: skip


def footprints(
    centres: Floats, widths_m: Floats, depths_m: Floats, angles: Floats, outline: str = "box"
) -> Geometries:
    """Return one turned polygon a row; `angles` in radians against east."""
    if len(centres) == 0:
        return np.empty(0, dtype=object)
    corners = np.array(OUTLINES[outline])
    x = np.asarray(widths_m)[:, None] * corners[:, 0]
    y = np.asarray(depths_m)[:, None] * corners[:, 1]
    cos, sin = np.cos(angles)[:, None], np.sin(angles)[:, None]
    rings = np.stack([x * cos - y * sin + centres[:, :1], x * sin + y * cos + centres[:, 1:2]], axis=-1)
    return np.asarray(shapely.polygons(rings), dtype=object)


def turned(points: Floats, angle: float) -> Floats:
    """Turn points about the origin."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.column_stack([points[:, 0] * cos - points[:, 1] * sin, points[:, 0] * sin + points[:, 1] * cos])


def apart(shapes: Geometries, priority: Floats, gap_m: float) -> NDArray[np.bool_]:
    """Choose shapes greedily by rising priority so that any two chosen ones keep a gap."""
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="dwithin", distance=gap_m)
    rank = np.empty(len(shapes), dtype=np.int64)
    order = np.lexsort((np.arange(len(shapes)), priority))
    rank[order] = np.arange(len(shapes))
    earlier = rank[second] < rank[first]
    rivals: dict[int, list[int]] = {}
    for shape, rival in zip(first[earlier].tolist(), second[earlier].tolist(), strict=True):
        rivals.setdefault(shape, []).append(rival)
    chosen = [False] * len(shapes)
    for shape in order.tolist():
        chosen[shape] = not any(chosen[rival] for rival in rivals.get(shape, ()))
    return np.array(chosen)
