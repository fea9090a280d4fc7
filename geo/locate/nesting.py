"""Whether a level may be looked up through the level below it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from shapely import Geometry


def parent_rows(coarse: GeoDataFrame, fine: GeoDataFrame) -> NDArray[np.int32] | None:
    """The row of each fine grid's parent, if asking the fine level always gives the coarse one's answer.

    It does when the grids below each coarse one cover it exactly, vertex by vertex, and parents are in the
    order of their children's codes: on a border the lowest fine code answers, and its parent must be the
    lowest coarse one. Otherwise rounding could put a point beside a border into one level and not the other.

    Returns
    -------
    numpy.ndarray or None
        int32 positions in ``coarse``, one longer than ``fine``: the last, -1, is the parent of no grid.
        None when it is not proven.
    """
    parents = pd.Index(coarse.index).get_indexer(fine["parent_code"])
    if (parents < 0).any() or len(np.unique(parents)) != len(coarse):
        return None
    if not (coarse.index.is_unique and fine.index.is_unique):
        return None
    if not (_in_order(coarse, fine, parents) and _is_divided(coarse, fine, parents)):
        return None
    return np.append(parents, -1).astype(np.int32)


def _in_order(coarse: GeoDataFrame, fine: GeoDataFrame, parents: NDArray[np.intp]) -> bool:
    rank = np.empty(len(coarse), dtype=np.int64)
    rank[coarse.index.argsort()] = np.arange(len(coarse))
    return bool((np.diff(rank[parents][fine.index.argsort()]) >= 0).all())


def _is_divided(coarse: GeoDataFrame, fine: GeoDataFrame, parents: NDArray[np.intp]) -> bool:
    """Whether the fine grids are a coverage whose union, per parent, has the parent's very vertices."""
    wholes, pieces = coarse.geometry.to_numpy(), fine.geometry.to_numpy()
    if shapely.is_missing(wholes).any() or shapely.is_missing(pieces).any():
        return False
    if not shapely.coverage_is_valid(pieces):
        return False
    return all(
        _same_parts(shapely.coverage_union_all(pieces[parents == row]), whole)
        for row, whole in enumerate(wholes)
    )


def _same_parts(union: Geometry, whole: Geometry) -> bool:
    """Whether two geometries have the same vertices, be they polygons or collections of polygons."""
    return bool(shapely.equals_exact(*(_parts(shape) for shape in (union, whole)), tolerance=0.0))


def _parts(shape: Geometry) -> Geometry:
    return shapely.normalize(shapely.multipolygons(shapely.get_parts(shape)))
