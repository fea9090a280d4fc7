"""Generated partitions from a hundred to a million polygons: building, memory and speed against size."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.ground import Ground
from bench.measuring import Figures, Table, number
from bench.partitions import VERTICES
from bench.scale_plot import draw
from bench.scale_worker import PEER_POINTS, POINTS

TITLE = "Size"
#: Polygons to a side: 100, 1,024, 10,000, 99,856 and 1,000,000 polygons.
SIDES = (10, 32, 100, 316, 1000)
PICTURE = "locator-scale.svg"

Facts = dict[str, float]


def measure(ground: Ground) -> list[Figures]:
    ours, peers = [], []
    for side in SIDES:
        ours.append(_worker("ours", side, ground.folder))
        peers.append(_worker("peers", side, ground.folder))
        print(f"  {ours[-1]['polygons']:,.0f} polygons: {ours[-1]}, {peers[-1]}", flush=True)
    draw(Path(__file__).with_name(PICTURE), ours, peers)
    return [_building(ours), _speed(ours, peers)]


def _worker(engine: str, side: int, folder: Path) -> Facts:
    command = [sys.executable, "-m", "bench.scale_worker", engine, str(side), str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    facts: Facts = json.loads(done.stdout.splitlines()[-1])
    return facts


def _building(ours: list[Facts]) -> Table:
    head = [
        "polygons",
        "vertices",
        "build",
        "of it the cells",
        "index",
        "bytes a vertex",
        "peak memory",
        "the layer's",
    ]
    rows = [
        [
            f"{one['polygons']:,}",
            f"{one['vertices']:,}",
            f"{one['build_s']:.2f} s",
            f"{one['cells_s']:.2f} s",
            f"{one['index_mb']:,.0f} MB",
            f"{one['index_mb'] * 1e6 / one['vertices']:,.0f}",
            f"{one['peak_gb']:.2f} GB",
            f"{one['layer_gb']:.2f} GB",
        ]
        for one in ours
    ]
    note = (
        f"Polygons of {VERTICES} vertices that share wobbling borders. Building is what `Locator.from_frame` "
        "does: GEOS checks that every polygon is valid, then they are flattened and their edges sorted into "
        "cells. Peak memory is that of a process of its own while it builds; of it, the last column was "
        "taken before by Python, libraries and the layer as shapely objects."
    )
    return Table("Building", head, rows, note)


def _speed(ours: list[Facts], peers: list[Facts]) -> Table:
    cores = os.cpu_count()
    head = [
        "polygons",
        "one core",
        f"{cores} threads",
        "STRtree, prepared",
        "sjoin",
        "ours is",
        "unlike ours",
    ]
    rows = [
        [
            f"{one['polygons']:,}",
            *(number(value) for value in (one["one_core"], one["all_cores"], peer["tree"], peer["sjoin"])),
            f"{one['one_core'] / max(peer['tree'], peer['sjoin']):,.0f} ×",
            f"{peer['unlike']:,}",
        ]
        for one, peer in zip(ours, peers, strict=True)
    ]
    note = (
        f"M points/s, the best of three rounds; uniform points in no order, {POINTS:,} for ours and the "
        f'first {PEER_POINTS:,} of them for the peers, which use one core; "ours is" compares one core with '
        "the faster one. STRtree's answers were held against ours."
    )
    picture = (PICTURE, "Speed, time to build and memory against the number of polygons")
    return Table("Speed", head, rows, note, picture)
