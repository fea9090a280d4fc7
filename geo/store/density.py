"""Cases summed by grid, and by cell of a raster."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from pandas import DataFrame
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.model import IncidentFilter
from geo.store import tables
from geo.store.incidents import conditions

T = tables.Incident
COLUMNS = (T.grid1_code, T.grid2_code, T.grid3_code)


def count_cases(session: Session, asked: IncidentFilter, *, level: int, srid: int) -> DataFrame:
    """Cases by grid at intake, place status and time status.

    Returns
    -------
    pandas.DataFrame
        Columns ``code`` (None where no grid of the level holds them), ``place_status``, ``time_status`` and
        ``count``.
    """
    code = COLUMNS[level - 1].label("code")
    query = (
        select(code, T.place_status, T.time_status, func.count().label("count"))
        .where(*conditions(asked, srid))
        .group_by(code, T.place_status, T.time_status)
    )
    rows = session.execute(query).all()
    return DataFrame(rows, columns=["code", "place_status", "time_status", "count"])


def sum_cells(session: Session, asked: IncidentFilter, *, srid: int, cell: float) -> npt.NDArray[np.float64]:
    """Cases by cell of a raster.

    Parameters
    ----------
    cell
        Side of a cell, degrees; the raster is counted from 0, 0.

    Returns
    -------
    ndarray
        Shape (n, 3): column and row of the cell, cases in it.
    """
    column: Any = func.floor(func.ST_X(T.geom) / cell).label("column")
    row: Any = func.floor(func.ST_Y(T.geom) / cell).label("row")
    query = (
        select(column, row, func.count())
        .where(T.geom.is_not(None), T.time_status != "future", *conditions(asked, srid))
        .group_by(column, row)
    )
    cells = session.execute(query).all()
    return np.array([tuple(found) for found in cells], dtype=np.float64).reshape(-1, 3)
