"""Case density of a zone: the figures behind the served map, the notebooks and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo.analysis.density import density
from geo.errors import InvalidInput
from geo.frames import CaseFilter, check_level, incident_filter
from geo.period import to_day
from geo.store import density as store
from geo.store import frames
from geo.zones import get_zone

#: Finest cell of the heat map's raster, degrees: about 20 m.
CELL_DEGREES = 2e-4


@dataclass(frozen=True, slots=True)
class DensitySummary:
    """Where all the cases of a density map are: ``total`` is the sum of the next four.

    Attributes
    ----------
    total
        Cases that match, without those dated in the future.
    counted
        In a grid of the map.
    superseded
        In a grid at intake that is no longer in force on the map's day.
    outside
        At a place that no grid of the level holds.
    unplaced
        Without coordinates, or at 0, 0.
    future
        Dated in the future when they came in; in none of the other figures unless asked for.
    """

    total: int
    counted: int
    superseded: int
    outside: int
    unplaced: int
    future: int


@dataclass(frozen=True, slots=True)
class Density:
    """A density map's figures: a frame of grids, and where the cases are that it does not show."""

    frame: GeoDataFrame
    summary: DensitySummary


def density_frame(
    session: Session,
    *,
    level: int,
    as_of: date | str | None = None,
    with_future: bool = False,
    **cases: Unpack[CaseFilter],
) -> GeoDataFrame:
    """Cases of each grid; see :func:`measure_density`, whose frame this is."""
    return measure_density(session, level=level, as_of=as_of, with_future=with_future, **cases).frame


def measure_density(
    session: Session,
    *,
    level: int,
    as_of: date | str | None = None,
    with_future: bool = False,
    **cases: Unpack[CaseFilter],
) -> Density:
    """Count the cases of each grid by the chain found at intake, in one statement.

    Parameters
    ----------
    level
        1 coarse to 3 fine.
    as_of
        Day the grids are in force; today in the zone when None.
    with_future
        Count those too that were dated in the future when they came in.
    cases
        See :class:`geo.frames.CaseFilter`.

    Returns
    -------
    Density
        Its frame is that of :func:`geo.frames.grids_frame` with ``count``, ``per_1000_households`` (NaN
        without households) and ``per_km2``.

    Raises
    ------
    InvalidInput
        The level, a time or a code cannot be.
    NotFound
        The database serves no zone yet.
    """
    zone = get_zone(session)
    check_level(zone, level)
    grids = frames.grids_frame(session, to_day(zone, as_of), zone.storage_crs, level=level)
    asked = incident_filter(session, zone, **cases)
    counted = store.count_cases(session, asked, level=level, srid=zone.storage_srid)
    future = counted["time_status"] == "future"
    shown = counted if with_future else counted[~future]
    per_grid = shown.dropna(subset="code").groupby("code")["count"].sum()
    here = per_grid[per_grid.index.isin(grids.index)]
    summary = _summary(shown, per_grid, here, int(counted.loc[future, "count"].sum()))
    return Density(grids.join(density(grids, here)), summary)


def _summary(shown: pd.DataFrame, per_grid: pd.Series, here: pd.Series, future: int) -> DensitySummary:
    in_none = shown[shown["code"].isna()]
    placed = in_none["place_status"].isin(["inside", "outside"])
    return DensitySummary(
        total=int(shown["count"].sum()),
        counted=int(here.sum()),
        superseded=int(per_grid.sum() - here.sum()),
        outside=int(in_none.loc[placed, "count"].sum()),
        unplaced=int(in_none.loc[~placed, "count"].sum()),
        future=future,
    )


def heat_points(
    session: Session, *, limit: int = 5000, **cases: Unpack[CaseFilter]
) -> npt.NDArray[np.float64]:
    """Cases summed into the cells of a raster, for a heat map.

    Parameters
    ----------
    limit
        Most cells to return: the cells are about 20 m wide, doubled until they fit.
    cases
        See :class:`geo.frames.CaseFilter`. Cases without a place or dated in the future are left out.

    Returns
    -------
    ndarray
        Shape (n, 3): longitude and latitude of the cell's middle in the storage CRS, degrees; cases in it.

    Raises
    ------
    InvalidInput
        The limit is below 1, or a time or a code cannot be.
    """
    if limit < 1:
        raise InvalidInput(f"limit {limit} leaves no cell; ask for 1 or more")
    zone = get_zone(session)
    asked = incident_filter(session, zone, **cases)
    cells = store.sum_cells(session, asked, srid=zone.storage_srid, cell=CELL_DEGREES)
    size = CELL_DEGREES
    while len(cells) > limit:
        cells, size = _coarser(cells), size * 2
    return np.column_stack([(cells[:, :2] + 0.5) * size, cells[:, 2]])


def _coarser(cells: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Join each 2 × 2 cells into one."""
    places, owner = np.unique(np.floor(cells[:, :2] / 2), axis=0, return_inverse=True)
    return np.column_stack([places, np.bincount(owner.ravel(), weights=cells[:, 2])])
