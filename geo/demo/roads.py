"""The road network: expressway, railway, ring, radials, main streets, side streets, country roads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from geo.demo.shapes import Floats, bent, chaikin, resample, stream, wander
from geo.demo.terrain import CORE_RADII_M, Terrain
from geo.demo.town import Town

Lines = list[tuple[str, str, shapely.LineString]]

HALF_WIDTH_M = {
    "expressway": 17.0,
    "trunk": 14.0,
    "primary": 12.0,
    "secondary": 8.0,
    "residential": 4.0,
    "track": 2.5,
    "railway": 9.0,
}


@dataclass(frozen=True)
class Network:
    """Roads before they get names, in local metres.

    Attributes
    ----------
    lines
        Kind, key (stretches of one street share it) and line of every road that may bound a grid.
    core
        The town: inside the ring road, with the factory park.
    park
        The factory park.
    """

    lines: Lines
    core: shapely.Polygon
    park: shapely.Polygon


def make_network(seed: int, terrain: Terrain, town: Town) -> Network:
    """Lay out every road except the lanes inside blocks and villages."""
    rng = stream(seed, "roads")
    side = 1 if rng.random() < 0.5 else -1
    ring = shapely.LineString(np.round(town.ring(), 2))
    inside = shapely.Polygon(ring)
    park = _park(terrain, town, inside)
    core = shapely.union_all([inside, park], grid_size=0.01)
    radials = _radials(rng, terrain, town)
    express = _sweep(rng, [3050, 2750, 2700, 2850, 3300], side)
    railway = _sweep(rng, [2300, 2320, 2480, 2650, 2780], -side)
    lines: Lines = [
        ("expressway", "express", express),
        ("railway", "railway", railway),
        ("trunk", "ring", ring),
    ]
    lines += [("primary", f"radial {number}", line) for number, line in enumerate(radials)]
    lines += _streets(rng, terrain, town, inside)
    lines += _park_streets(rng, town, park, inside)
    lines += _country(rng, radials, core)
    lines += _interchange(express, radials)
    clipped = [
        (kind, key, part)
        for kind, key, line in lines
        for part in shapely.get_parts(line & terrain.canvas)
        if part.geom_type == "LineString" and part.length > 30
    ]
    return Network(clipped, core, park)


def _sweep(rng: np.random.Generator, heights: list[float], side: int) -> shapely.LineString:
    """Return a long, gently curving line that passes the town on one side."""
    x = np.array([-9000.0, -4200.0, 0.0, 4200.0, 9000.0])
    y = side * (np.array(heights) + rng.uniform(-120, 120, 5))
    points = np.column_stack([x, y if rng.random() < 0.5 else y[::-1]])
    return shapely.LineString(np.round(chaikin(points, rounds=5), 2))


def _park(terrain: Terrain, town: Town, inside: shapely.Polygon) -> shapely.Polygon:
    """Return the factory park: beside the town, on the side and bank with the most room."""
    best = shapely.Polygon()
    for direction in (1, -1):
        u0, u1 = direction * (CORE_RADII_M[0] * 0.86), direction * (CORE_RADII_M[0] + 1500.0)
        corners = np.array([[u0, -1350.0], [u1, -1250.0], [u1, 1250.0], [u0, 1350.0]])
        box = shapely.segmentize(shapely.Polygon(corners), 60.0)
        box = shapely.Polygon(town.place(shapely.get_coordinates(box)))
        bank = box - terrain.river.buffer(45.0) - inside
        for part in shapely.get_parts(bank):
            if part.area > best.area and part.distance(inside) < 1.0:
                best = part
    best = shapely.set_precision(best.simplify(4.0), 0.01)
    return shapely.Polygon(best.exterior)


def _along(town: Town, fixed: float, *, axis: int, reach: float) -> shapely.LineString:
    moving = np.linspace(-reach, reach, 90)
    constant = np.full_like(moving, fixed)
    uv = np.column_stack([constant, moving] if axis == 0 else [moving, constant])
    return shapely.LineString(np.round(town.place(uv), 2))


def _streets(rng: np.random.Generator, terrain: Terrain, town: Town, inside: shapely.Polygon) -> Lines:
    """Return main and side streets of the lattice, the embankment and the road round the lake."""
    banks = terrain.river.buffer(26.0)
    lake_road = terrain.town_lake.buffer(38.0).simplify(2.0)
    keep_off = shapely.union_all([banks, lake_road])
    lines: Lines = []
    side_streets: list[tuple[str, shapely.LineString]] = []
    for axis, positions, main in ((0, town.u_lines, town.u_main), (1, town.v_lines, town.v_main)):
        for number, position in enumerate(positions):
            key = f"street {axis} {number}"
            street = _along(town, position, axis=axis, reach=2600.0) & inside
            if position in main:
                lines += [("primary", key, part) for part in shapely.get_parts(street - lake_road)]
            else:
                side_streets += [(key, part) for part in shapely.get_parts(street - keep_off)]
    lines += _thinned(rng, side_streets)
    embankment = shapely.get_parts(
        shapely.line_merge((banks & inside.buffer(-5)).boundary - inside.buffer(-8).boundary.buffer(6))
    )
    lines += [
        ("secondary", f"bank {number}", part) for number, part in enumerate(embankment) if part.length > 150
    ]
    lake_side = shapely.get_parts((lake_road - banks).boundary & inside)
    return lines + [("secondary", "lake", part) for part in lake_side]


def _thinned(rng: np.random.Generator, streets: list[tuple[str, shapely.LineString]]) -> Lines:
    """Leave out some stretches between crossings, so that blocks differ in size."""
    lines: Lines = []
    tree = shapely.STRtree([line for _, line in streets])
    for key, line in streets:
        if line.length < 40.0:
            continue
        across = [streets[i][1] for i in tree.query(line, predicate="intersects") if streets[i][0] != key]
        stretches = shapely.get_parts(line - shapely.union_all(across).buffer(0.01)) if across else [line]
        for stretch in stretches:
            if stretch.length > 40.0 and rng.random() > 0.12:
                # reach the crossing again: the cut took a centimetre
                points = _lengthened(shapely.get_coordinates(stretch), 0.5)
                lines.append(("secondary", key, shapely.LineString(points)))
    return lines


def _lengthened(points: Floats, by_m: float) -> Floats:
    head = points[0] - points[1]
    tail = points[-1] - points[-2]
    first = points[0] + head / np.hypot(*head) * by_m
    last = points[-1] + tail / np.hypot(*tail) * by_m
    return np.vstack([first, points, last])


def _park_streets(
    rng: np.random.Generator, town: Town, park: shapely.Polygon, inside: shapely.Polygon
) -> Lines:
    """Return the wide lattice of the factory park and its outer road."""
    lines: Lines = []
    for axis in (0, 1):
        for number, position in enumerate(np.arange(-4200.0, 4200.0, 370.0 if axis == 0 else 310.0)):
            street = _along(town, position + rng.uniform(-30, 30), axis=axis, reach=4600.0) & park
            parts = [part for part in shapely.get_parts(street) if part.length > 120.0]
            lines += [("secondary", f"park {axis} {number}", part) for part in parts]
    border = shapely.get_parts(shapely.line_merge(park.exterior - inside.buffer(1.0)))
    return lines + [("secondary", "park border", part) for part in border]


def _radials(rng: np.random.Generator, terrain: Terrain, town: Town) -> list[shapely.LineString]:
    """Lead main streets on from the ring out of the zone, each across the river at most once."""
    starts = []
    reach_u, reach_v = CORE_RADII_M
    for u in town.u_main[1:-1] if len(town.u_main) > 4 else town.u_main:
        starts += [((u, reach_v), (0, 1)), ((u, -reach_v), (0, -1))]
    for v in town.v_main[1:-1] if len(town.v_main) > 3 else town.v_main:
        starts += [((reach_u, v), (1, 0)), ((-reach_u, v), (-1, 0))]
    ring = shapely.LineString(town.ring())
    lines: list[shapely.LineString] = []
    for uv, way in starts:
        line = _radial(rng, town, ring, np.array(uv), np.array(way, dtype=float))
        crossings = shapely.get_num_geometries(line & terrain.river)
        crossings = 0 if not line.intersects(terrain.river) else crossings
        if crossings <= 1 and not any(line.distance(other) < 260.0 for other in lines):
            lines.append(line)
    return lines


def _radial(
    rng: np.random.Generator, town: Town, ring: shapely.LineString, uv: Floats, way: Floats
) -> shapely.LineString:
    street = town.place(np.vstack([uv * 0.5 * np.abs(way) + uv * (1 - np.abs(way)), uv + 500.0 * way]))
    start = shapely.get_coordinates(shapely.LineString(street) & ring)
    begin = start[0] if len(start) else street[1]
    out = (street[1] - street[0]) / np.hypot(*(street[1] - street[0]))
    angle = np.arctan2(begin[1], begin[0]) + rng.uniform(-0.12, 0.12)
    away = np.array([np.cos(angle), np.sin(angle)])
    course = bent(begin, away * 8800.0, out, away)
    return shapely.LineString(
        np.round(np.vstack([begin, wander(course, rng, amplitude_m=85, step_m=420)[1:]]), 2)
    )


def _country(rng: np.random.Generator, radials: list[shapely.LineString], core: shapely.Polygon) -> Lines:
    """Join neighbouring radials by country roads, most of the way round the town."""

    def bearing(line: shapely.LineString) -> float:
        point = line.interpolate(0.4, normalized=True)
        return float(np.arctan2(point.y, point.x))

    ordered = sorted(radials, key=bearing)
    lines: Lines = []
    for line, following in zip(ordered, ordered[1:] + ordered[:1], strict=True):
        for share in (rng.uniform(0.22, 0.34), rng.uniform(0.46, 0.58)):
            start = shapely.get_coordinates(line.interpolate(share, normalized=True))[0]
            nearest = following.interpolate(following.project(shapely.Point(start)) + rng.uniform(-300, 300))
            end = shapely.get_coordinates(nearest)[0]
            if np.hypot(*(end - start)) > 4800.0:
                continue
            outward = (start + end) / 2 * 1.08
            course = chaikin(resample(np.array([start, outward, end]), 400.0), rounds=2)
            road = shapely.LineString(np.round(wander(course, rng, amplitude_m=70, step_m=330), 2))
            if not road.intersects(core.buffer(150.0)):
                lines.append(("secondary", f"country {len(lines)}", road))
    return lines


def _interchange(express: shapely.LineString, radials: list[shapely.LineString]) -> Lines:
    """Join the expressway to the main road that crosses it nearest to the town: four loops."""
    found = [line for line in radials if (line & express).geom_type == "Point"]
    if not found:
        return []
    main = min(found, key=lambda line: abs((line & express).x))
    middle = shapely.get_coordinates(main & express)[0]
    # ramps are tangent to both roads, whatever the angle between them
    axes = np.array([_heading(express, middle), _heading(main, middle)]) * 100.0
    turn = np.linspace(0.0, 1.5 * np.pi, 40)
    lines: Lines = []
    for quarter in range(4):
        east, north = (1, 1, -1, -1)[quarter], (1, -1, -1, 1)[quarter]
        circle = np.column_stack([1.0 + np.cos(turn - np.pi / 2), 1.0 + np.sin(turn - np.pi / 2)])
        loop = middle + circle * [east, north] @ axes
        lines.append(("residential", f"ramp {quarter}", shapely.LineString(np.round(loop, 2))))
    return lines


def _heading(line: shapely.LineString, place: Floats) -> Floats:
    """Return the unit direction of a line at a place on it."""
    along = line.project(shapely.Point(place))
    ends = shapely.get_coordinates([line.interpolate(along - 40.0), line.interpolate(along + 40.0)])
    direction: Floats = ends[1] - ends[0]
    return np.asarray(direction / np.hypot(*direction), dtype=np.float64)
