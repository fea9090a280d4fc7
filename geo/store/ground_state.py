"""What places are located in: its state, the days it stays the same, names beside the polygons."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, literal, select, text, union
from sqlalchemy.orm import Session

from geo.model import GridRef, NamedRef, ReleaseRef
from geo.store import tables

Grid, Building, Neighbourhood = tables.Grid, tables.Building, tables.Neighbourhood

_STATE = text("SELECT coalesce(bit_xor(mark), 0) FROM ground_change")


def read_state(session: Session) -> int:
    """A number that names the ground as this transaction sees it; it changes with every change of it."""
    return int(session.execute(_STATE).scalar_one())


def read_unchanged_days(session: Session, day: date) -> tuple[date, date]:
    """The days around a day on which the same things are in force, [from, until)."""
    dates = union(
        *(
            select(end(table.valid).label("day"))
            for table in (Grid, Building, Neighbourhood)
            for end in (func.lower, func.upper)
        ),
        select(tables.Release.in_force_from.label("day")),
    ).subquery()
    since, until = session.execute(
        select(
            func.max(dates.c.day).filter(dates.c.day <= day),
            func.min(dates.c.day).filter(dates.c.day > day),
        ).where(func.isfinite(dates.c.day))
    ).one()
    return since or date.min, until or date.max


def read_grid_names(session: Session, day: date) -> dict[str, GridRef]:
    """Grids in force on a day, by code."""
    query = select(Grid.level, Grid.code, Grid.name).where(Grid.valid.contains(day))
    return {row.code: GridRef(*row) for row in session.execute(query)}


def read_building_names(session: Session, day: date) -> dict[str, NamedRef]:
    """Buildings standing on a day, by code, with their standard address."""
    address = tables.Address
    query = (
        select(Building.code, Building.kind, Building.name, address.text)
        .outerjoin(address, (address.building_code == Building.code) & address.is_standard)
        .where(Building.valid.contains(day))
    )
    return {row.code: NamedRef(*row) for row in session.execute(query)}


def read_neighbourhood_names(session: Session, day: date) -> dict[str, NamedRef]:
    """Neighbourhoods of a day, by code."""
    table = Neighbourhood
    query = select(table.code, table.kind, table.name, literal(None)).where(table.valid.contains(day))
    return {row.code: NamedRef(*row) for row in session.execute(query)}


def find_release(session: Session, day: date) -> ReleaseRef | None:
    """The release of the partition in force on a day."""
    table = tables.Release
    query = (
        select(table.id, table.title, table.in_force_from)
        .where(table.in_force_from <= day)
        .order_by(table.in_force_from.desc(), table.id.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    return None if row is None else ReleaseRef(*row)
