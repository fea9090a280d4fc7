"""Writing what only the demo zone brings: units, households, people, lives of incidents, planted facts."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame
from sqlalchemy import insert, select, text, update
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


def add_renewal(session: Session, on: date, made_at: datetime, applied_at: datetime) -> int:
    """Write the reviewed change that a term was renewed by; give its id."""
    table = tables.RosterChange
    values = {
        "kind": "renewal",
        "title": f"{on.year}年换届",
        "effective_on": on,
        "state": "applied",
        "made_as": "演示管理员",
        "made_at": made_at,
        "decided_as": "演示中心主任",
        "applied_at": applied_at,
    }
    return int(session.scalar(insert(table).values(values).returning(table.id)) or 0)


def list_renewal(session: Session, change: int) -> int:
    """Write line by line what ended and what began with a change; give the number of lines."""
    statement = text("""
        INSERT INTO roster_change_item
            (change_id, number, action, assignment_id, person_id, post, rank, target_kind, target_code)
        SELECT :change, row_number() OVER (ORDER BY action DESC, id), action,
               CASE action WHEN 'end' THEN id END, person_id, post, rank,
               split_part(target, ' ', 1), split_part(target, ' ', 2)
        FROM (
            SELECT 'end' AS action, * FROM assignment WHERE end_change_id = :change
            UNION ALL SELECT 'begin', * FROM assignment WHERE change_id = :change
        ) AS line
    """)
    return int(session.execute(statement, {"change": change}).rowcount)  # type: ignore[attr-defined]


def link_account(session: Session, person_id: int, account_id: int) -> None:
    """Let a person of the roster sign in with an account."""
    table = tables.Person
    session.execute(update(table).where(table.id == person_id).values(account_id=account_id))


def analyze(session: Session) -> None:
    """Let the query planner know what has been written."""
    session.execute(text("ANALYZE"))
