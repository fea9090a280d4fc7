"""One size, one engine, one process with its own memory: ``python -m bench.scale_worker ours 100 DIR``."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

import geo
from bench.partitions import SIZE, SOUTH, VERTICES, WEST, partition
from geo.locate.build import Rings, build_cells
from geo.locate.warm_up import warm_up

#: Ours is asked all points, the peers the first of them.
POINTS, PEER_POINTS, ROUNDS = 10_000_000, 200_000, 3
Result = TypeVar("Result")


def main() -> None:
    engine, side, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    layer, answers = partition(side), folder / f"answers_{side}.npy"
    print(json.dumps((_ours if engine == "ours" else _peers)(layer, side, answers)))


def _points(side: int, count: int) -> NDArray[np.float64]:
    """Uniform over the partition: shape (2, n); fewer are the first of more."""
    extent = SIZE * side
    points = np.random.default_rng(1).uniform((WEST, SOUTH), (WEST + extent, SOUTH + extent), (count, 2))
    return np.ascontiguousarray(points.T)


def _ours(layer: gpd.GeoDataFrame, side: int, answers: Path) -> dict[str, float]:
    warm_up()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak of making the layer
    before = _memory_gb("VmRSS")
    # What Locator.from_frame does, step by step.
    valid, checking = _timed(lambda: bool(layer.is_valid.all()))
    if not valid:
        raise SystemExit(f"a partition of {side} x {side} has invalid polygons; choose another seed")
    rings, flattening = _timed(lambda: Rings.of(layer.geometry.to_numpy()))
    order = layer.index.argsort().astype(np.int32)
    cells, sorting = _timed(lambda: build_cells(rings, order))
    peak = _memory_gb("VmHWM")
    locator = geo.Locator(cells, rings, order, str(layer.crs))
    lon, lat = _points(side, POINTS)
    np.save(answers, locator.locate(lon=lon[:PEER_POINTS], lat=lat[:PEER_POINTS]))
    cores = os.cpu_count() or 1
    one = min(_timed(lambda: locator.locate(lon=lon, lat=lat))[1] for _ in range(ROUNDS))
    all_ = min(_timed(lambda: locator.locate(lon=lon, lat=lat, threads=cores))[1] for _ in range(ROUNDS))
    return {
        "polygons": len(layer),
        "vertices": len(layer) * VERTICES,
        "build_s": checking + flattening + sorting,
        "cells_s": sorting,
        "layer_gb": before,
        "peak_gb": peak,
        "index_mb": locator.nbytes / 1e6,
        "one_core": POINTS / one / 1e6,
        "all_cores": POINTS / all_ / 1e6,
    }


def _peers(layer: gpd.GeoDataFrame, side: int, answers: Path) -> dict[str, float]:
    lon, lat = _points(side, PEER_POINTS)
    polygons, shapes = layer.geometry.to_numpy(), shapely.points(lon, lat)
    tree, build = _timed(lambda: shapely.STRtree(polygons))
    shapely.prepare(polygons)
    tree.query(shapes[:1])

    def by_tree() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        point, row = tree.query(shapes)
        held = shapely.intersects_xy(polygons[row], lon[point], lat[point])
        return point[held], row[held]

    (point, row), _ = _timed(by_tree)  # the first time prepares what the points need
    asked = min(_timed(by_tree)[1] for _ in range(ROUNDS))
    rows = np.full(PEER_POINTS, len(polygons), dtype=np.int64)
    np.minimum.at(rows, point, row)
    rows[rows == len(polygons)] = -1
    frame = gpd.GeoDataFrame(geometry=shapes, crs=layer.crs)
    joined = min(_timed(lambda: frame.sjoin(layer, predicate="within"))[1] for _ in range(ROUNDS))
    return {
        "tree_build_s": build,
        "tree": PEER_POINTS / asked / 1e6,
        "sjoin": PEER_POINTS / joined / 1e6,
        "unlike": int((np.load(answers) != rows).sum()),
    }


def _timed(task: Callable[[], Result]) -> tuple[Result, float]:
    start = time.perf_counter()
    return task(), time.perf_counter() - start


def _memory_gb(name: str) -> float:
    """A figure of this process, such as its peak."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1e6


if __name__ == "__main__":
    main()
