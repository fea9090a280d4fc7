"""What stands for a file's features: their points, the middles of footprints, points along borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Kind = Literal["points", "footprints", "borders"]

MOST_SAMPLES = 40_000
#: Polygons whose middle one is larger than this are taken for territories, smaller ones for buildings.
FOOTPRINT_M2 = 20_000.0


@dataclass(frozen=True)
class Samples:
    """Points that stand for the features of a file.

    Attributes
    ----------
    kind
        ``points``; ``footprints``, each by its middle; ``borders`` of territories, or lines.
    x, y
        As sent.
    features
        How many features there are that can be used.
    """

    kind: Kind
    x: Floats
    y: Floats
    features: int


def kind_of(geometries: NDArray[Any], metric_area: Floats) -> Kind:
    """What a file mostly holds.

    Parameters
    ----------
    geometries
        Usable ones.
    metric_area
        Their areas by some reading, square metres.
    """
    types = shapely.get_type_id(geometries)
    polygons = np.isin(types, (3, 6))
    if np.isin(types, (0, 4)).mean() >= 0.5:
        return "points"
    if polygons.mean() >= 0.5 and np.nanmedian(metric_area[polygons]) < FOOTPRINT_M2:
        return "footprints"
    return "borders"


def take_samples(geometries: NDArray[Any], kind: Kind, *, unit_m: float, seed: int = 20260301) -> Samples:
    """Draw the samples.

    Parameters
    ----------
    geometries
        Usable ones, as sent.
    unit_m
        Metres of one unit of their coordinates, about.
    seed
        Same seed, same samples.
    """
    types = shapely.get_type_id(geometries)
    if kind == "points":
        xy = shapely.get_coordinates(geometries[np.isin(types, (0, 4))])
    elif kind == "footprints":
        xy = shapely.get_coordinates(shapely.centroid(geometries[np.isin(types, (3, 6))]))
    else:
        xy = _along(geometries[~np.isin(types, (0, 4))], unit_m)
    xy = np.unique(xy[np.isfinite(xy).all(axis=1)], axis=0)
    if len(xy) > MOST_SAMPLES:
        xy = xy[np.random.default_rng(seed).choice(len(xy), MOST_SAMPLES, replace=False)]
    return Samples(kind, np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1]), len(geometries))


def _along(geometries: NDArray[Any], unit_m: float) -> Floats:
    """Points along lines and outlines, closer together the shorter these are in all."""
    areal = np.isin(shapely.get_type_id(geometries), (3, 6))
    lines = np.where(areal, shapely.boundary(geometries), geometries)
    lines = shapely.union_all(lines)  # a border that two territories share counts once
    step = max(4.0 / unit_m, float(shapely.length(lines)) / MOST_SAMPLES)
    parts = shapely.get_parts(lines)
    return shapely.get_coordinates(shapely.segmentize(parts, step)) if len(parts) else np.empty((0, 2))
