"""Reviewed changes of the roster: drafts, their items, and ending and beginning assignments by them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from geo.store import tables
from geo.store.roster import Row, assignments_where

C, Item, A = tables.RosterChange, tables.RosterChangeItem, tables.Assignment


def changes(session: Session, state: str | None = None) -> list[Row]:
    """Changes, the newest first, with how many of their items end and begin."""
    ends = func.count().filter(Item.action == "end").label("ends")
    begins = func.count().filter(Item.action == "begin").label("begins")
    query = select(*C.__table__.columns, ends, begins).outerjoin(Item, Item.change_id == C.id).group_by(C.id)
    if state is not None:
        query = query.where(C.state == state)
    return [dict(row) for row in session.execute(query.order_by(C.id.desc())).mappings()]


def find_change(session: Session, change_id: int, *, for_update: bool = False) -> Row | None:
    """A change by its id, locked against being decided twice when asked to."""
    query = select(*C.__table__.columns).where(C.id == change_id)
    row = session.execute(query.with_for_update() if for_update else query).mappings().first()
    return None if row is None else dict(row)


def items(session: Session, change_id: int) -> list[Row]:
    """Items of a change in their order, with the person's code and name."""
    person = tables.Person
    query = (
        select(*Item.__table__.columns, person.code.label("person"), person.name)
        .join(person, person.id == Item.person_id)
        .where(Item.change_id == change_id)
        .order_by(Item.number)
    )
    return [dict(row) for row in session.execute(query).mappings()]


def end_assignments(session: Session, ids: Collection[int], day: date, change_id: int) -> None:
    """Let assignments end the day before ``day``."""
    ending = func.daterange(func.lower(A.valid), day)
    session.execute(update(A).where(A.id.in_(ids)).values(valid=ending, end_change_id=change_id))


def pass_duties(session: Session, ids: Collection[int], taker_id: int) -> None:
    """Put somebody else on duty."""
    session.execute(update(tables.Duty).where(tables.Duty.id.in_(ids)).values(person_id=taker_id))


def assignments_by_id(session: Session, ids: Collection[int]) -> dict[int, Row]:
    """Assignments by their ids."""
    return {row["id"]: row for row in assignments_where(session, A.id.in_(ids))}


def assignments_from(session: Session, posts: Collection[str], day: date) -> list[Row]:
    """Assignments of some posts that are in force on a day or begin later."""
    later = func.coalesce(func.upper(A.valid) > day, True)
    return assignments_where(session, A.post.in_(posts), later)


def assignments_of(session: Session, person: str, day: date) -> list[Row]:
    """Assignments of a person that are in force on a day or begin later."""
    later = func.coalesce(func.upper(A.valid) > day, True)
    return assignments_where(session, tables.Person.code == person, later)


def changes_applied_since(session: Session, change: Mapping[str, Any]) -> list[Row]:
    """Other changes applied after one was drafted that began or ended an assignment."""
    touched = select(A.id).where(or_(A.change_id == C.id, A.end_change_id == C.id)).exists()
    query = select(C.id, C.title, C.applied_at).where(
        and_(C.id != change["id"], C.applied_at > change["made_at"], touched)
    )
    return [dict(row) for row in session.execute(query.order_by(C.id)).mappings()]
