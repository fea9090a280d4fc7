"""The tree of grids: what is filed under a grid counts for all grids above it."""

from __future__ import annotations

import pandas as pd


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
    finest = int(grids["level"].max()) if len(grids) else 0
    found = pd.DataFrame(None, index=grids.index, columns=range(1, finest + 1), dtype=object)
    for level in range(1, finest + 1):
        codes = grids.index[grids["level"] == level]
        parents = grids.loc[codes, "parent_code"].astype(object)
        found.loc[codes] = found.reindex(parents).to_numpy()
        found.loc[codes, level] = codes.to_numpy(dtype=object)
    return found.astype(object).where(found.notna(), None)


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
    total = filed.reindex(grids.index).astype("float64").fillna(0.0)
    for level in sorted(grids["level"].unique(), reverse=True)[:-1]:
        below = (grids["level"] == level).to_numpy()
        parents = grids.loc[below, "parent_code"]
        total += total[below].groupby(parents).sum().reindex(grids.index).fillna(0.0)
    return total


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
    return roll_up(rows.groupby(codes.to_numpy()).sum(), grids)


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
    above = chains(grids).reindex(codes.to_numpy())
    pairs = pd.concat(
        [pd.DataFrame({"code": above[level].to_numpy(), "id": ids.to_numpy()}) for level in above]
        or [pd.DataFrame({"code": [], "id": []})]
    )
    counted = pairs.dropna().drop_duplicates().groupby("code").size()
    return counted.reindex(grids.index).astype("float64").fillna(0.0)


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
    numbers = values.astype("float64")
    weight = numbers.notna().mul(weights.astype("float64"), axis=0)
    summed = sum_by_grid(
        pd.concat([numbers.fillna(0.0) * weight, weight.add_suffix("/")], axis=1), codes, grids
    )
    over = summed[[f"{name}/" for name in numbers]].set_axis(numbers.columns, axis=1)
    return summed[numbers.columns] / over.where(over > 0)
