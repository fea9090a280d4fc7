"""Whole tables out of the database as frames."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session, aliased

from geo.model import IncidentFilter
from geo.store import tables
from geo.store.copy_out import REAL, WHOLE, copy_out
from geo.store.incidents import conditions
from geo.store.shaped import ewkb, shaped

Grid, Building, Incident = tables.Grid, tables.Building, tables.Incident


def grids_frame(session: Session, day: date, crs: str, *, level: int | None = None) -> GeoDataFrame:
    """Grids in force on a day, of one level or all, by level and code, with what is filed below them."""
    filed = _filed_below(day)
    query = (
        select(
            Grid.code,
            Grid.level,
            Grid.kind,
            Grid.name,
            Grid.parent_code,
            (Grid.area_m2 / 1e6).label("area_km2"),
            func.coalesce(filed.c.households, 0).label("households"),
            func.coalesce(filed.c.buildings, 0).label("buildings"),
            ewkb(Grid.geom),
        )
        .outerjoin(filed, filed.c.code == Grid.code)
        .where(Grid.valid.contains(day))
        .order_by(Grid.level, Grid.code)
    )
    if level is not None:
        query = query.where(Grid.level == level)
    types = {"level": WHOLE, "area_km2": REAL, "households": WHOLE, "buildings": WHOLE}
    return shaped(copy_out(session, query, types), crs).set_index("code")


def _filed_below(day: date) -> Any:
    """Households and buildings by code of the grid they are filed under, or of any grid above it."""
    per_grid = (
        select(
            Building.grid_code,
            func.sum(Building.households).label("households"),
            func.count().label("buildings"),
        )
        .where(Building.valid.contains(day), Building.grid_code.is_not(None))
        .group_by(Building.grid_code)
        .subquery()
    )
    chain = (
        select(Grid.code.label("below"), Grid.code, Grid.parent_code)
        .where(Grid.valid.contains(day))
        .cte("chain", recursive=True)
    )
    above = aliased(Grid)
    chain = chain.union_all(
        select(chain.c.below, above.code, above.parent_code).where(
            above.code == chain.c.parent_code, above.valid.contains(day)
        )
    )
    return (
        select(
            chain.c.code,
            func.sum(per_grid.c.households).label("households"),
            func.sum(per_grid.c.buildings).label("buildings"),
        )
        .join(per_grid, per_grid.c.grid_code == chain.c.below)
        .group_by(chain.c.code)
        .subquery()
    )


def _below(day: date, code: str) -> Any:
    """Codes of a grid and of all grids below it."""
    found = select(Grid.code).where(Grid.code == code, Grid.valid.contains(day)).cte("found", recursive=True)
    below = select(Grid.code).where(Grid.parent_code == found.c.code, Grid.valid.contains(day))
    return found.union_all(below).c.code


def codes_below(session: Session, day: date, code: str) -> set[str]:
    """Codes of a grid in force on a day and of all grids below it."""
    return set(session.scalars(select(_below(day, code))))


def buildings_frame(
    session: Session, day: date, crs: str, *, code: str | None = None, grid_code: str | None = None
) -> GeoDataFrame:
    """Buildings standing on a day, by code, with their standard address: all, one, or those of a grid."""
    address = tables.Address
    query = (
        select(
            Building.code,
            Building.kind,
            Building.name,
            address.text.label("address"),
            Building.neighbourhood_code,
            Building.grid_code,
            Building.floors,
            Building.households,
            Building.built_year,
            ewkb(Building.geom),
        )
        .outerjoin(address, (address.building_code == Building.code) & address.is_standard)
        .where(Building.valid.contains(day))
        .order_by(Building.code)
    )
    if code is not None:
        query = query.where(Building.code == code)
    if grid_code is not None:
        query = query.where(Building.grid_code.in_(select(_below(day, grid_code))))
    types = {"floors": WHOLE, "households": WHOLE, "built_year": WHOLE}
    frame = shaped(copy_out(session, query, types), crs).set_index("code")
    return frame.astype({"floors": "Int16", "households": "int64", "built_year": "Int16"})


def neighbourhoods_frame(session: Session, day: date, crs: str) -> GeoDataFrame:
    """Neighbourhoods of a day, by code; the geometry is None where no outline is known."""
    table = tables.Neighbourhood
    query = (
        select(table.code, table.kind, table.name, table.grid_code, ewkb(table.geom))
        .where(table.valid.contains(day))
        .order_by(table.code)
    )
    return shaped(copy_out(session, query, {}), crs).set_index("code")


def incidents_frame(session: Session, asked: IncidentFilter, srid: int, *, with_future: bool) -> GeoDataFrame:
    """Incidents that match, in the order they were reported, without their words."""
    kind = tables.IncidentCategory
    query = (
        select(
            Incident.id,
            Incident.category,
            func.coalesce(kind.parent_code, kind.code).label("service_kind"),
            Incident.source,
            Incident.state,
            _microseconds(Incident.reported_at).label("reported_at"),
            Incident.place_status,
            Incident.time_status,
            Incident.grid1_code,
            Incident.grid2_code,
            Incident.grid3_code,
            Incident.building_code,
            func.ST_X(Incident.geom).label("x"),
            func.ST_Y(Incident.geom).label("y"),
        )
        .join(kind, kind.code == Incident.category)
        .where(*conditions(asked, srid))
        .order_by(Incident.reported_at, Incident.id)
    )
    if not with_future:
        query = query.where(Incident.time_status != "future")
    types = {"id": WHOLE, "reported_at": WHOLE, "x": REAL, "y": REAL}
    frame = copy_out(session, query, types)
    frame["reported_at"] = pd.to_datetime(frame["reported_at"], unit="us", utc=True)
    points = _points(frame.pop("x").to_numpy(), frame.pop("y").to_numpy())
    return GeoDataFrame(frame, geometry=points, crs=f"EPSG:{srid}").set_index("id")


def hot_spots_frame(session: Session, crs: str) -> GeoDataFrame:
    """Planted hot spots, by number."""
    table = tables.PlantedHotSpot
    query = select(
        table.id,
        table.name,
        table.category,
        table.radius_m,
        table.since,
        table.until,
        table.expected_extra,
        ewkb(table.geom),
    ).order_by(table.id)
    types = {"id": WHOLE, "radius_m": REAL, "expected_extra": WHOLE}
    frame = shaped(copy_out(session, query, types), crs).set_index("id")
    return frame.assign(since=pd.to_datetime(frame["since"]), until=pd.to_datetime(frame["until"]))


def incident_codes(session: Session, name: str) -> list[str]:
    """Codes an incident's ``category``, ``source`` or ``state`` may have, in the order of their list."""
    lists = {
        "category": tables.IncidentCategory,
        "source": tables.IncidentSource,
        "state": tables.IncidentState,
    }
    columns = lists[name].__table__.c
    return list(session.scalars(select(columns.code).order_by(columns.sort, columns.code)))


def _microseconds(column: Any) -> Any:
    """Instants travel as microseconds since 1970: nothing to parse."""
    return cast(func.extract("epoch", column) * 1_000_000, BigInteger)


def _points(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    points = np.full(len(x), None, dtype=object)
    placed = np.isfinite(x)
    points[placed] = shapely.points(x[placed], y[placed])
    return points
