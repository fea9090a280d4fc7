"""The tree of grids: what is filed under a grid counts for all grids above it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Positions = npt.NDArray[np.intp]
Related = npt.NDArray[np.bool_]


def chains(grids: pd.DataFrame) -> pd.DataFrame:
    """Name the grids that hold each grid.

    Parameters
    ----------
    grids
        Grids of all levels, indexed by code; columns ``level`` and ``parent_code``.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``grids``; a column for each level 1 … the finest: code of the grid of that level that
        holds it, itself at its own; None below it.

    Examples
    --------
    >>> grids = pd.DataFrame({"level": [1, 2], "parent_code": [None, "A"]}, index=["A", "AB"])
    >>> chains(grids)
        1     2
    A   A  None
    AB  A    AB
    """
    level, parent = grids["level"].to_numpy(), _parents(grids)
    finest = int(level.max()) if len(grids) else 0
    codes = grids.index.to_numpy(dtype=object)
    found = np.full((len(grids), finest), None, dtype=object)
    for each in range(1, finest + 1):
        rows = np.flatnonzero(level == each)
        held = rows[parent[rows] >= 0]
        found[held] = found[parent[held]]
        found[rows, each - 1] = codes[rows]
    return pd.DataFrame(found, index=grids.index, columns=range(1, finest + 1), dtype=object)


def roll_up(filed: pd.DataFrame, grids: pd.DataFrame) -> pd.DataFrame:
    """Sum what is filed under each grid over the grid and all grids below it.

    Parameters
    ----------
    filed
        Numbers, indexed by code of grid; other codes are left out.
    grids
        As for :func:`chains`.

    Returns
    -------
    pandas.DataFrame
        float64, aligned with ``grids``; 0 where nothing is filed.

    Examples
    --------
    >>> grids = pd.DataFrame({"level": [1, 2, 2], "parent_code": [None, "A", "A"]}, index=["A", "B", "C"])
    >>> roll_up(pd.DataFrame({"n": [2, 3]}, index=["B", "C"]), grids)["n"].tolist()
    [5.0, 2.0, 3.0]
    """
    return _rolled_up(filed.reindex(grids.index).astype("float64").fillna(0.0), grids)


def _rolled_up(total: pd.DataFrame, grids: pd.DataFrame) -> pd.DataFrame:
    values, level, parent = total.to_numpy(copy=True), grids["level"].to_numpy(), _parents(grids)
    for each in sorted(set(level), reverse=True):
        rows = np.flatnonzero((level == each) & (parent >= 0))
        np.add.at(values, parent[rows], values[rows])
    return pd.DataFrame(values, index=grids.index, columns=total.columns)


def _parents(grids: pd.DataFrame) -> Positions:
    """Row of each grid's parent, -1 where it is not among the grids."""
    return _rows(grids["parent_code"], grids)


def _rows(codes: pd.Series, grids: pd.DataFrame) -> Positions:
    """Row of each code among the grids, -1 where it is none of them."""
    rows: Positions = pd.Index(grids.index, dtype=object).get_indexer(codes.to_numpy(dtype=object))
    return rows


def sum_by_grid(rows: pd.DataFrame, codes: pd.Series, grids: pd.DataFrame) -> pd.DataFrame:
    """Sum rows over the grid each is filed under, and all above it.

    Parameters
    ----------
    rows
        Numbers; a missing one adds nothing.
    codes
        Code of each row's grid, of any level; missing where it lies in none.

    Returns
    -------
    pandas.DataFrame
        As :func:`roll_up`.
    """
    place = _rows(codes, grids)
    filed, count = place >= 0, len(grids)
    sums = {
        name: np.bincount(place[filed], weights=np.nan_to_num(values[filed]), minlength=count)
        for name, values in zip(rows, rows.to_numpy(dtype=np.float64).T, strict=True)
    }
    # Without a row numpy counts in whole numbers.
    return _rolled_up(pd.DataFrame(sums, index=grids.index, dtype=np.float64), grids)


def count_distinct(ids: pd.Series, codes: pd.Series, grids: pd.DataFrame) -> pd.Series:
    """Count different ids in each grid: one that is filed under two grids counts once above them.

    Parameters
    ----------
    ids, codes
        Of equal length: who or what, and code of the grid it is filed under.

    Returns
    -------
    pandas.Series
        float64, aligned with ``grids``.

    Examples
    --------
    >>> grids = pd.DataFrame({"level": [1, 2, 2], "parent_code": [None, "A", "A"]}, index=["A", "B", "C"])
    >>> count_distinct(pd.Series([7, 7, 8]), pd.Series(["B", "C", "C"]), grids).tolist()
    [2.0, 1.0, 2.0]
    """
    return count_related(ids, codes, held_by(grids), grids)


def held_by(grids: pd.DataFrame) -> Related:
    """Say of each grid (row) which grids (column) hold it, itself included.

    Returns
    -------
    ndarray
        bool, shape (n, n), in the order of ``grids``.
    """
    found = np.eye(len(grids), dtype=bool)
    level, parent = grids["level"].to_numpy(), _parents(grids)
    for each in sorted(set(level)):
        rows = np.flatnonzero((level == each) & (parent >= 0))
        found[rows] |= found[parent[rows]]
    return found


def count_related(ids: pd.Series, codes: pd.Series, related: Related, grids: pd.DataFrame) -> pd.Series:
    """Count for each grid the different ids filed under the grids that are related to it.

    Parameters
    ----------
    ids, codes
        As for :func:`count_distinct`.
    related
        bool, shape (n, n): a column is True for the grids whose ids count for it.

    Returns
    -------
    pandas.Series
        float64, aligned with ``grids``.
    """
    place, (number, different) = _rows(codes, grids), pd.factorize(ids)
    counts = np.zeros((len(different), len(grids)), dtype=bool)
    filed = (place >= 0) & (number >= 0)
    np.logical_or.at(counts, number[filed], related[place[filed]])
    return pd.Series(counts.sum(axis=0).astype("float64"), index=grids.index)


def mean_by_grid(
    values: pd.DataFrame, weights: pd.Series, codes: pd.Series, grids: pd.DataFrame
) -> pd.DataFrame:
    """Average rows over the grid each is filed under, and over all grids above it.

    Parameters
    ----------
    values
        Numbers or truth values; a missing one is left out of its column's average.
    weights
        Of each row, such as its households; 1 for a plain average.
    codes
        Code of each row's grid; missing where it lies in none.

    Returns
    -------
    pandas.DataFrame
        float64, aligned with ``grids``; NaN where nothing with a weight is known.

    Examples
    --------
    >>> grids = pd.DataFrame({"level": [1, 2], "parent_code": [None, "A"]}, index=["A", "B"])
    >>> rows = pd.DataFrame({"near": [True, False], "codes": ["B", "B"], "households": [30, 10]})
    >>> mean_by_grid(rows[["near"]], rows["households"], rows["codes"], grids)["near"].tolist()
    [0.75, 0.75]
    """
    numbers = values.to_numpy(dtype=np.float64)
    weight = np.where(np.isfinite(numbers), weights.to_numpy(dtype=np.float64)[:, None], 0.0)
    both = np.hstack([np.nan_to_num(numbers) * weight, weight])
    summed = sum_by_grid(pd.DataFrame(both, copy=False), codes, grids).to_numpy()
    total, over = np.hsplit(summed, [numbers.shape[1]])
    means = np.divide(total, over, out=np.full_like(total, np.nan), where=over > 0)
    return pd.DataFrame(means, index=grids.index, columns=values.columns)
