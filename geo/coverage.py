"""Coverage of a zone: what each grid has to look after."""

from __future__ import annotations

from datetime import date

from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo.analysis.coverage import coverage
from geo.frames import grids_frame


def coverage_frame(session: Session, *, level: int, as_of: date | str | None = None) -> GeoDataFrame:
    """Households and buildings of each grid, in themselves and per square kilometre.

    Parameters
    ----------
    level
        1 coarse to 3 fine.
    as_of
        Day the grids are in force; today in the zone when None.

    Returns
    -------
    GeoDataFrame
        That of :func:`geo.frames.grids_frame` with ``households_per_km2`` and ``buildings_per_km2``.

    Raises
    ------
    InvalidInput
        The level or the day cannot be.
    NotFound
        The database serves no zone yet.
    """
    grids = grids_frame(session, level=level, as_of=as_of)
    measured = coverage(grids)
    return grids.join(measured[measured.columns.difference(grids.columns, sort=False)])
