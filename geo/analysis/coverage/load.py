"""Load: what each grid has to look after, by area and by grid worker."""

from __future__ import annotations

import pandas as pd

from geo.analysis.coverage.hierarchy import sum_by_grid
from geo.analysis.density import rate

COUNTED = ("population", "households", "buildings")


def coverage(grids: pd.DataFrame) -> pd.DataFrame:
    """Relate households and buildings, and people where they are known, to area.

    Parameters
    ----------
    grids
        Indexed by code; columns ``households``, ``buildings``, ``area_km2``, and ``population`` if known.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``grids``: the columns given and each of them per square kilometre.

    Examples
    --------
    >>> grids = pd.DataFrame({"households": [400], "buildings": [30], "area_km2": [0.5]}, index=["A"])
    >>> coverage(grids).T
                            A
    households          400.0
    buildings            30.0
    area_km2              0.5
    households_per_km2  800.0
    buildings_per_km2    60.0
    """
    counted = [name for name in COUNTED if name in grids]
    per_area = {f"{name}_per_km2": rate(grids[name], grids["area_km2"]) for name in counted}
    return pd.DataFrame(grids[[*counted, "area_km2"]]).assign(**per_area)


def population(buildings: pd.DataFrame, grids: pd.DataFrame) -> pd.Series:
    """Sum the residents of the buildings filed under each grid and those below it.

    Parameters
    ----------
    buildings
        Columns ``grid_code`` and ``residents``, NaN when not known.
    grids
        Of all levels, indexed by code; columns ``level`` and ``parent_code``.

    Returns
    -------
    pandas.Series
        float64, aligned with ``grids``; NaN where the residents of no building are known.
    """
    residents = buildings["residents"].astype("float64")
    counts = pd.DataFrame({"residents": residents, "known": residents.notna().astype("float64")})
    summed = sum_by_grid(counts, buildings["grid_code"], grids)
    return summed["residents"].where(summed["known"] > 0).rename("population")


def per_worker(grids: pd.DataFrame, workers: pd.Series, norm: float) -> pd.DataFrame:
    """Divide what each grid has to look after among its grid workers, and hold it against the norm.

    Parameters
    ----------
    grids
        Indexed by code; columns ``households``, ``buildings``, and ``population`` if known.
    workers
        Grid workers of each grid.
    norm
        Most households a grid worker should answer for.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``grids``: ``households_per_worker`` and so on, NaN without a worker, and ``norm_share``:
        households per worker as a share of the norm; above 1 is too much.

    Examples
    --------
    >>> grids = pd.DataFrame({"households": [600, 300], "buildings": [40, 9]}, index=["A", "B"])
    >>> per_worker(grids, pd.Series([2.0, 0.0], index=["A", "B"]), 500)
       households_per_worker  buildings_per_worker  norm_share
    A                  300.0                  20.0         0.6
    B                    NaN                   NaN         NaN
    """
    counted = [name for name in COUNTED if name in grids]
    shared = pd.DataFrame({f"{name}_per_worker": rate(grids[name], workers) for name in counted})
    return shared.assign(norm_share=shared["households_per_worker"] / norm)


def outside_band(grids: pd.DataFrame, band: tuple[int, int]) -> pd.Series:
    """Say how many households a grid has too many (positive) or too few (negative).

    Parameters
    ----------
    band
        Lowest and highest number of households a grid should hold (rule R10; 300 to 500 by default).

    Returns
    -------
    pandas.Series
        int64, aligned with ``grids``; 0 inside the band.

    Examples
    --------
    >>> outside_band(pd.DataFrame({"households": [250, 400, 620]}), (300, 500)).tolist()
    [-50, 0, 120]
    """
    low, high = band
    households = grids["households"]
    return (households - households.clip(low, high)).astype("int64").rename("outside_band")
