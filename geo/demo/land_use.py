"""Land use: what the ground is used for between roads and water, from parcels, woods, villages and fields."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.demo.footprints import footprints, turned
from geo.demo.parcels import Parcels, built_ground, road_areas
from geo.demo.roads import Network
from geo.demo.shapes import blob, stream
from geo.demo.terrain import Terrain
from geo.demo.villages import Hamlets

KIND_OF_USE = {
    "quarter": "residential", "old_town": "residential", "park": "park", "green": "park", "square": "park",
    "office": "commercial", "shops": "commercial", "mall": "commercial", "market": "commercial",
    "school": "education", "college": "education", "hospital": "medical", "government": "public",
    "stadium": "sports", "station": "public", "factory": "industrial", "works": "industrial",
    "field": "farmland",
}  # fmt: skip
FIELD_M = 230.0
FIELD_ODDS = {"farmland": 0.74, "orchard": 0.14, "grass": 0.12}


def land_use(
    seed: int,
    terrain: Terrain,
    network: Network,
    parcels: Parcels,
    buildings: pd.DataFrame,
) -> pd.DataFrame:
    """Return kind and geometry (local metres) of every patch; patches do not overlap."""
    rng = stream(seed, "land use")
    frames = [
        pd.DataFrame({"kind": [KIND_OF_USE[use] for use in parcels.use], "geometry": parcels.polygons}),
        _pitches(parcels),
    ]
    rural = buildings[buildings["site_kind"].eq("group")]
    roads = built_ground(network.lines, 0.0)
    villages = _village_ground(rural["geometry"].to_numpy(), shapely.union_all([roads, network.core]))
    frames.append(pd.DataFrame({"kind": "residential", "geometry": villages}))
    water = [terrain.river, terrain.reservoir, *terrain.brooks]
    taken = shapely.union_all([*villages, network.core, *water, roads])
    woods = shapely.get_parts(shapely.union_all(terrain.woods) - taken)
    woods = woods[shapely.area(woods) > 3000.0]
    frames.append(pd.DataFrame({"kind": "forest", "geometry": woods}))
    fields = _fields(rng, terrain, network.core, shapely.union_all([taken, *woods]))
    frames.append(fields)
    return pd.concat(frames, ignore_index=True)


def ponds(
    seed: int, terrain: Terrain, network: Network, hamlets: Hamlets, houses: NDArray[np.object_]
) -> list[shapely.Polygon]:
    """Dig a pond beside some hamlets, where nothing else is."""
    rng = stream(seed, "ponds")
    shapes = []
    for centre in hamlets.centres:
        turn, far, size = rng.uniform(0, 2 * np.pi), rng.uniform(90, 190), rng.uniform(13.0, 34.0)
        place = centre + far * np.array([np.cos(turn), np.sin(turn)])
        shapes.append(blob(place, (size * 1.4, size), turn, rng))
    pool = np.array(shapes, dtype=object)
    water = [terrain.river, terrain.reservoir, *terrain.brooks]
    roads = [*road_areas(network.lines, 6.0), *road_areas(hamlets.lanes, 4.0)]
    blocked = [*roads, *water, network.core, *houses]
    hit = shapely.STRtree(pool).query(blocked, predicate="dwithin", distance=4.0)[1]
    hit_each_other = shapely.STRtree(pool).query(pool, predicate="intersects")
    doubled = hit_each_other[1][hit_each_other[0] < hit_each_other[1]]
    free = np.setdiff1d(np.arange(len(pool)), np.union1d(hit, doubled))
    inside = shapely.contains(terrain.outline, pool[free])
    return [*pool[free[inside]]]


def _village_ground(houses: NDArray[np.object_], taken: shapely.Geometry) -> list[shapely.Polygon]:
    """Return the built-up ground of the hamlets: around houses, rounded."""
    discs = shapely.buffer(shapely.centroid(houses), 25.0, quad_segs=2)
    around = shapely.get_parts(shapely.disjoint_subset_union_all(discs).simplify(1.5))
    smooth = shapely.buffer(shapely.buffer(around, 8.0, quad_segs=3), -15.0, quad_segs=3)
    smooth = shapely.simplify(shapely.buffer(smooth, 7.0, quad_segs=3), 1.0)
    ground = shapely.difference(shapely.union_all(smooth), taken)
    return [part for part in shapely.get_parts(ground) if part.area > 300.0]


def _pitches(parcels: Parcels) -> pd.DataFrame:
    """Give every school and the stadium a running track."""
    rows = np.flatnonzero(np.isin(parcels.use, ("school", "college", "stadium")))
    shapes = []
    for row in rows:
        centre = shapely.get_coordinates(shapely.centroid(parcels.polygons[row]))
        angle = float(parcels.angle[row])
        level = shapely.transform(parcels.polygons[row], lambda p, a=angle: turned(p, -a))
        x0, y0, x1, y1 = level.bounds
        shift = [(x0 - x1) * 0.24, 0.0] if parcels.use[row] == "stadium" else [0.0, (y0 - y1) * 0.27]
        centre = centre + turned(np.array([shift]), angle)
        length = min(44.0, 0.4 * (x1 - x0))
        core = footprints(centre, np.array([length]), np.array([1.0]), np.array([angle]))[0]
        track = core.buffer(min(19.0, 0.14 * (y1 - y0)))
        if parcels.polygons[row].buffer(-2.0).contains(track):
            shapes.append(track)
    return pd.DataFrame({"kind": "sports", "geometry": np.array(shapes, dtype=object)})


def _fields(
    rng: np.random.Generator, terrain: Terrain, core: shapely.Polygon, taken: shapely.Geometry
) -> pd.DataFrame:
    """Divide what is left of the open country into fields, orchards and grass."""
    x0, y0, x1, y1 = terrain.outline.bounds
    x, y = np.meshgrid(np.arange(x0, x1, FIELD_M), np.arange(y0, y1, FIELD_M))
    points = np.column_stack([x.ravel(), y.ravel()]) + rng.uniform(-0.45, 0.45, (x.size, 2)) * FIELD_M
    edges = shapely.voronoi_polygons(shapely.multipoints(points), only_edges=True)
    country = terrain.outline - shapely.union_all([core, taken])
    # one overlay of all lines: cutting cell by cell against so large an area takes ten times as long
    pieces = shapely.get_parts(shapely.polygonize([*shapely.get_parts(edges | country.boundary)]))
    shapely.prepare(country)
    inside = shapely.contains(country, shapely.point_on_surface(pieces))
    pieces = pieces[inside & (shapely.area(pieces) > 600.0)]
    kinds = rng.choice(list(FIELD_ODDS), len(pieces), p=list(FIELD_ODDS.values()))
    return pd.DataFrame({"kind": kinds, "geometry": pieces})
