"""What coverage is measured from, of one day: buildings, posts and who holds them, cases, the rota."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame, points_from_xy
from pandas import DataFrame
from sqlalchemy import BigInteger, Text, case, cast, func, literal, null, select
from sqlalchemy.orm import Session

from geo.store import tables
from geo.store.copy_out import REAL, WHOLE, copy_out
from geo.store.shaped import ewkb

Building, Incident = tables.Building, tables.Incident


def building_points(session: Session, day: date, crs: str) -> GeoDataFrame:
    """Buildings standing on a day, by code, as the points they are filed by, with footprints of homes."""
    query = (
        select(
            Building.code,
            Building.kind,
            Building.name,
            Building.neighbourhood_code,
            Building.grid_code,
            Building.households,
            Building.residents,
            ewkb(case((Building.households > 0, Building.geom)), "footprint"),
            *_xy(Building.label_point),
        )
        .where(Building.valid.contains(day))
        .order_by(Building.code)
    )
    types = {"households": WHOLE, "residents": REAL, "x": REAL, "y": REAL}
    frame = copy_out(session, query, types).set_index("code")
    return _placed(frame, crs).astype({"grid_code": object})


def incident_points(session: Session, since: datetime, until: datetime, crs: str) -> GeoDataFrame:
    """Cases with a place, reported in [since, until), with the finest grid found at intake."""
    code = func.coalesce(Incident.grid3_code, Incident.grid2_code, Incident.grid1_code)
    query = select(code.label("grid_code"), *_xy(Incident.geom)).where(
        Incident.geom.is_not(None),
        Incident.time_status != "future",
        Incident.reported_at >= since,
        Incident.reported_at < until,
    )
    return _placed(copy_out(session, query, {"x": REAL, "y": REAL}), crs).astype({"grid_code": object})


def posts(session: Session) -> DataFrame:
    """Posts by code, in the order of their list."""
    table = tables.Post
    columns = [
        table.code,
        table.post_group,
        table.unit_kind,
        table.target,
        table.grid_level,
        table.is_personnel,
        table.is_required,
        table.required_kinds,
        table.most_targets,
        table.most_households,
        table.role,
        table.name_zh,
        table.name_en,
    ]
    rows = session.execute(select(*columns).order_by(table.sort, table.code)).all()
    return DataFrame(rows, columns=[column.key for column in columns]).set_index("code")


def assignments(session: Session, day: date) -> DataFrame:
    """Who holds which post for what on a day, of people who are in the roster that day."""
    table, person = tables.Assignment, tables.Person
    query = (
        select(table.person_id, table.post, table.rank, table.target)
        .join(person, person.id == table.person_id)
        .where(table.valid.contains(day), person.valid.contains(day))
        .order_by(table.post, table.target, table.id)
    )
    return copy_out(session, query, {"person_id": WHOLE})


def duties(session: Session, since: datetime, until: datetime) -> DataFrame:
    """Duties that touch [since, until), by id; ``starts`` and ``ends`` in UTC."""
    table = tables.Duty
    query = (
        select(
            table.id,
            table.person_id,
            table.day,
            _microseconds(func.lower(table.during)).label("starts"),
            _microseconds(func.upper(table.during)).label("ends"),
            table.grid_code,
            table.site_code,
            table.organisation_code,
        )
        .where(func.lower(table.during) < until, func.upper(table.during) > since)
        .order_by(table.id)
    )
    whole = dict.fromkeys(("id", "person_id", "starts", "ends"), WHOLE)
    frame = copy_out(session, query, whole).set_index("id")
    instants = {name: pd.to_datetime(frame[name], unit="us", utc=True) for name in ("starts", "ends")}
    return frame.assign(**instants, day=pd.to_datetime(frame["day"]))


def leaves(session: Session, first: date, last: date) -> DataFrame:
    """Days away that touch the days from ``first`` to ``last``."""
    table = tables.Leave
    query = select(
        table.person_id,
        table.deputy_id,
        func.lower(table.valid).label("since"),
        func.upper(table.valid).label("until"),
    ).where(table.valid.overlaps(func.daterange(first, last, "[]")))
    frame = copy_out(session, query, {"person_id": WHOLE, "deputy_id": WHOLE})
    days = {name: pd.to_datetime(frame[name]) for name in ("since", "until")}
    return frame.assign(**days).astype({"deputy_id": "Int64"})


def other_targets(session: Session, kind: str, day: date) -> DataFrame:
    """Units, sites, teams, party organisations or organisations of a day, as posts are held for them.

    A unit has the households behind its doors; the others have none of their own.
    """
    query = _units(day) if kind == "unit" else _resources(_RESOURCES[kind], day)
    frame = copy_out(session, query, {"households": WHOLE, "residents": REAL})
    index = pd.Index([f"{kind} {code}" for code in frame["target_code"]], name="target", dtype=object)
    return frame.assign(target_kind=kind).set_axis(index)


_RESOURCES: dict[str, Any] = {
    "site": tables.ServiceSite,
    "team": tables.Team,
    "party_org": tables.PartyOrganisation,
    "organisation": tables.Organisation,
}


def _resources(table: Any, day: date) -> Any:
    return (
        select(
            table.code.label("target_code"),
            table.kind,
            table.name,
            table.grid_code,
            literal(0).label("households"),
            cast(null(), BigInteger).label("residents"),
        )
        .where(table.valid.contains(day))
        .order_by(table.code)
    )


def _units(day: date) -> Any:
    unit, household = tables.Unit, tables.Household
    counted = (
        select(household.unit_code, func.count().label("households")).group_by(household.unit_code).subquery()
    )
    return (
        select(
            unit.code.label("target_code"),
            cast(null(), Text).label("kind"),
            unit.name,
            Building.grid_code,
            func.coalesce(counted.c.households, 0).label("households"),
            cast(null(), BigInteger).label("residents"),
        )
        .join(Building, Building.code == unit.building_code)
        .outerjoin(counted, counted.c.unit_code == unit.code)
        .where(Building.valid.contains(day))
        .order_by(unit.code)
    )


def _xy(column: Any) -> tuple[Any, Any]:
    return func.ST_X(column).label("x"), func.ST_Y(column).label("y")


def _placed(frame: DataFrame, crs: str) -> GeoDataFrame:
    x, y = frame.pop("x"), frame.pop("y")
    return GeoDataFrame(frame, geometry=points_from_xy(x, y), crs=crs)


def _microseconds(column: Any) -> Any:
    """Instants travel as microseconds since 1970: nothing to parse."""
    return cast(func.extract("epoch", column) * 1_000_000, BigInteger)
