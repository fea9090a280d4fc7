"""Loading registers of incidents by COPY."""

from __future__ import annotations

from collections.abc import Sequence

from geopandas import GeoDataFrame
from psycopg2.errors import UniqueViolation
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from geo.errors import Conflict
from geo.store import tables
from geo.store.copy import checked_beforehand, copy_frame

T = tables.Incident


def has_register(session: Session, register: str) -> bool:
    """Whether incidents of this register are stored already."""
    return session.scalar(select(T.id).where(T.import_source == register).limit(1)) is not None


def known_ids(session: Session, register: str, ids: Sequence[str]) -> set[str]:
    """Which of these ids of a register are stored already."""
    query = text(
        "SELECT external_id FROM incident WHERE import_source = :register AND external_id = ANY(:ids)"
    )
    return set(session.scalars(query, {"register": register, "ids": list(ids)}))


def last_id(session: Session) -> int:
    """Highest incident id given out so far."""
    return session.scalar(select(func.max(T.id))) or 0


def add_incidents(session: Session, incidents: GeoDataFrame, *, srid: int) -> int:
    """Write incidents whose codes the caller has checked against the lists; columns of table ``incident``.

    Raises
    ------
    Conflict
        An external id of that register was stored by somebody else meanwhile.
    """
    connection = session.connection()
    try:
        with checked_beforehand(connection):
            return copy_frame(connection, tables.metadata.tables["incident"], incidents, srid=srid)
    except UniqueViolation as error:
        raise Conflict(f"an incident of this register is stored already: {error}") from error


def add_first_steps(session: Session, run_id: int, after_id: int) -> int:
    """Give every incident of a run the first step of its life: the state it came with."""
    statement = text("""
        INSERT INTO incident_step (incident_id, number, state, at)
        SELECT id, 1, state, reported_at FROM incident WHERE id > :after AND import_id = :run
    """)
    with checked_beforehand(session.connection()):
        found = session.execute(statement, {"after": after_id, "run": run_id})
    return int(found.rowcount)  # type: ignore[attr-defined]
