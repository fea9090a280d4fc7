"""What is stored of people, posts and places, as plain rows for imports and exports of the roster."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from geo.store import tables
from geo.store.zones import EDITABLE_LISTS

Row = dict[str, Any]
#: Tables of things that an import brings, by kind.
CODED: Mapping[str, Any] = {
    "person": tables.Person,
    "organisation": tables.Organisation,
    "party_org": tables.PartyOrganisation,
    "site": tables.ServiceSite,
    "team": tables.Team,
    "camera": tables.Camera,
}


def _columns(table: Any) -> list[Any]:
    """Columns of a table, with ranges of days and points taken apart."""
    columns: list[Any] = []
    for column in table.__table__.columns:
        if column.name == "valid":
            columns += [func.lower(column).label("since"), func.upper(column).label("until")]
        elif column.name == "geom":
            columns += [func.ST_X(column).label("x"), func.ST_Y(column).label("y")]
        elif column.name == "view":
            columns.append(column.is_not(None).label("has_view"))
        else:
            columns.append(column)
    return columns


def _rows(session: Session, query: Select[Any] | CompoundSelect[Any]) -> list[Row]:
    return [dict(row) for row in session.execute(query).mappings()]


def things_by_code(session: Session, kind: str, codes: Collection[str]) -> dict[str, Row]:
    """Stored things of a kind that an import brings, by code."""
    table = CODED[kind]
    found = _rows(session, select(*_columns(table)).where(table.code.in_(codes)))
    return {row["code"]: row for row in found}


def all_things(session: Session, kind: str, day: date) -> list[Row]:
    """Things of a kind that there are on a day, by code."""
    table = CODED[kind]
    return _rows(session, select(*_columns(table)).where(table.valid.contains(day)).order_by(table.code))


def parents_by_code(session: Session, kind: str) -> dict[str, str]:
    """Parent by code of all organisations or party organisations that have one."""
    table = CODED[kind]
    rows = session.execute(select(table.code, table.parent_code).where(table.parent_code.is_not(None)))
    return {row.code: row.parent_code for row in rows}


def people_by_id(session: Session, ids: Collection[int]) -> list[Row]:
    """People by their ids, whether in the roster or not, by code."""
    table = tables.Person
    return _rows(session, select(*_columns(table)).where(table.id.in_(ids)).order_by(table.code))


def ground_by_code(session: Session, kind: str, codes: Collection[str]) -> dict[str, Row]:
    """Neighbourhoods, buildings, units or households by code: their grid and place, as far as known."""
    building = tables.Building
    place = [
        building.grid_code,
        building.code.label("building_code"),
        func.ST_X(building.label_point).label("x"),
        func.ST_Y(building.label_point).label("y"),
    ]
    queries: dict[str, Select[Any]] = {
        "neighbourhood": select(*_columns(tables.Neighbourhood)),
        "building": select(building.code, *place),
        "unit": select(tables.Unit.code, *place).join(building, building.code == tables.Unit.building_code),
        "household": select(tables.Household.code, *place)
        .join(tables.Unit, tables.Unit.code == tables.Household.unit_code)
        .join(building, building.code == tables.Unit.building_code),
    }
    query = queries[kind]
    code = query.selected_columns[0]
    return {row["code"]: row for row in _rows(session, query.where(code.in_(codes)))}


def grids_by_code(session: Session) -> dict[str, Row]:
    """Every grid ever issued: its level, and parent and kind of its newest version."""
    grid, issued = tables.Grid, tables.GridCode
    newest = (
        select(grid.code, grid.parent_code, grid.kind)
        .ext(distinct_on(grid.code))
        .order_by(grid.code, func.lower(grid.valid).desc())
        .subquery()
    )
    query = select(issued.code, issued.level, newest.c.parent_code, newest.c.kind).outerjoin(
        newest, newest.c.code == issued.code
    )
    return {row["code"]: row for row in _rows(session, query)}


def posts_by_code(session: Session) -> dict[str, Row]:
    """Posts by code."""
    return {row["code"]: row for row in _rows(session, select(tables.Post.__table__))}


def shifts_by_code(session: Session) -> dict[str, Row]:
    """Shifts by code."""
    return {row["code"]: row for row in _rows(session, select(tables.DutyShift.__table__))}


def list_entries(session: Session, *names: str) -> dict[str, list[Row]]:
    """Entries of lists in their order, with those no longer offered, by list; in one query."""
    query = union_all(*(_entries(name) for name in names))
    found: dict[str, list[Row]] = {name: [] for name in names}
    for row in _rows(session, query.order_by("list", "sort", "code")):
        found[row["list"]].append(row)
    return found


def _entries(name: str) -> Select[Any]:
    table: Any = EDITABLE_LISTS[name]
    return select(
        literal(name).label("list"), table.sort, table.code, table.name_zh, table.name_en, table.active
    )


def assignments_where(session: Session, *conditions: ColumnElement[bool]) -> list[Row]:
    """Assignments with the person's code and name and the target taken apart, by person, post and day."""
    table, person = tables.Assignment, tables.Person
    query = (
        select(
            table.id,
            table.person_id,
            person.code.label("person"),
            person.name,
            table.post,
            table.rank,
            func.split_part(table.target, " ", 1).label("target_kind"),
            func.substr(table.target, func.strpos(table.target, " ") + 1).label("target"),
            func.lower(table.valid).label("since"),
            func.upper(table.valid).label("until"),
        )
        .join(person, person.id == table.person_id)
        .where(*conditions)
        .order_by(person.code, table.post, table.target, func.lower(table.valid))
    )
    return _rows(session, query)


def assignments_of_posts(session: Session, posts: Collection[str]) -> list[Row]:
    """All assignments of some posts."""
    return assignments_where(session, tables.Assignment.post.in_(posts))


def assignments_on(session: Session, day: date, person: str | None = None) -> list[Row]:
    """Assignments in force on a day, of one person or all."""
    conditions = [tables.Assignment.valid.contains(day)]
    if person is not None:
        conditions.append(tables.Person.code == person)
    return assignments_where(session, *conditions)


def duties(session: Session, people: Collection[str] | None = None, since: date | None = None) -> list[Row]:
    """Duties with the person's code, by day; of some people, from a day on, or all."""
    table, person = tables.Duty, tables.Person
    query = select(
        table.id,
        person.code.label("person"),
        table.day,
        table.shift,
        func.lower(table.during).label("begins"),
        func.upper(table.during).label("ends"),
        table.grid_code,
        table.site_code,
        table.organisation_code,
    ).join(person, person.id == table.person_id)
    if people is not None:
        query = query.where(person.code.in_(people))
    if since is not None:
        query = query.where(table.day >= since)
    return _rows(session, query.order_by(table.day, table.shift, person.code, table.id))


def leaves(session: Session, people: Collection[str] | None = None) -> list[Row]:
    """Leaves with the codes of who is away and who stands in, by first day."""
    table, person, deputy = tables.Leave, tables.Person, aliased(tables.Person)
    query = (
        select(
            table.id,
            person.code.label("person"),
            deputy.code.label("deputy"),
            table.kind,
            func.lower(table.valid).label("since"),
            func.upper(table.valid).label("until"),
        )
        .join(person, person.id == table.person_id)
        .outerjoin(deputy, deputy.id == table.deputy_id)
    )
    if people is not None:
        query = query.where(person.code.in_(people))
    return _rows(session, query.order_by(func.lower(table.valid), person.code))


def services(
    session: Session, people: Collection[str] | None = None, *, open_only: bool = False
) -> list[Row]:
    """Entries of the service record with the person's code, by time; open ones are yet to be resolved."""
    table, person, kind = tables.ServiceRecord, tables.Person, tables.ServiceKind
    query = (
        select(*_columns(table), person.code.label("person"))
        .join(person, person.id == table.person_id)
        .join(kind, kind.code == table.kind)
    )
    if people is not None:
        query = query.where(person.code.in_(people))
    if open_only:
        query = query.where(kind.is_resolvable, table.resolved_at.is_(None))
    return _rows(session, query.order_by(table.at, table.id))


def services_named(session: Session, source: str, names: Collection[str], ids: Collection[int]) -> list[Row]:
    """Entries by their id in a register, or by their own."""
    table, person = tables.ServiceRecord, tables.Person
    named = and_(table.import_source == source, table.external_id.in_(names))
    query = (
        select(*_columns(table), person.code.label("person"))
        .join(person, person.id == table.person_id)
        .where(or_(named, table.id.in_(ids)))
    )
    return _rows(session, query)


def openings(session: Session, day: date, sites: Collection[str] | None = None) -> list[Row]:
    """Hours that hold on a day or later, by site, function, weekday and minute."""
    table = tables.SiteOpening
    later = func.coalesce(func.upper(table.valid) > day, True)
    query = select(*_columns(table)).where(later)
    if sites is not None:
        query = query.where(table.site_code.in_(sites))
    return _rows(
        session, query.order_by(table.site_code, table.function, table.weekday, table.opens_minute, table.id)
    )


def neighbourhood_organisations(session: Session, neighbourhoods: Collection[str] | None = None) -> list[Row]:
    """Which organisations serve which neighbourhoods, and when."""
    table = tables.NeighbourhoodOrganisation
    query = select(*_columns(table))
    if neighbourhoods is not None:
        query = query.where(table.neighbourhood_code.in_(neighbourhoods))
    return _rows(session, query.order_by(table.neighbourhood_code, table.organisation_code, table.id))


def memberships(
    session: Session, *, since: date | None = None, people: Collection[str] | None = None
) -> list[Row]:
    """Memberships of party organisations, or those that hold on a day or later, with the person's code."""
    table, person = tables.PartyMembership, tables.Person
    query = select(*_columns(table), person.code.label("person")).join(person, person.id == table.person_id)
    if since is not None:
        query = query.where(func.coalesce(func.upper(table.valid) > since, True))
    if people is not None:
        query = query.where(person.code.in_(people))
    return _rows(session, query.order_by(person.code, func.lower(table.valid)))


def figures(session: Session, grids: Collection[str] | None = None) -> list[Row]:
    """Figures of grids by year."""
    table = tables.UnitFigure
    query = select(*_columns(table))
    if grids is not None:
        query = query.where(table.grid_code.in_(grids))
    return _rows(session, query.order_by(table.grid_code, table.fact, table.year))
