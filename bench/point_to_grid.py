"""The demo zone: points to third-level grids, to the whole chain, near borders; building and loading."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from statistics import median

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

import geo
from bench.ground import Ground
from bench.layers import near_borders
from bench.measuring import Comparison, Figures, Table, rates
from bench.peers import all_peers, first_rows
from geo.locate.chain import ChainLocator

TITLE = "Point → grid"
#: Ours is asked all points, the peers, which are slow, the first of them.
POINTS, PEER_POINTS, ROUNDS = 20_000_000, 200_000, 5
CHAIN_POINTS, CHAIN_PEER_POINTS = 10_000_000, 200_000
BORDER_METRES = 20
_NOTE = (
    "Ours uses one core and takes arrays of longitude and latitude. geopandas and shapely use one core, with "
    "their point objects made beforehand; SedonaDB, DuckDB and PostGIS use all cores, with points stored as "
    "geometries, and PostGIS only counts its pairs. "
)
_SAME = "Peers were asked the first {:,} of the same points; an answer is the grid of the lowest code."


def measure(ground: Ground) -> list[Figures]:
    grids = ground.grids
    borders = near_borders(grids.geometry.to_numpy(), POINTS, BORDER_METRES, seed=5)
    return [
        one_level(ground, grids, ground.points(POINTS), f"{POINTS:,} uniform points"),
        one_level(ground, grids, borders, f"{POINTS:,} points within {BORDER_METRES} m of a border"),
        _chain(ground),
        _building(ground),
    ]


def one_level(
    ground: Ground, layer: gpd.GeoDataFrame, points: NDArray[np.float64], task: str, asked: int = PEER_POINTS
) -> Comparison:
    """Ours and every peer on one layer; ours answers all points, peers the first ``asked``."""
    locator = geo.Locator.from_frame(layer)
    lon, lat = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    peers = all_peers(ground, layer, points[:asked])
    work: dict[str, Callable[[], object]] = {"geo.Locator": lambda: locator.locate(lon=lon, lat=lat)}
    work |= {peer.name: peer.ask for peer in peers}
    amount = dict.fromkeys(work, float(min(asked, len(points)))) | {"geo.Locator": float(len(points))}
    figures = {name: rate / 1e6 for name, rate in rates(work, amount=amount, rounds=ROUNDS).items()}
    ours, rank = locator.locate(lon=lon[:asked], lat=lat[:asked]), np.argsort(layer.index.argsort())
    unlike = {
        peer.name: int((first_rows(peer.pairs(peer.ask()), len(ours), rank) != ours).sum()) for peer in peers
    }
    note = _NOTE + _SAME.format(min(asked, len(points)))
    return Comparison(f"{task}, {len(layer)} polygons", "M points/s", figures, True, note, unlike)


def _chain(ground: Ground) -> Comparison:
    """All levels and the building: ours in one call, geopandas by two joins and the parents of grids."""
    chain = ChainLocator.from_frames(ground.all_grids, ground.buildings)
    points = ground.points(CHAIN_POINTS, seed=4)
    lon, lat = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    frame = gpd.GeoDataFrame(geometry=shapely.points(points[:CHAIN_PEER_POINTS]), crs=ground.grids.crs)
    grids, buildings = ground.grids[["parent_code", "geometry"]], ground.buildings[["geometry"]]
    above = ground.all_grids["parent_code"]

    def joined() -> gpd.GeoDataFrame:
        found = frame.sjoin(grids, how="left", predicate="within", rsuffix="grid3")
        found["grid1"] = found["parent_code"].map(above)
        return found.sjoin(buildings, how="left", predicate="within", rsuffix="building")

    cores = os.cpu_count() or 1
    work: dict[str, Callable[[], object]] = {
        "geo.ChainLocator": lambda: chain.locate(lon=lon, lat=lat),
        f"geo.ChainLocator, {cores} threads": lambda: chain.locate(lon=lon, lat=lat, threads=cores),
        "two joins of geopandas": joined,
    }
    amount = dict.fromkeys(work, float(CHAIN_POINTS)) | {"two joins of geopandas": float(CHAIN_PEER_POINTS)}
    figures = {name: rate / 1e6 for name, rate in rates(work, amount=amount, rounds=ROUNDS).items()}
    counted = f"{len(ground.all_grids)} grids of {len(chain.levels)} levels, {len(buildings):,} buildings"
    note = f"Levels looked up through the one below them, as proven when building: {chain.nested}."
    return Comparison(f"{CHAIN_POINTS:,} uniform points, {counted}", "M points/s", figures, True, note)


def _building(ground: Ground) -> Table:
    """Building, saving and loading the indexes of the demo zone."""
    grids = ground.grids
    locator, chain = (
        geo.Locator.from_frame(grids),
        ChainLocator.from_frames(ground.all_grids, ground.buildings),
    )
    one, all_ = ground.folder / "one.locator", ground.folder / "chain.locator"
    tasks: dict[str, Callable[[], object]] = {
        f"build: {len(grids)} third-level grids": lambda: geo.Locator.from_frame(grids),
        "build: all grids and buildings": lambda: ChainLocator.from_frames(
            ground.all_grids, ground.buildings
        ),
        "save the grids": partial(locator.save, one),
        "load the grids, checksums held": lambda: geo.Locator.load(one),
        "save the chain": partial(chain.save, all_),
        "load the chain, checksums held": lambda: ChainLocator.load(all_),
        "load the chain, checksums not held": lambda: ChainLocator.load(all_, verify=False),
    }
    rows = [[name, f"{_milliseconds(task):,.1f} ms"] for name, task in tasks.items()]
    rows += [
        ["size of the grids' index", f"{locator.nbytes / 1e6:.1f} MB"],
        ["file of the grids", f"{one.stat().st_size / 1e6:.1f} MB"],
        ["file of the chain", f"{all_.stat().st_size / 1e6:.1f} MB"],
    ]
    vertices = int(grids.geometry.count_coordinates().sum())
    note = (
        f"The grids have {vertices:,} vertices. A loaded index is mapped: processes of one machine share it."
    )
    return Table("Building and loading, the demo zone", ["", "median"], rows, note)


def _milliseconds(task: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        task()
        taken.append(1000 * (time.perf_counter() - start))
    return median(taken)
