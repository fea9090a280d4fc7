"""Coverage: what each grid has to look after."""

from __future__ import annotations

import pandas as pd

from geo.analysis.density import rate


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
    counted = [name for name in ("population", "households", "buildings") if name in grids]
    per_area = {f"{name}_per_km2": rate(grids[name], grids["area_km2"]) for name in counted}
    return pd.DataFrame(grids[[*counted, "area_km2"]]).assign(**per_area)


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
