"""Layers of real places, where a folder of them is at hand: ours and every peer on each.

The folder is named by ``WANGGE_BENCH_DATA``; files of polygons below it, GeoJSON or GeoPackage, are measured.
"""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import numpy as np

from bench.ground import Ground
from bench.measuring import Comparison, Figures, Table, number
from bench.point_to_grid import one_level

TITLE = "Real layers"
NEEDS = "set WANGGE_BENCH_DATA to a folder with GeoJSON or GeoPackage files of polygons"
POINTS, PEER_POINTS = 5_000_000, 100_000
ENDINGS = (".geojson", ".gpkg")


def measure(ground: Ground) -> list[Figures]:
    named = os.environ.get("WANGGE_BENCH_DATA")
    if not named:
        return []
    folder = Path(named)
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
    layers = {str(path.relative_to(folder)): gpd.read_file(path) for path in files}
    found = {name: _measure(ground, layer) for name, layer in layers.items() if _is_polygons(layer)}
    engines = list(next(iter(found.values())).figures) if found else []
    rows = [_row(name, layers[name], comparison) for name, comparison in found.items()]
    head = ["layer", "polygons", "vertices", *engines, "ours is", "unlike ours"]
    note = (
        f"M points/s, uniform points: {POINTS:,} for ours on one core, the first {PEER_POINTS:,} of them "
        'for the peers, as above. "Ours is" compares with the fastest peer; the last column counts answers '
        "of peers that are not ours."
    )
    return [Table("Every layer by itself", head, rows, note)]


def _row(name: str, layer: gpd.GeoDataFrame, comparison: Comparison) -> list[str]:
    ours, *theirs = comparison.figures.values()
    vertices = int(layer.geometry.count_coordinates().sum())
    figures = [number(value) for value in (ours, *theirs)]
    unlike = sum(comparison.unlike_ours.values())
    return [name, f"{len(layer):,}", f"{vertices:,}", *figures, f"{ours / max(theirs):,.0f} ×", f"{unlike:,}"]


def _is_polygons(layer: gpd.GeoDataFrame) -> bool:
    return bool(layer.geom_type.isin(("Polygon", "MultiPolygon")).all())


def _measure(ground: Ground, layer: gpd.GeoDataFrame) -> Comparison:
    mended = layer.set_geometry(layer.geometry.where(layer.is_valid, layer.make_valid()))
    west, south, east, north = mended.total_bounds
    points = np.random.default_rng(9).uniform((west, south), (east, north), (POINTS, 2))
    return one_level(ground, mended, points, "uniform points", asked=PEER_POINTS)
