"""Town blocks cut by lanes into parcels, and what each parcel is used for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.demo.footprints import turned
from geo.demo.partition import Partition
from geo.demo.roads import HALF_WIDTH_M, Lines, Network
from geo.demo.shapes import Floats, stream
from geo.demo.terrain import Terrain

PARCEL_M2 = 26_000.0
LANE_HALF_M = 5.0
BORDER_CLEARANCE_M = 3.0


@dataclass
class Parcels:
    """The parcels of the town, in local metres; one row each.

    Attributes
    ----------
    polygons, cell, angle
        Ground, third-level grid and direction of the nearest street.
    use
        What stands there; filled by :func:`geo.demo.uses.assign_uses`.
    lanes
        The lanes between the parcels.
    """

    polygons: NDArray[np.object_]
    cell: NDArray[np.int64]
    angle: Floats
    lanes: Lines
    use: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, dtype=object))


def make_parcels(seed: int, terrain: Terrain, network: Network, partition: Partition) -> Parcels:
    """Cut every town block into parcels of one to three hectares."""
    rng = stream(seed, "parcels")
    roads = built_ground(network.lines, 4.0)
    water = shapely.union_all(
        [
            terrain.river.buffer(9),
            terrain.town_lake.buffer(14),
            terrain.reservoir.buffer(14),
            *(b.buffer(4) for b in terrain.brooks),
        ]
    )
    blocked = shapely.union_all([roads, water])
    shore = shapely.union_all(
        [
            terrain.river.buffer(27),
            terrain.town_lake.buffer(38),
            terrain.reservoir.buffer(20),
            *(b.buffer(4) for b in terrain.brooks),
        ]
    )
    rows = np.flatnonzero(partition.is_town[partition.block_cell])
    raw = partition.blocks[rows]
    net = shapely.difference(shapely.buffer(raw, -BORDER_CLEARANCE_M), blocked)
    polygons: list[shapely.Polygon] = []
    cells: list[int] = []
    angles: list[float] = []
    lanes: Lines = []
    for row, block, ground in zip(rows, raw, net, strict=True):
        cell = int(partition.block_cell[row])
        angle = street_angle(block)
        size = PARCEL_M2 * (2.6 if partition.is_park[cell] else 1.0)
        boxes, cuts = _cut(rng, shapely.transform(block, lambda p, a=angle: turned(p, -a)), size)
        for cut in cuts:
            lane = shapely.transform(cut, lambda p, a=angle: turned(p, a)) & block
            lanes += [
                ("residential", f"lane {row}", part)
                for part in shapely.get_parts(lane - shore)
                if part.length > 30
            ]
        for box in boxes:
            piece = shapely.transform(box, lambda p, a=angle: turned(p, a)) & ground
            for part in shapely.get_parts(piece):
                if part.geom_type == "Polygon" and part.area > 1200.0:
                    polygons.append(part)
                    cells.append(cell)
                    angles.append(angle)
    return Parcels(np.array(polygons, dtype=object), np.array(cells), np.array(angles), lanes)


def road_areas(lines: Lines, margin_m: float) -> NDArray[np.object_]:
    """Return the ground that each road takes up, with a margin."""
    widths = np.array([HALF_WIDTH_M[kind] + margin_m for kind, _, _ in lines])
    return np.asarray(shapely.buffer([line for _, _, line in lines], widths, quad_segs=4), dtype=object)


def built_ground(lines: Lines, margin_m: float) -> shapely.Geometry:
    """Return the ground that all roads together take up, with a margin."""
    return shapely.union_all(road_areas(lines, margin_m))


def street_angle(block: shapely.Polygon) -> float:
    """Return the direction, within 45° of east, that most of a block's border follows."""
    points = shapely.get_coordinates(block.simplify(6.0).exterior)
    sides = np.diff(points, axis=0)
    length = np.hypot(sides[:, 0], sides[:, 1])
    fourfold = np.angle((length**2 * np.exp(4j * np.arctan2(sides[:, 1], sides[:, 0]))).sum()) / 4
    return float(fourfold)


def _cut(
    rng: np.random.Generator, block: shapely.Polygon, size_m2: float
) -> tuple[list[shapely.Polygon], list[shapely.LineString]]:
    """Halve a block's bounding box again and again; return boxes and the lanes between them."""
    done: list[shapely.Polygon] = []
    cuts: list[shapely.LineString] = []
    queue = [block.bounds]
    while queue:
        x0, y0, x1, y1 = queue.pop()
        inside = shapely.clip_by_rect(block, x0, y0, x1, y1)
        if inside.area < size_m2 * rng.uniform(0.9, 1.35) or min(x1 - x0, y1 - y0) < 75.0:
            done.append(shapely.box(x0 + LANE_HALF_M, y0 + LANE_HALF_M, x1 - LANE_HALF_M, y1 - LANE_HALF_M))
            continue
        share = rng.uniform(0.42, 0.58)
        if x1 - x0 > y1 - y0:
            x = x0 + share * (x1 - x0)
            cuts.append(shapely.LineString([(x, y0), (x, y1)]))
            queue += [(x0, y0, x, y1), (x, y0, x1, y1)]
        else:
            y = y0 + share * (y1 - y0)
            cuts.append(shapely.LineString([(x0, y), (x1, y)]))
            queue += [(x0, y0, x1, y), (x0, y, x1, y1)]
    return done, cuts
