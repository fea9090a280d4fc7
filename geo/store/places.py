"""Service sites, teams, party organisations and cameras of a day, as frames without personal data."""

from __future__ import annotations

from datetime import date
from typing import Any

from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from geo.store import tables
from geo.store.copy_out import REAL, WHOLE, copy_out
from geo.store.shaped import ewkb, geometries, shaped


def sites_frame(session: Session, day: date, crs: str) -> GeoDataFrame:
    """Service sites by code."""
    table = tables.ServiceSite
    columns = (table.kind, table.name, table.address, table.phone, table.grid_code, table.building_code)
    return _placed(session, table, columns, day, crs)


def openings_frame(session: Session, day: date) -> DataFrame:
    """Opening hours in force on a day, by site, function, weekday and hour."""
    table = tables.SiteOpening
    query = (
        select(table.site_code, table.function, table.weekday, table.opens_minute, table.closes_minute)
        .where(table.valid.contains(day))
        .order_by(table.site_code, table.function, table.weekday, table.opens_minute)
    )
    return copy_out(session, query, dict.fromkeys(("weekday", "opens_minute", "closes_minute"), WHOLE))


def teams_frame(session: Session, day: date, crs: str) -> GeoDataFrame:
    """Teams by code."""
    table = tables.Team
    columns = (table.kind, table.name, table.phone, table.declared_members, table.grid_code)
    frame = _placed(session, table, columns, day, crs)
    return frame.astype({"declared_members": "Int64"})


def party_orgs_frame(session: Session, day: date, crs: str) -> GeoDataFrame:
    """Party organisations by code; the geometry is None where no place is known."""
    table = tables.PartyOrganisation
    parent = aliased(table)
    parent_name = select(parent.name).where(parent.code == table.parent_code).scalar_subquery()
    columns = (
        table.kind,
        table.name,
        table.parent_code,
        parent_name.label("parent_name"),
        table.declared_members,
        table.grid_code,
    )
    frame = _placed(session, table, columns, day, crs)
    return frame.astype({"declared_members": "Int64"})


def cameras_frame(session: Session, day: date, crs: str, *, with_stream: bool = False) -> GeoDataFrame:
    """Cameras by code; ``view`` is the ground each sees, None where it was not surveyed."""
    table, runner = tables.Camera, tables.Organisation
    runner_name = select(runner.name).where(runner.code == table.organisation_code).scalar_subquery()
    columns = [
        table.kind,
        table.network,
        table.state,
        table.name,
        table.direction_deg,
        table.angle_deg,
        table.range_m,
        table.height_m,
        table.grid_code,
        table.organisation_code,
        runner_name.label("organisation_name"),
        table.retention_days,
        ewkb(table.view, "view"),
    ]
    if with_stream:
        columns += [table.stream_url, table.filing_number, table.filed_on]
    frame = _placed(session, table, columns, day, crs)
    frame["view"] = GeoSeries(geometries(frame, "view"), index=frame.index, crs=crs)
    return frame


_TYPES = {
    "declared_members": WHOLE,
    "retention_days": WHOLE,
    **dict.fromkeys(("direction_deg", "angle_deg", "range_m", "height_m"), REAL),
}


def _placed(session: Session, table: Any, columns: Any, day: date, crs: str) -> GeoDataFrame:
    query: Select[*tuple[Any, ...]] = (
        select(table.code, *columns, ewkb(table.geom)).where(table.valid.contains(day)).order_by(table.code)
    )
    names = {column.name for column in query.selected_columns}
    types = {name: kind for name, kind in _TYPES.items() if name in names}
    return shaped(copy_out(session, query, types), crs).set_index("code")
