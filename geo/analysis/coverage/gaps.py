"""Gaps: everything that is missing, in one list, by the people it affects."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

#: Columns of the list beside ``geometry``.
COLUMNS = (
    "kind",
    "grid_code",
    "grid_name",
    "what",
    "name",
    "target_kind",
    "target_code",
    "people",
    "households",
    "measure",
    "limit",
    "unit",
)
#: Kinds of gaps; of those that affect as many, the first comes first.
KINDS = (
    "vacancy",
    "overload",
    "over_norm",
    "no_site_in_reach",
    "out_of_view",
    "no_team_near",
    "nobody_on_duty",
)
_NUMBERS = ("people", "households", "measure", "limit")


def rank_gaps(found: Sequence[gpd.GeoDataFrame], grids: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put gaps of all kinds into one list.

    Parameters
    ----------
    found
        Frames with some of :data:`COLUMNS` and points as geometry.
    grids
        Indexed by code, with ``name``.

    Returns
    -------
    GeoDataFrame
        Index ``rank`` from 1; :data:`COLUMNS`: ``kind`` (one of :data:`KINDS`), ``grid_code`` and
        ``grid_name`` of the finest grid it lies in, ``what`` (code of the post or the sites' function),
        ``name``, ``target_kind`` and ``target_code`` of what a vacant post is held for, ``people`` (NaN where
        residents are not known) and ``households`` affected, ``measure`` and ``limit`` in ``unit``;
        ``geometry``: a point to go to. By people affected (by households where people are not known), then
        by households, kind, grid and name.
    """
    wanted = [*COLUMNS, "geometry"]
    some = [pd.DataFrame(rows).reindex(columns=wanted).astype(object) for rows in found if len(rows)]
    if not some:
        empty = gpd.GeoDataFrame(columns=wanted, geometry="geometry", crs=grids.crs)
        return empty.astype(dict.fromkeys(_NUMBERS, "float64")).rename_axis("rank")
    together = pd.concat(some, ignore_index=True).astype(dict.fromkeys(_NUMBERS, "float64"))
    rows = gpd.GeoDataFrame(together, geometry="geometry", crs=grids.crs)
    rows["grid_name"] = rows["grid_code"].map(grids["name"])
    ranked = rows.iloc[_order(rows)].reset_index(drop=True)
    return ranked.set_index(ranked.index + 1).rename_axis("rank")


def _order(rows: pd.DataFrame) -> pd.Index:
    keys = pd.DataFrame(
        {
            "people": -rows["people"].fillna(rows["households"]),
            "households": -rows["households"],
            "kind": rows["kind"].map({kind: place for place, kind in enumerate(KINDS)}),
            **{
                name: rows[name].fillna("").astype(str)
                for name in ("grid_code", "what", "target_code", "name")
            },
        }
    )
    return keys.sort_values(list(keys)).index


def vacancy_gaps(vacancies: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Vacant posts: those who live in what the post is for are affected; measured in households."""
    return vacancies.rename(columns={"kind": "of_kind", "post": "what", "population": "people"}).assign(
        kind="vacancy", measure=vacancies["households"], unit="households"
    )


def overload_gaps(overloads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """People who carry too much: those they answer for are affected; in targets or households."""
    return overloads.rename(columns={"post": "what", "population": "people"}).assign(kind="overload")


def norm_gaps(finest: gpd.GeoDataFrame, norm: float) -> gpd.GeoDataFrame:
    """Grids with more households per worker than the norm: all who live there are affected."""
    over = finest[finest["households_per_worker"] > norm]
    return _of_grids("over_norm", over, "households_per_worker", over["households_per_worker"], norm)


def view_gaps(finest: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Grids none of whose households is in view: all who live there are affected; in cases of the year."""
    unseen = finest[finest["households_in_view_share"] == 0]
    return _of_grids("out_of_view", unseen, "incidents", unseen["incidents"])


def duty_gaps(finest: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Grids with households that nobody is on duty for at the moment; in hours of the day somebody is."""
    alone = finest[(finest["on_duty"] == 0) & (finest["households"] > 0)]
    return _of_grids("nobody_on_duty", alone, "hours", alone["covered_share"] * 24)


def reach_gaps(
    kind: str,
    buildings: gpd.GeoDataFrame,
    distance_m: pd.Series,
    reach_m: float,
    *,
    what: str | None = None,
) -> gpd.GeoDataFrame:
    """Grids with households out of reach of every place.

    Parameters
    ----------
    kind
        ``no_site_in_reach`` or ``no_team_near``.
    buildings
        Points; columns ``grid_code``, ``households``, ``residents``.
    distance_m
        From each to the nearest place; NaN when there is none at all.

    Returns
    -------
    GeoDataFrame
        A row for each finest grid: those who live in its buildings out of reach are affected; ``measure``:
        mean distance of these households, metres; the point is that of the building with most households.
    """
    out = ~(distance_m <= reach_m) & (buildings["households"] > 0) & buildings["grid_code"].notna()
    columns = ["grid_code", "households", "residents", "geometry"]
    rows = pd.DataFrame(buildings.loc[out, columns]).assign(distance=distance_m[out])
    rows["weighted"] = rows["distance"] * rows["households"]
    by_grid = rows.sort_values("households", ascending=False, kind="stable").groupby("grid_code")
    summed = by_grid[["households", "residents", "weighted"]].sum(min_count=1)
    found = summed.assign(
        kind=kind,
        people=summed["residents"],
        measure=summed["weighted"] / summed["households"],
        limit=reach_m,
        unit="m",
        what=what,
        geometry=by_grid["geometry"].first(),
    )
    return gpd.GeoDataFrame(found.reset_index(), geometry="geometry", crs=buildings.crs)


def _of_grids(
    kind: str, grids: gpd.GeoDataFrame, unit: str, measure: pd.Series, limit: float = np.nan
) -> gpd.GeoDataFrame:
    columns = {
        "kind": kind,
        "grid_code": grids.index.to_numpy(),
        "people": grids["population"].to_numpy(),
        "households": grids["households"].to_numpy(),
        "measure": measure.to_numpy(),
        "limit": limit,
        "unit": unit,
    }
    point = grids.geometry.representative_point().to_numpy()
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=point, crs=grids.crs)
