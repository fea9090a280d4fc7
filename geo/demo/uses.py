"""What each town parcel is used for, and how many households each third-level grid shall have."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.demo.parcels import Parcels
from geo.demo.partition import Partition
from geo.demo.shapes import Floats, stream
from geo.demo.terrain import Terrain

HOMES_PER_M2 = 400 / 40_000  # of an apartment parcel, on average
OLD_TOWN_PER_M2 = 400 / 31_000
REST = ("office", "shops", "park", "works", "field", "market", "square")


def household_targets(seed: int, partition: Partition) -> Floats:
    """Return the households each grid shall have: mostly 330 to 480, with deliberate exceptions.

    Six town grids and three village grids are over 500, six and four under 300; three grids of the factory
    park have none.
    """
    rng = stream(seed, "households")
    count = len(partition.cells)
    target = np.clip(rng.normal(433.0, 32.0, count), 345.0, 484.0)
    homes = np.flatnonzero(partition.is_town & ~partition.is_park)
    rural = np.flatnonzero(~partition.is_town)
    for rows, over, under in ((homes, 6, 6), (rural, 3, 4)):
        odd = rng.permutation(rows)[: over + under]
        target[odd[:over]] = rng.uniform(530.0, 640.0, over)
        target[odd[over:]] = rng.uniform(190.0, 270.0, under)
    park = rng.permutation(np.flatnonzero(partition.is_park))
    target[park] = 0.0
    target[park[: max(1, len(park) - 3)]] = rng.uniform(330.0, 430.0, max(1, len(park) - 3))
    return target


def assign_uses(seed: int, parcels: Parcels, partition: Partition, terrain: Terrain, target: Floats) -> None:
    """Decide the use of every parcel: water side first, then single sites, then homes, then the rest."""
    rng = stream(seed, "uses")
    area = shapely.area(parcels.polygons)
    use = np.full(len(area), "", dtype=object)
    slim = 4 * np.pi * area / shapely.length(parcels.polygons) ** 2 < 0.42
    use[slim | (area < 3500.0)] = "green"
    at_lake = shapely.dwithin(parcels.polygons, terrain.town_lake, 70.0)
    use[at_lake] = "park"
    industrial = partition.is_park[parcels.cell]
    centre = np.hypot(*shapely.get_coordinates(shapely.centroid(parcels.polygons)).T)
    _single_sites(rng, use, area, centre, partition.unit[parcels.cell], industrial)
    for cell in np.unique(parcels.cell):
        free = np.flatnonzero((parcels.cell == cell) & (use == ""))
        free = free[np.argsort(rng.random(len(free)) + (area[free] < 7000.0))]
        old = bool(np.median(centre[free]) < 620.0) if len(free) else False
        _homes(use, area, free, float(target[cell]), old=old)
    _rest(rng, use, centre, industrial)
    parcels.use = use


def _single_sites(
    rng: np.random.Generator,
    use: NDArray[np.object_],
    area: Floats,
    centre: Floats,
    unit: NDArray[np.int64],
    industrial: NDArray[np.bool_],
) -> None:
    """Place what a town has once or twice, and one school in every community."""
    wishes = (("mall", 2, 500.0), ("government", 1, 900.0), ("hospital", 2, 1200.0), ("college", 1, 1700.0),
              ("stadium", 1, 1500.0), ("station", 1, 1400.0))  # fmt: skip
    for kind, count, distance in wishes:
        for _ in range(count):
            free = (use == "") & (area > 14_000.0) & ~industrial
            cost = np.abs(centre - distance) + rng.uniform(0, 260, len(use))
            use[int(np.argmin(np.where(free, cost, np.inf)))] = kind
    for community in np.unique(unit):
        free = np.flatnonzero((unit == community) & (use == "") & (area > 11_000.0) & ~industrial)
        if len(free):
            use[rng.choice(free)] = "school"


def _homes(
    use: NDArray[np.object_], area: Floats, free: NDArray[np.int64], target: float, *, old: bool
) -> None:
    """Give parcels to homes until the grid's households have room."""
    room = 0.0
    for parcel in free:
        if room >= target:
            return
        use[parcel] = "old_town" if old else "quarter"
        room += area[parcel] * (OLD_TOWN_PER_M2 if old else HOMES_PER_M2)


def _rest(
    rng: np.random.Generator, use: NDArray[np.object_], centre: Floats, industrial: NDArray[np.bool_]
) -> None:
    free = np.flatnonzero(use == "")
    inner = np.clip(1.0 - centre[free] / 2000.0, 0.0, 1.0)
    odds = np.column_stack(
        [0.22 + 0.2 * inner, 0.20 + 0.35 * inner, np.full(len(free), 0.13), 0.22 * (1 - inner),
         0.34 * (1 - inner), np.full(len(free), 0.07), 0.02 + 0.05 * inner]
    )  # fmt: skip
    odds = np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)
    use[free] = np.array(REST, dtype=object)[(rng.random(len(free))[:, None] > odds).sum(axis=1).clip(max=6)]
    works = industrial & ~np.isin(use, ("green", "park", "quarter"))
    use[works] = np.where(rng.random(int(works.sum())) < 0.86, "factory", "field")
