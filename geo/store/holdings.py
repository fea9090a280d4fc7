"""What a building or a neighbourhood holds: counts of a day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from geo.store import tables

Building, Incident = tables.Building, tables.Incident


def count_buildings(session: Session, place: str, code: str, day: date) -> tuple[int, int, int | None]:
    """Buildings of a place on a day, their households, and residents where any are known."""
    row = session.execute(
        select(
            func.count(), func.coalesce(func.sum(Building.households), 0), func.sum(Building.residents)
        ).where(_held(place, code), Building.valid.contains(day))
    ).one()
    return row[0], row[1], row[2]


def count_cases(session: Session, place: str, code: str, since: datetime, until: datetime) -> int:
    """Incidents whose chain at intake holds a building of the place, reported in [since, until)."""
    buildings = select(Building.code).where(_held(place, code))
    query = select(func.count()).where(
        Incident.building_code.in_(buildings),
        Incident.reported_at >= since,
        Incident.reported_at < until,
        Incident.time_status != "future",
    )
    return session.scalar(query) or 0


def _held(place: str, code: str) -> ColumnElement[bool]:
    return Building.code == code if place == "building" else Building.neighbourhood_code == code
