"""Builders of rows with defaults: a test says only what it is about.

All take a session that may write everything (``owner_session``, or one of a ``new_database`` as its owner)
and flush what they add. ``acting_as`` then looks at it with the rights of another role.

    add_partition(owner_session)    # 1 first-, 2 second-, 4 third-level grids, cells of 0.01 degrees
    add_incident(owner_session, lon=113.805, lat=27.605)
    with acting_as(owner_session, "wangge_planner"):
        geo.grids_frame(owner_session)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from geo.model import LevelLabel, Zone
from geo.store import tables
from geo.store.zones import save_zone

PREFIX = "360371"
WEST, SOUTH, CELL = 113.8, 27.6, 0.01
FOREVER = date(2020, 1, 1)
REPORTED_AT = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)

ZONE = Zone(
    name="测试区",
    name_en="Test Zone",
    code_prefix=PREFIX,
    storage_srid=4490,
    metric_srid=4547,
    time_zone="Asia/Shanghai",
    levels=(LevelLabel("片区", "area"), LevelLabel("村社", "village"), LevelLabel("网格", "grid")),
)

#: Service kinds and one second-level category under each, by code: (parent, Chinese, English).
CATEGORIES = {
    "governance": (None, "综治服务", "comprehensive governance"),
    "livelihood": (None, "民生服务", "livelihood"),
    "public": (None, "公共服务", "public service"),
    "dispute": ("governance", "邻里纠纷", "neighbours' dispute"),
    "hardship": ("livelihood", "困难帮扶", "hardship"),
    "street_light": ("public", "路灯损坏", "street light"),
}
LISTS: dict[str, tuple[type[tables.Base], str]] = {
    "grid_kinds": (tables.GridKind, "village community residential rural industrial mixed"),
    "neighbourhood_kinds": (tables.NeighbourhoodKind, "quarter villager_group"),
    "building_kinds": (tables.BuildingKind, "residential house factory school other"),
    "incident_sources": (tables.IncidentSource, "hotline patrol camera walk_in app import"),
}


def square(column: float = 0, row: float = 0, size: float = 1) -> BaseGeometry:
    """Square counted in cells of 0.01 degrees east and north of the test zone's corner."""
    sides = (column, row, column + size, row + size)
    corner = (WEST, SOUTH, WEST, SOUTH)
    # Rounded, so that neighbours share their corners to the last bit.
    return shapely.box(*(round(start + side * CELL, 9) for start, side in zip(corner, sides, strict=True)))


def middle(column: float = 0, row: float = 0) -> tuple[float, float]:
    """Longitude and latitude of the middle of a cell."""
    return WEST + (column + 0.5) * CELL, SOUTH + (row + 0.5) * CELL


def add_zone(session: Session, **changes: Any) -> Zone:
    """Write the zone and its code lists; ``changes`` are fields of ``geo.model.Zone``."""
    zone = replace(ZONE, **changes)
    save_zone(session, zone)
    for table, codes in LISTS.values():
        rows = [{"code": code, "name_zh": code, "name_en": code} for code in codes.split()]
        session.execute(upsert(table).on_conflict_do_nothing(), rows)
    for code, (parent, zh, en) in CATEGORIES.items():
        row = {"code": code, "name_zh": zh, "name_en": en, "parent_code": parent}
        session.execute(upsert(tables.IncidentCategory).values(row).on_conflict_do_nothing())
    return zone


def add_release(session: Session, in_force_from: date = FOREVER, title: str = "首次发布") -> int:
    """Publish an empty release and give its id."""
    release = tables.Release(in_force_from=in_force_from, title=title)
    session.add(release)
    session.flush()
    return release.id


def add_grid(
    session: Session,
    code: str = f"{PREFIX}001001001",
    geometry: BaseGeometry | None = None,
    *,
    level: int | None = None,
    name: str | None = None,
    kind: str | None = "residential",
    parent_code: str | None = None,
    since: date = FOREVER,
    until: date | None = None,
    release_id: int | None = None,
) -> str:
    """Write one version of a grid; level and parent follow from the code's length, the parent must exist.

    The geometry is one cell unless given, in longitude and latitude.
    """
    level = level or (len(code) - len(PREFIX)) // 3
    if parent_code is None and level > 1:
        parent_code = code[:-3]
    session.execute(
        upsert(tables.GridCode).values(code=code, level=level).on_conflict_do_nothing(index_elements=["code"])
    )
    if release_id is None:
        release_id = session.scalar(select(func.max(tables.Release.id))) or add_release(session)
    zone = _zone(session)
    geom = _wkt(geometry or square(), zone.storage_srid, multi=True)
    session.execute(
        insert(tables.Grid).values(
            code=code,
            level=level,
            kind=kind,
            name=name or f"网格{code[-3:]}",
            parent_code=parent_code,
            geom=geom,
            label_point=func.ST_PointOnSurface(geom),
            area_m2=func.ST_Area(func.ST_Transform(geom, zone.metric_srid)),
            valid=Range(since, until),
            release_id=release_id,
        )
    )
    return code


@dataclass(frozen=True)
class Partition:
    """Codes of a toy partition, by level; third-level grids in rows from the south-west."""

    zone: Zone
    first: tuple[str, ...]
    second: tuple[str, ...]
    third: tuple[str, ...]


def add_partition(session: Session, **zone_changes: Any) -> Partition:
    """Write a zone of 2 × 2 cells: one first-level grid, two second-level rows, four third-level cells."""
    zone = add_zone(session, **zone_changes)
    add_release(session)
    first = add_grid(session, f"{PREFIX}001", square(0, 0, 2), name="第一片区", kind=None)
    second = tuple(
        add_grid(
            session,
            f"{first}00{row + 1}",
            shapely.union(square(0, row), square(1, row)),
            kind=kind,
            name=name,
        )
        for row, (kind, name) in enumerate((("community", "南社区"), ("village", "北村")))
    )
    third = tuple(
        add_grid(
            session, f"{second[row]}00{column + 1}", square(column, row), name=f"{row + 1}-{column + 1}网格"
        )
        for row in (0, 1)
        for column in (0, 1)
    )
    return Partition(zone, (first,), second, third)


def add_neighbourhood(
    session: Session,
    code: str = "QUARTER1",
    *,
    grid_code: str | None = None,
    name: str = "测试小区",
    kind: str = "quarter",
    geometry: BaseGeometry | None = None,
) -> str:
    """Write a neighbourhood."""
    session.execute(
        insert(tables.Neighbourhood).values(
            code=code,
            kind=kind,
            name=name,
            grid_code=grid_code,
            geom=None if geometry is None else _wkt(geometry, _zone(session).storage_srid, multi=True),
            valid=Range(FOREVER, None),
        )
    )
    return code


def add_building(
    session: Session,
    code: str = f"{PREFIX}00100100001",
    *,
    lon: float | None = None,
    lat: float | None = None,
    geometry: BaseGeometry | None = None,
    grid_code: str | None = None,
    neighbourhood_code: str | None = None,
    kind: str = "residential",
    name: str | None = "1栋",
    households: int = 10,
    address: str | None = None,
    since: date = FOREVER,
    until: date | None = None,
) -> str:
    """Write a building of about 20 metres at a place, the middle of the first cell unless given."""
    if geometry is None:
        east, north = (lon, lat) if lon is not None and lat is not None else middle()
        geometry = shapely.box(east - 1e-4, north - 1e-4, east + 1e-4, north + 1e-4)
    geom = _wkt(geometry, _zone(session).storage_srid, multi=True)
    session.execute(
        insert(tables.Building).values(
            code=code,
            kind=kind,
            name=name,
            neighbourhood_code=neighbourhood_code,
            grid_code=grid_code,
            floors=6,
            households=households,
            geom=geom,
            label_point=func.ST_PointOnSurface(geom),
            valid=Range(since, until),
        )
    )
    if address:
        session.execute(insert(tables.Address).values(building_code=code, text=address))
    return code


def add_incident(
    session: Session,
    *,
    lon: float | None = None,
    lat: float | None = None,
    reported_at: datetime = REPORTED_AT,
    category: str = "dispute",
    source: str = "hotline",
    state: str = "reported",
    description: str = "",
    time_status: str = "plausible",
    **columns: Any,
) -> int:
    """Write an incident and give its id; its chain is looked up in the grids there are, as at intake.

    Without ``lon`` and ``lat`` it has no place. ``columns`` are further columns of the table.
    """
    placed = lon is not None and lat is not None
    chain = _chain(session, lon, lat) if placed else {}
    srid = _zone(session).storage_srid
    values = {
        "category": category,
        "source": source,
        "state": state,
        "description": description,
        "reported_at": reported_at,
        "time_status": time_status,
        "lon": lon,
        "lat": lat,
        "geom": _wkt(shapely.Point(lon, lat), srid) if placed else None,
        "place_status": ("inside" if chain else "outside") if placed else "no_coordinates",
        **chain,
        **columns,
    }
    return int(session.scalar(insert(tables.Incident).values(values).returning(tables.Incident.id)) or 0)


def add_planted_hot_spot(session: Session, number: int = 1, **columns: Any) -> int:
    """Write a planted hot spot in the middle of the first cell."""
    lon, lat = columns.pop("at", middle())
    values = {
        "id": number,
        "name": f"热点{number}",
        "category": "dispute",
        "geom": _wkt(shapely.Point(lon, lat), _zone(session).storage_srid),
        "radius_m": 200.0,
        "since": date(2026, 1, 1),
        "until": date(2026, 6, 30),
        "expected_extra": 10,
    }
    session.execute(insert(tables.PlantedHotSpot).values(values | columns))
    return number


@contextmanager
def acting_as(session: Session, role: str) -> Iterator[None]:
    """Let a session of the owner have only another role's rights inside the block."""
    with session.begin_nested():  # an error inside rolls back to here, the role with it
        session.execute(text("SELECT set_config('role', :role, true)"), {"role": role})
        yield
        session.execute(text("RESET ROLE"))


def _chain(session: Session, lon: float | None, lat: float | None) -> dict[str, Any]:
    """The grids that hold a place, by the border rule: of those that cover it the lowest code."""
    grid = tables.Grid
    point = func.ST_SetSRID(func.ST_MakePoint(lon, lat), _zone(session).storage_srid)
    rows = session.execute(
        select(grid.level, func.min(grid.code), func.max(grid.release_id))
        .where(func.ST_Covers(grid.geom, point), func.upper_inf(grid.valid))
        .group_by(grid.level)
    ).all()
    codes: dict[str, Any] = {f"grid{level}_code": code for level, code, _ in rows}
    return codes | {"release_id": max(row[2] for row in rows)} if rows else {}


def _zone(session: Session) -> tables.Zone:
    zone = session.get(tables.Zone, 1)
    assert zone is not None, "call add_zone (or add_partition) first"
    return zone


def _wkt(geometry: BaseGeometry, srid: int, *, multi: bool = False) -> Any:
    shape = func.ST_GeomFromWKB(geometry.wkb, srid)
    return func.ST_Multi(shape) if multi else shape
