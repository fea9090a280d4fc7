"""Case density: how many cases each grid has, for its households and for its area."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.errors import InvalidInput

#: Columns of :func:`density`.
MEASURES = ("count", "per_1000_households", "per_km2")


def count_by_grid(codes: pd.Series, grids: pd.DataFrame) -> pd.Series:
    """Count cases by the grid they lie in.

    Parameters
    ----------
    codes
        Code of each case's grid, such as ``incidents["grid3_code"]``; missing where it lies in none.
    grids
        Indexed by code.

    Returns
    -------
    pandas.Series
        ``count``, int64, aligned with ``grids``: 0 where there is none. Cases in other grids are left out.

    Examples
    --------
    >>> grids = pd.DataFrame(index=pd.Index(["A", "B", "C"], name="code"))
    >>> count_by_grid(pd.Series(["B", "A", "B", None]), grids)
    code
    A    1
    B    2
    C    0
    Name: count, dtype: int64
    """
    counted = codes.value_counts().reindex(grids.index, fill_value=0)
    return counted.astype("int64").rename("count")


def density(grids: pd.DataFrame, count: pd.Series) -> pd.DataFrame:
    """Relate counts to households and area.

    Parameters
    ----------
    grids
        Indexed by code; columns ``households`` and ``area_km2``.
    count
        Cases by code; a grid that is not in it has none.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``grids``; columns ``count``, ``per_1000_households`` (NaN without households) and
        ``per_km2``.

    Raises
    ------
    InvalidInput
        ``count`` names a grid twice, or one that is not among ``grids``: cases would be lost.

    Examples
    --------
    >>> grids = pd.DataFrame({"households": [400, 0], "area_km2": [2.0, 0.5]}, index=["A", "B"])
    >>> density(grids, pd.Series({"A": 6}))
       count  per_1000_households  per_km2
    A      6                 15.0      3.0
    B      0                  NaN      0.0
    """
    _check_counts(grids, count)
    counts = count.reindex(grids.index, fill_value=0).astype("int64")
    return pd.DataFrame(
        {
            "count": counts,
            "per_1000_households": 1000 * rate(counts, grids["households"]),
            "per_km2": rate(counts, grids["area_km2"]),
        }
    )


def rate(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Divide row by row; NaN where there is nothing to divide by.

    Examples
    --------
    >>> rate(pd.Series([3, 1]), pd.Series([2, 0])).tolist()
    [1.5, nan]
    """
    return part / whole.astype("float64").where(whole > 0, np.nan)


def _check_counts(grids: pd.DataFrame, count: pd.Series) -> None:
    if not count.index.is_unique:
        raise InvalidInput(
            f"grid {count.index[count.index.duplicated()][0]!r} is counted twice; sum it first"
        )
    strange = count.index.difference(grids.index)
    if len(strange):
        raise InvalidInput(f"cases are counted for {strange[0]!r}, which is none of the grids; leave it out")
