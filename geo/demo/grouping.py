"""Group bordering pieces into connected, balanced groups without holes."""

from __future__ import annotations

import heapq
import math

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.cluster.vq import ClusterError, kmeans2

from geo.demo.blocks import union_by
from geo.demo.shapes import Floats

Ints = NDArray[np.int64]
BATCHES, TRIES, SETTLING = 8, 10, 4


def group(
    polygons: NDArray[np.object_],
    weights: Floats,
    pairs: Ints,
    lengths_m: Floats,
    count: int,
    rng: np.random.Generator,
) -> Ints:
    """Return the group of every piece: `count` groups, each one polygon, of about equal weight.

    Groups grow from spread seeds, the lightest first, over the longest borders; of some tries the best
    balanced one without holes or split groups is taken.

    Raises
    ------
    RuntimeError
        No try gave groups of one polygon each; happens only if the pieces themselves are not connected.
    """
    centres = shapely.get_coordinates(shapely.centroid(polygons))
    neighbours: list[list[tuple[int, float]]] = [[] for _ in polygons]
    for (first, second), length in zip(pairs, lengths_m, strict=True):
        neighbours[first].append((int(second), float(length)))
        neighbours[second].append((int(first), float(length)))
    for _ in range(BATCHES):
        tries: list[tuple[float, Ints]] = []
        for _ in range(TRIES):
            tries += _settled(centres, weights, neighbours, count, rng)
        for _, groups in sorted(tries, key=lambda item: item[0]):
            shapes = union_by(polygons, groups, count)
            if (shapely.get_type_id(shapes) == 3).all() and (
                shapely.get_num_interior_rings(shapes) == 0
            ).all():
                return groups
    raise RuntimeError(f"no grouping of {len(polygons)} pieces into {count} polygons was found")


def _settled(
    centres: Floats,
    weights: Floats,
    neighbours: list[list[tuple[int, float]]],
    count: int,
    rng: np.random.Generator,
) -> list[tuple[float, Ints]]:
    """Grow groups from fresh seeds, then again from the middles of the groups found (Lloyd's way)."""
    try:
        seeds = kmeans2(centres, count, iter=12, minit="++", rng=rng, missing="raise")[0]
    except ClusterError:  # two seeds fell together; the next try draws others
        return []
    tries = []
    for _ in range(SETTLING):
        groups = _grow(centres, weights, neighbours, seeds)
        tries.append((_unevenness(groups, weights, centres, count), groups))
        seeds = np.array([centres[groups == g].mean(axis=0) for g in range(count)])
    return tries


def _grow(centres: Floats, weights: Floats, neighbours: list[list[tuple[int, float]]], seeds: Floats) -> Ints:
    count = len(seeds)
    groups = [-1] * len(centres)
    load = [0.0] * count
    places, goals = centres.tolist(), seeds.tolist()
    scale = math.sqrt(float(np.ptp(centres[:, 0]) * np.ptp(centres[:, 1])) / count)
    fronts: list[list[tuple[float, int]]] = [[] for _ in range(count)]

    def take(piece: int, into: int) -> None:
        groups[piece] = into
        load[into] += float(weights[piece])
        for other, length in neighbours[piece]:
            if groups[other] < 0:
                far = math.hypot(places[other][0] - goals[into][0], places[other][1] - goals[into][1]) / scale
                heapq.heappush(fronts[into], (far**2 - 0.9 * min(length / scale, 0.6), other))

    for index, seed in enumerate(seeds):
        free = np.flatnonzero(np.array(groups) < 0)
        take(int(free[np.argmin(((centres[free] - seed) ** 2).sum(axis=1))]), index)
    turns = [(float(load[index]), index) for index in range(count)]
    heapq.heapify(turns)
    while turns:
        lightest = heapq.heappop(turns)[1]
        front = fronts[lightest]
        while front and groups[front[0][1]] >= 0:
            heapq.heappop(front)
        if front:
            take(heapq.heappop(front)[1], lightest)
            heapq.heappush(turns, (float(load[lightest]), lightest))
    return np.array(groups)


def _unevenness(groups: Ints, weights: Floats, centres: Floats, count: int) -> float:
    """Return how badly groups are balanced and how far they spread (both near 1 at best)."""
    if (groups < 0).any():
        return np.inf
    load = np.bincount(groups, weights=weights, minlength=count)
    sums = [np.bincount(groups, weights=centres[:, i], minlength=count) for i in (0, 1)]
    mean = np.column_stack(sums) / np.bincount(groups, minlength=count)[:, None]
    spread = float(np.sqrt(((centres - mean[groups]) ** 2).sum(axis=1)).mean())
    scale = float(np.sqrt(np.ptp(centres[:, 0]) * np.ptp(centres[:, 1]) / count))
    return float(load.std() / load.mean()) + 1.5 * spread / scale
