"""A toy zone of any size for maps: third-level cells of a Voronoi diagram, their unions above."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

NAMES = "玉湖 金陵 光丰 登岸 田中 硖石 横板 万新".split()


def toy_zone(seed: int = 1, cells: int = 24, parents: int = 6, *, longest: float = 1.0) -> GeoDataFrame:
    """Grids of three levels in EPSG:4490, indexed by code; levels 1 and 2 are unions of what lies below.

    ``longest`` is the longest stretch of a border without a vertex: small for borders as real ones are.
    """
    rng = np.random.default_rng(seed)
    hull = shapely.Point(113.9, 27.65).buffer(0.06, quad_segs=12)
    points = [
        point
        for point in rng.normal([113.9, 27.65], 0.025, (20 * cells, 2))
        if hull.contains(shapely.Point(point))
    ]
    cut = shapely.voronoi_polygons(shapely.MultiPoint(points[:cells]), extend_to=hull)
    lines = shapely.union_all([*shapely.boundary(shapely.get_parts(cut)), hull.boundary])
    # Faces of one net of lines: neighbours share every vertex.
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.segmentize(lines, longest))))
    polygons = faces[shapely.contains(hull, shapely.point_on_surface(faces))]
    order = np.argsort(shapely.get_coordinates(shapely.centroid(polygons))[:, 0])
    above = [
        f"36037100{1 + number * 2 // parents}{number + 1:03d}"
        for number in np.arange(cells) * parents // cells
    ]
    third = gpd.GeoDataFrame(
        {
            "level": 3,
            "kind": "residential",
            "name": [
                f"{NAMES[int(code[-3:]) % 8]}社区第{number + 1}网格" for number, code in enumerate(above)
            ],
            "parent_code": above,
            "households": rng.integers(280, 520, cells),
            "buildings": rng.integers(20, 240, cells),
        },
        index=pd.Index([f"{code}{number + 1:03d}" for number, code in enumerate(above)], name="code"),
        geometry=polygons[order],
        crs=4490,
    )
    third["area_km2"] = third.to_crs(4547).area / 1e6
    second = _above(third, 2, "community", "社区")
    return GeoDataFrame(
        pd.concat([_above(second, 1, None, "片区"), second, third]), geometry="geometry", crs=4490
    )


def toy_coverage(seed: int = 1) -> GeoDataFrame:
    """The toy zone with every measure of coverage, as ``geo.coverage`` gives it; a grid has no data."""
    grids = toy_zone(seed)
    rng = np.random.default_rng(seed)
    grids["population"] = grids["households"] * 3
    grids["workers"] = rng.integers(0, 3, len(grids))
    for key in ("households", "population", "buildings"):
        grids[f"{key}_per_worker"] = grids[key] / grids["workers"].replace(0, np.nan)
    grids["norm_share"] = grids["households_per_worker"] / 500
    for key in ("vacancies", "overloads", "on_duty"):
        grids[key] = rng.integers(0, 9, len(grids))
    shares = "in_reach buildings_in_reach view households_in_view incidents_in_view"
    for key in (f"{share}_share" for share in shares.split()):
        grids[key] = rng.random(len(grids))
    grids["teams_near"] = rng.random(len(grids)) * 4
    for key in ("team_distance_m", "site_distance_m"):
        grids[key] = rng.random(len(grids)) * 3000
    grids["covered_share"] = rng.random(len(grids))
    grids.loc[grids.index[-1], "incidents_in_view_share"] = np.nan
    return grids


def _above(below: GeoDataFrame, level: int, kind: str | None, word: str) -> GeoDataFrame:
    sums = dict.fromkeys(("households", "buildings", "area_km2"), "sum")
    joined = below.dissolve("parent_code", aggfunc=sums).rename_axis("code")
    joined["level"] = level
    joined["kind"] = kind
    joined["name"] = [f"{NAMES[int(code[-3:]) % 8]}{word}" for code in joined.index]
    joined["parent_code"] = [code[:9] if level == 2 else None for code in joined.index]
    return joined
