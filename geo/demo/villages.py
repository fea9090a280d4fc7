"""Villages: hamlets of scattered houses along lanes, each hamlet a villager group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.demo.footprints import Geometries, apart, footprints
from geo.demo.parcels import road_areas
from geo.demo.partition import Partition
from geo.demo.roads import Lines, Network
from geo.demo.shapes import Floats, stream, wander
from geo.demo.stock import some_buildings
from geo.demo.terrain import Terrain

HOUSE_GAP_M = 2.2
EXTRAS = ("public", "school", "shop", "shop", "shop", "warehouse", "warehouse", "warehouse", "factory")


@dataclass(frozen=True)
class Hamlets:
    """Where the villager groups lie: centre, third-level grid, bearing of the main lane, lanes."""

    centres: Floats
    cell: NDArray[np.int64]
    lanes: Lines
    lane_hamlet: NDArray[np.int64]


def place_hamlets(seed: int, terrain: Terrain, network: Network, partition: Partition) -> Hamlets:
    """Find four to six places for houses in every village grid, on open ground and near a road."""
    rng = stream(seed, "hamlets")
    roads = [line for kind, _, line in network.lines if kind in ("trunk", "primary", "secondary")]
    road_points = shapely.get_coordinates([line.segmentize(40.0) for line in roads])
    near_road = cKDTree(road_points)
    woods = shapely.union_all(terrain.woods)
    ramps = [line.buffer(160.0) for _, key, line in network.lines if key.startswith("ramp")]
    water = shapely.union_all([terrain.river.buffer(70.0), terrain.reservoir.buffer(70.0), *ramps])
    shapely.prepare(woods)
    shapely.prepare(water)
    centres, cells = [], []
    for cell in np.flatnonzero(~partition.is_town):
        chosen = _spots(rng, partition.cells[cell], woods, water, near_road)
        centres.append(chosen)
        cells += [cell] * len(chosen)
    places = np.vstack(centres)
    lanes, owner = _lanes(rng, places, near_road, road_points, terrain, network)
    return Hamlets(places, np.array(cells), lanes, owner)


def _spots(
    rng: np.random.Generator,
    cell: shapely.Polygon,
    woods: shapely.Geometry,
    water: shapely.Geometry,
    roads: cKDTree,
) -> Floats:
    wanted = int(rng.integers(4, 7))
    x0, y0, x1, y1 = cell.bounds
    points = rng.uniform((x0, y0), (x1, y1), (900, 2))
    inner = cell.buffer(-85.0)
    points = points[shapely.contains_xy(inner if inner.area > 1e5 else cell.buffer(-30.0), points)]
    far = roads.query(points)[0]
    cost = np.abs(far - 110.0) / 260.0 + rng.uniform(0, 1.1, len(points))
    cost += 4.0 * shapely.contains_xy(woods, points) + 9.0 * shapely.contains_xy(water, points)
    chosen: list[Floats] = []
    apart_m = 300.0
    while len(chosen) < wanted:
        for point in points[np.argsort(cost, kind="stable")]:
            if all(np.hypot(*(point - other)) > apart_m for other in chosen):
                chosen.append(point)
            if len(chosen) == wanted:
                break
        apart_m *= 0.85
    return np.array(chosen)


def _lanes(
    rng: np.random.Generator,
    places: Floats,
    roads: cKDTree,
    road_points: Floats,
    terrain: Terrain,
    network: Network,
) -> tuple[Lines, NDArray[np.int64]]:
    """Draw each hamlet's main lane, its side lanes and its way to the road; join neighbours by tracks."""
    lines: Lines = []
    owner: list[int] = []
    far, gate = roads.query(places)
    barrier = shapely.union_all([terrain.river, terrain.reservoir])
    town = network.core.buffer(-2.0)
    shapely.prepare(barrier)

    def add(kind: str, key: str, index: int, line: shapely.LineString) -> None:
        if barrier.intersects(line):
            return
        for part in shapely.get_parts(line - town):
            if part.length > 12.0:
                lines.append((kind, key, part))
                owner.append(index)

    near_m, near = cKDTree(places).query(places, k=5)
    for index, place in enumerate(places):
        target = _next_stop(index, far, near[index], near_m[index])
        end = road_points[gate[index]] if target is None else places[target]
        length = float(np.hypot(*(end - place)))
        bearing = np.arctan2(*(end - place)[::-1]) + (rng.uniform(-0.5, 0.5) if length > 60 else np.pi / 2)
        for lane in _hamlet_lanes(rng, place, float(bearing)):
            add("residential", f"hamlet {index}", index, lane)
        if length > 20:
            amplitude = min(0.04 * length, 14.0)
            add("residential", f"way {index}", index, _path(rng, place, end, amplitude, 60.0))
        for other, distance in zip(near[index][1:3], near_m[index][1:3], strict=True):
            if other > index and distance < 560.0 and rng.random() < 0.55:
                add("track", f"track {index} {other}", -1, _path(rng, place, places[other], 16.0, 70.0))
    return lines, np.array(owner)


def _next_stop(index: int, far: Floats, near: NDArray[np.int64], near_m: Floats) -> int | None:
    """Return the neighbour to go by on the way to the road, or None to go straight to the road."""
    for other, distance in zip(near[1:], near_m[1:], strict=True):
        if far[index] > 140.0 and far[other] < far[index] - 60.0 and distance < 0.9 * far[index]:
            return int(other)
    return None


def _path(
    rng: np.random.Generator, start: Floats, end: Floats, amplitude_m: float, step_m: float
) -> shapely.LineString:
    return shapely.LineString(
        np.round(wander(np.vstack([start, end]), rng, amplitude_m=amplitude_m, step_m=step_m), 2)
    )


def _hamlet_lanes(rng: np.random.Generator, place: Floats, bearing: float) -> list[shapely.LineString]:
    """Return one wandering main lane and three to five side lanes."""
    half = rng.uniform(140.0, 210.0)
    way = np.array([np.cos(bearing), np.sin(bearing)])
    main = wander(np.vstack([place - half * way, place + half * way]), rng, amplitude_m=14, step_m=45)
    lanes = [shapely.LineString(np.round(main, 2))]
    for share in rng.permutation(np.linspace(0.15, 0.85, 6))[: rng.integers(3, 6)]:
        start = main[int(share * (len(main) - 1))]
        turn = bearing + (np.pi / 2 + rng.uniform(-0.35, 0.35)) * (1 if rng.random() < 0.5 else -1)
        end = start + rng.uniform(70.0, 130.0) * np.array([np.cos(turn), np.sin(turn)])
        lanes.append(
            shapely.LineString(np.round(wander(np.vstack([start, end]), rng, amplitude_m=6, step_m=30), 2))
        )
    return lanes


def build_villages(
    seed: int,
    terrain: Terrain,
    network: Network,
    partition: Partition,
    hamlets: Hamlets,
    houses: int,
    target: Floats,
) -> pd.DataFrame:
    """Put about `houses` houses along the lanes, shared out by households, and what else a village has."""
    rng = stream(seed, "villages")
    shapes, owner, rank, kind = _candidates(rng, hamlets, terrain, network, partition)
    chosen = apart(shapes, rank, HOUSE_GAP_M)
    shapes, owner, rank, kind = shapes[chosen], owner[chosen], rank[chosen], kind[chosen]
    cell = hamlets.cell[owner]
    rural_target = target[~partition.is_town].sum()
    extra = kind != "house"
    frames = []
    for index in np.flatnonzero(~partition.is_town):
        mine = np.flatnonzero((cell == index) & ~extra)
        wanted = round(houses * target[index] / rural_target)
        mine = np.sort(mine[np.argsort(rank[mine], kind="stable")][:wanted])
        households = _spread(rng, float(target[index]), len(mine))
        frames.append(_houses(rng, shapes[mine], owner[mine], int(index), households))
    frames.append(_extras(rng, shapes[extra], kind[extra], cell[extra]))
    return pd.concat(frames, ignore_index=True)


def _candidates(
    rng: np.random.Generator, hamlets: Hamlets, terrain: Terrain, network: Network, partition: Partition
) -> tuple[Geometries, NDArray[np.int64], Floats, Geometries]:
    """Return every place a house could stand: both sides of each lane, up to three rows deep."""
    centres, angles, owner, row = [], [], [], []
    for (kind, _, lane), index in zip(hamlets.lanes, hamlets.lane_hamlet, strict=True):
        if index < 0 or kind == "track":
            continue
        along = np.arange(rng.uniform(4, 12), lane.length, 14.5)
        along = along + rng.uniform(-2.5, 2.5, len(along))
        at = shapely.get_coordinates(shapely.line_interpolate_point(lane, along))
        ahead = shapely.get_coordinates(shapely.line_interpolate_point(lane, along + 1.0))
        heading = np.arctan2(*(ahead - at).T[::-1])
        for side in (1, -1):
            for depth in range(3):
                offset = 11.0 + 15.5 * depth + rng.uniform(-1.5, 3.5, len(at))
                normal = np.column_stack([-np.sin(heading), np.cos(heading)]) * side
                centres.append(at + normal * offset[:, None])
                angles.append(heading + rng.normal(0, 0.10, len(at)))
                owner.append(np.full(len(at), index))
                row.append(np.full(len(at), depth))
    centre, angle, hamlet = np.vstack(centres), np.concatenate(angles), np.concatenate(owner)
    kinds = _kinds(rng, len(centre))
    big = np.isin(kinds, ("public", "school", "factory", "warehouse"))
    width = np.where(big, rng.uniform(18, 32, len(centre)), rng.uniform(8.5, 13.5, len(centre)))
    depth_m = np.where(big, rng.uniform(10, 14, len(centre)), rng.uniform(8.5, 12.0, len(centre)))
    shapes = footprints(centre, width, depth_m, angle)
    outline = rng.random(len(centre))
    for name, low, high in (("l", 0.0, 0.22), ("notched", 0.22, 0.45)):
        rows = (outline >= low) & (outline < high)
        shapes[rows] = footprints(centre[rows], width[rows], depth_m[rows], angle[rows], name)
    far = np.hypot(*(centre - hamlets.centres[hamlet]).T)
    rank = (
        far / 150.0 + 0.35 * np.concatenate(row) + rng.uniform(0, 0.8, len(centre)) - 1.0 * (kinds != "house")
    )
    free = _free(shapes, hamlets, terrain, network, partition, hamlet)
    return shapes[free], hamlet[free], rank[free], kinds[free]


def _kinds(rng: np.random.Generator, count: int) -> Geometries:
    kinds = np.full(count, "house", dtype=object)
    odd = np.flatnonzero(rng.random(count) < 0.012)
    kinds[odd] = rng.choice(np.array(EXTRAS, dtype=object), len(odd))
    return kinds


def _free(
    shapes: Geometries,
    hamlets: Hamlets,
    terrain: Terrain,
    network: Network,
    partition: Partition,
    owner: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Keep what stands inside its grid, clear of the grid's border, of roads, lanes and water."""
    inner = shapely.buffer(partition.cells, -4.0)
    free = np.zeros(len(shapes), dtype=bool)
    cell = hamlets.cell[owner]
    for index in np.unique(cell):
        mine = cell == index
        shapely.prepare(inner[index])
        free[mine] = shapely.contains(inner[index], shapes[mine])
    water = [
        terrain.river.buffer(22),
        terrain.reservoir.buffer(15),
        *(brook.buffer(5) for brook in terrain.brooks),
    ]
    blocked = [*road_areas(network.lines, 3.0), *road_areas(hamlets.lanes, 1.2), *water]
    free[np.unique(shapely.STRtree(shapes).query(blocked, predicate="intersects")[1])] = False
    return free


def _spread(rng: np.random.Generator, total: float, count: int) -> NDArray[np.int64]:
    """Share a grid's households out over its houses: one to four each."""
    if count == 0:
        return np.empty(0, dtype=np.int64)
    mean = total / count
    drawn = np.clip(rng.gamma(6.0, mean / 6.0, count), 1.0, 4.4)
    whole = np.floor(np.cumsum(drawn * total / drawn.sum()) + 0.5)
    return np.clip(np.diff(whole, prepend=0.0), 1, 5).astype(np.int64)


def _houses(
    rng: np.random.Generator,
    shapes: Geometries,
    owner: NDArray[np.int64],
    cell: int,
    households: NDArray[np.int64],
) -> pd.DataFrame:
    site = np.array([f"group {hamlet}" for hamlet in owner], dtype=object)
    number = pd.Series(owner).groupby(owner).cumcount().to_numpy() + 1
    return some_buildings(
        shapes,
        kind="house",
        cell=cell,
        site=site,
        site_kind="group",
        label=[f"{n}号" for n in number],
        floors=np.maximum(rng.choice([1, 2, 2, 3, 3, 4], len(shapes)), np.ceil(households / 2)).astype(int),
        doors=2,
        households=households,
    )


def _extras(
    rng: np.random.Generator, shapes: Geometries, kind: Geometries, cell: NDArray[np.int64]
) -> pd.DataFrame:
    frame = some_buildings(shapes, kind="public", cell=cell, floors=rng.integers(1, 4, len(shapes)), units=0)
    frame["kind"] = kind
    return frame
