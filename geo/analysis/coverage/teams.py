"""Teams near: how far it is to the nearest team of each kind, and how many are within reach."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.analysis.coverage.hierarchy import mean_by_grid
from geo.analysis.coverage.reach import reach


def team_reach(buildings: gpd.GeoSeries, teams: gpd.GeoDataFrame, reach_m: float) -> pd.DataFrame:
    """Measure the straight line from each building to where the nearest team musters, by kind of team.

    Parameters
    ----------
    buildings
        Points in a projected CRS in metres.
    teams
        Points in the same CRS; column ``kind``.
    reach_m
        How far a team is held to reach, metres.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``buildings``: ``team_distance_m`` and ``teams_near`` (number within reach) of teams of
        any kind, and the same for each kind: ``team_distance_m_patrol``, ``teams_near_patrol`` …
    """
    by_kind = {kind: reach(buildings, some.geometry, reach_m) for kind, some in teams.groupby("kind")}
    distances = pd.DataFrame({kind: found["distance_m"] for kind, found in by_kind.items()}, buildings.index)
    near = pd.DataFrame({kind: found["near"] for kind, found in by_kind.items()}, buildings.index)
    any_kind = pd.DataFrame({"team_distance_m": distances.min(axis=1), "teams_near": near.sum(axis=1)})
    return pd.concat([any_kind, *(_named(found, f"_{kind}") for kind, found in by_kind.items())], axis=1)


def teams_near(found: pd.DataFrame, buildings: pd.DataFrame, grids: pd.DataFrame) -> pd.DataFrame:
    """Average :func:`team_reach` over the households of each grid.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``grids``, the columns of ``found``: how many teams the average household has within
        reach, and how far it is from the nearest; NaN without households.
    """
    return mean_by_grid(found, buildings["households"], buildings["grid_code"], grids)


def _named(found: pd.DataFrame, ending: str) -> pd.DataFrame:
    return found.set_axis([f"team_distance_m{ending}", f"teams_near{ending}"], axis=1)
