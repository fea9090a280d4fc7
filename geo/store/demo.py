"""Writing what only the demo zone brings: units, households, people, lives of incidents, planted facts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geo.store import tables
from geo.store.copy import checked_beforehand, copy_frame
from geo.store.tables.base import Base


def add_rows(session: Session, table: str, rows: DataFrame, *, srid: int | None = None) -> int:
    """Write generated rows, whose references hold by construction, to one of the demo's tables."""
    connection = session.connection()
    with checked_beforehand(connection):
        return copy_frame(connection, Base.metadata.tables[table], rows, srid=srid)


def incident_ids(session: Session, run: int) -> NDArray[np.int64]:
    """Ids of a run's incidents in the order they were written."""
    table = tables.Incident
    query = select(table.id).where(table.import_id == run).order_by(table.id)
    return np.fromiter(session.scalars(query), dtype=np.int64)


def person_ids(session: Session) -> NDArray[np.int64]:
    """Ids of all persons in the order of their numbers in the roster."""
    table = tables.Person
    return np.fromiter(session.scalars(select(table.id).order_by(table.code)), dtype=np.int64)


def analyze(session: Session) -> None:
    """Let the query planner know what has been written."""
    session.execute(text("ANALYZE"))
