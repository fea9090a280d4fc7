"""Incidents: one in, one out, many out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geo.model import Incident, IncidentFilter
from geo.store import tables

T = tables.Incident
C = tables.IncidentCategory

COLUMNS = (
    T.id,
    T.category,
    T.source,
    T.state,
    T.description,
    T.address_text,
    T.reported_at,
    func.ST_X(T.geom).label("x"),
    func.ST_Y(T.geom).label("y"),
    T.place_status,
    T.time_status,
    T.grid1_code,
    T.grid2_code,
    T.grid3_code,
    T.building_code,
    T.release_id,
)


def add_incident(session: Session, values: dict[str, Any]) -> int | None:
    """Store an incident and its first step; None when that client key is stored already.

    Two requests with one key at once: the second waits for the first here, then gets None.
    """
    statement = insert(T).values(**values)
    if values.get("client_key") is not None:
        statement = statement.on_conflict_do_nothing(index_elements=["created_by", "client_key"])
    incident_id = session.scalar(statement.returning(T.id))
    if incident_id is not None:
        step = {
            "number": 1,
            "state": "reported",
            "at": values["reported_at"],
            "account_id": values.get("created_by"),
        }
        session.execute(insert(tables.IncidentStep).values(incident_id=incident_id, **step))
    return incident_id


def find_incident(session: Session, incident_id: int) -> Incident | None:
    """The incident of that id."""
    row = session.execute(select(*COLUMNS).where(T.id == incident_id)).first()
    return None if row is None else _incident(row)


def find_by_client_key(session: Session, account_id: int, key: str) -> Incident | None:
    """The incident an account stored under its own key."""
    row = session.execute(select(*COLUMNS).where(T.created_by == account_id, T.client_key == key)).first()
    return None if row is None else _incident(row)


def list_incidents(
    session: Session,
    asked: IncidentFilter,
    *,
    srid: int,
    limit: int,
    after: tuple[datetime, int] | None = None,
    only_placed: bool = False,
) -> list[Incident]:
    """Incidents that match, newest first, at most ``limit``, those after the key of the page before."""
    query = select(*COLUMNS).where(*conditions(asked, srid))
    if only_placed:
        query = query.where(T.geom.is_not(None))
    if after is not None:
        query = query.where(tuple_(T.reported_at, T.id) < tuple_(*after))
    query = query.order_by(T.reported_at.desc(), T.id.desc()).limit(limit)
    return [_incident(row) for row in session.execute(query)]


def count_incidents(session: Session, asked: IncidentFilter, *, srid: int, only_placed: bool = False) -> int:
    """How many incidents match."""
    query = select(func.count()).select_from(T).where(*conditions(asked, srid))
    if only_placed:
        query = query.where(T.geom.is_not(None))
    return session.scalar(query) or 0


def conditions(asked: IncidentFilter, srid: int) -> list[ColumnElement[bool]]:
    """What the filter says, as conditions on the incident table."""
    found = []
    for column, value in (
        (T.source, asked.source),
        (T.state, asked.state),
        (T.place_status, asked.place_status),
    ):
        if value is not None:
            found.append(column == value)
    if asked.since is not None:
        found.append(T.reported_at >= asked.since)
    if asked.until is not None:
        found.append(T.reported_at < asked.until)
    if asked.category is not None:
        below = select(C.code).where(or_(C.code == asked.category, C.parent_code == asked.category))
        found.append(T.category.in_(below))
    if asked.bbox is not None:
        found.append(and_(T.geom.is_not(None), T.geom.ST_Intersects(func.ST_MakeEnvelope(*asked.bbox, srid))))
    return found + _in_grid(asked)


def _in_grid(asked: IncidentFilter) -> list[ColumnElement[bool]]:
    levels: Sequence[Any] = (T.grid1_code, T.grid2_code, T.grid3_code)
    if asked.level is not None:
        levels = [levels[asked.level - 1]]
    if asked.grid_code is None:
        return [] if asked.level is None else [levels[0].is_not(None)]
    return [or_(*(column == asked.grid_code for column in levels))]


def _incident(row: Any) -> Incident:
    return Incident(
        id=row.id,
        category=row.category,
        source=row.source,
        state=row.state,
        description=row.description,
        address_text=row.address_text,
        reported_at=row.reported_at,
        lon=row.x,
        lat=row.y,
        place_status=row.place_status,
        time_status=row.time_status,
        grid_codes=(row.grid1_code, row.grid2_code, row.grid3_code),
        building_code=row.building_code,
        release_id=row.release_id,
    )
