"""Who holds posts for a place and for what it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import Session, aliased

from geo.store import tables

Assignment, Person, Post, Leave = tables.Assignment, tables.Person, tables.Post, tables.Leave
Building, Grid, Organisation = tables.Building, tables.Grid, tables.Organisation


@dataclass(frozen=True, slots=True)
class FiledPlace:
    """A building or neighbourhood with what it is filed under."""

    code: str
    kind: str
    name: str
    grid_code: str | None
    neighbourhood_code: str | None = None


@dataclass(frozen=True, slots=True)
class GridOfChain:
    """A grid of a chain with its kind."""

    level: int
    code: str
    kind: str | None
    name: str


def find_building(session: Session, code: str, day: date) -> FiledPlace | None:
    """A building that stands on a day."""
    row = session.execute(
        select(Building.kind, Building.name, Building.grid_code, Building.neighbourhood_code).where(
            Building.code == code, Building.valid.contains(day)
        )
    ).one_or_none()
    return None if row is None else FiledPlace(code, row[0], row[1] or code, row[2], row[3])


def find_neighbourhood(session: Session, code: str, day: date) -> FiledPlace | None:
    """A quarter or villager group that exists on a day."""
    table = tables.Neighbourhood
    row = session.execute(
        select(table.kind, table.name, table.grid_code).where(table.code == code, table.valid.contains(day))
    ).one_or_none()
    return None if row is None else FiledPlace(code, row[0], row[1], row[2])


#: Located resources by the kind of target their posts are held for; a camera is its organisation's.
RESOURCES = {
    "site": tables.ServiceSite,
    "team": tables.Team,
    "party_org": tables.PartyOrganisation,
    "camera": tables.Camera,
}


def find_resource(session: Session, kind: str, code: str, day: date) -> str | None:
    """Name of a site, team, party organisation or camera of a day."""
    table: Any = RESOURCES[kind]
    found: str | None = session.scalar(
        select(table.name).where(table.code == code, table.valid.contains(day))
    )
    return found


def organisation_of_camera(session: Session, code: str, day: date) -> tuple[str, str] | None:
    """Code and name of the organisation that runs a camera, if it is known."""
    row = session.execute(
        select(Organisation.code, Organisation.name)
        .join(tables.Camera, tables.Camera.organisation_code == Organisation.code)
        .where(
            tables.Camera.code == code, tables.Camera.valid.contains(day), Organisation.valid.contains(day)
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def chain_above(session: Session, code: str, day: date) -> list[GridOfChain]:
    """A grid in force on a day and those above it, fine to coarse; empty when it is not in force."""
    found = (
        select(Grid.level, Grid.code, Grid.kind, Grid.name, Grid.parent_code)
        .where(Grid.code == code, Grid.valid.contains(day))
        .cte("found", recursive=True)
    )
    above = select(Grid.level, Grid.code, Grid.kind, Grid.name, Grid.parent_code).where(
        Grid.code == found.c.parent_code, Grid.valid.contains(day)
    )
    chain = found.union_all(above)
    columns = (chain.c.level, chain.c.code, chain.c.kind, chain.c.name)
    rows = session.execute(select(*columns).order_by(chain.c.level.desc()))
    return [GridOfChain(*row) for row in rows]


def units_of(session: Session, building_code: str) -> list[tuple[str, str]]:
    """Code and name of a building's units."""
    table = tables.Unit
    rows = session.execute(
        select(table.code, table.name).where(table.building_code == building_code).order_by(table.code)
    )
    return [(code, name) for code, name in rows]


def organisations_serving(session: Session, neighbourhood_code: str, day: date) -> list[tuple[str, str]]:
    """Code and name of the councils and companies that serve a neighbourhood on a day."""
    link = tables.NeighbourhoodOrganisation
    rows = session.execute(
        select(Organisation.code, Organisation.name)
        .join(link, link.organisation_code == Organisation.code)
        .where(
            link.neighbourhood_code == neighbourhood_code,
            link.valid.contains(day),
            Organisation.valid.contains(day),
        )
        .order_by(Organisation.kind, Organisation.code)
    )
    return [(code, name) for code, name in rows]


def bureaus_of(session: Session, grid_codes: Sequence[str], day: date) -> list[tuple[str, str]]:
    """Code and name of the social-work bureaus that work for one of some grids."""
    rows = session.execute(
        select(Organisation.code, Organisation.name)
        .where(
            Organisation.kind == "bureau",
            Organisation.grid_code.in_(grid_codes),
            Organisation.valid.contains(day),
        )
        .order_by(Organisation.code)
    )
    return [(code, name) for code, name in rows]


def holders(
    session: Session, targets: Sequence[str], day: date, moment: datetime
) -> list[Row[*tuple[Any, ...]]]:
    """Who holds posts on a day for targets such as ``grid 360371001001001``, primary holders first.

    Columns ``target``, ``post``, ``post_zh``, ``post_en``, ``post_group``, ``rank``, ``since``,
    ``person_id``, ``name``, ``phone``, ``away``, ``stand_in``, ``stand_in_phone``, ``on_duty``.
    """
    deputy, duty = aliased(Person), tables.Duty
    away = and_(Leave.person_id == Person.id, Leave.valid.contains(day))
    on_duty = select(duty.id).where(duty.person_id == Person.id, duty.during.contains(moment)).exists()
    query = (
        select(
            Assignment.target,
            Assignment.post,
            Post.name_zh.label("post_zh"),
            Post.name_en.label("post_en"),
            Post.post_group,
            Assignment.rank,
            func.lower(Assignment.valid).label("since"),
            Person.id.label("person_id"),
            Person.name,
            Person.phone,
            Leave.id.is_not(None).label("away"),
            deputy.name.label("stand_in"),
            deputy.phone.label("stand_in_phone"),
            and_(on_duty, Leave.id.is_(None)).label("on_duty"),
        )
        .join(Person, and_(Person.id == Assignment.person_id, Person.valid.contains(day)))
        .join(Post, Post.code == Assignment.post)
        .outerjoin(Leave, away)
        .outerjoin(deputy, deputy.id == Leave.deputy_id)
        .where(Assignment.target.in_(targets), Assignment.valid.contains(day))
        .order_by(Post.sort, Assignment.rank.desc(), Person.name, Person.id)
    )
    return list(session.execute(query).all())
