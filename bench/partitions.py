"""Partitions of any size, made up: cells that share wobbling borders vertex by vertex."""

from __future__ import annotations

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Inner vertices of the borders between neighbours in a row and in a column; with four corners 50 a polygon.
ACROSS, ALONG = 11, 12
VERTICES = 4 + 2 * ACROSS + 2 * ALONG
#: A cell's size in degrees, how far corners stray and borders wobble in parts of it.
SIZE, STRAY, WOBBLE = 0.01, 0.3, 0.015
WEST, SOUTH = 100.0, 20.0


def partition(side: int, seed: int = 0) -> GeoDataFrame:
    """``side`` x ``side`` polygons without gap or overlap, each of ``VERTICES`` vertices, in EPSG:4490."""
    random = np.random.default_rng(seed)
    lattice = np.stack(np.meshgrid(np.arange(side + 1.0), np.arange(side + 1.0)), axis=-1)
    corners = lattice + random.uniform(-STRAY, STRAY, lattice.shape)
    level = _borders(random, corners[:, :-1], corners[:, 1:], ALONG)  # (side + 1, side, ALONG + 1, 2)
    upright = _borders(random, corners[:-1], corners[1:], ACROSS)
    top = np.concatenate([corners[1:, 1:, None], level[1:, :, :0:-1]], axis=2)
    left = np.concatenate([corners[1:, :-1, None], upright[:, :-1, :0:-1]], axis=2)
    closing = corners[:-1, :-1, None]
    rings = np.concatenate([level[:-1], upright[:, 1:], top, left, closing], axis=2)
    rings = rings.reshape(side * side, VERTICES + 1, 2) * SIZE + (WEST, SOUTH)
    return GeoDataFrame(geometry=shapely.polygons(shapely.linearrings(rings)), crs="EPSG:4490")


def _borders(random: np.random.Generator, start: Floats, end: Floats, inner: int) -> Floats:
    """Each border from its first corner on, without its last."""
    share = (np.arange(inner + 1) / (inner + 1))[:, None]
    lines = start[:, :, None] + (end - start)[:, :, None] * share
    lines[:, :, 1:] += random.uniform(-WOBBLE, WOBBLE, lines[:, :, 1:].shape)
    return lines
