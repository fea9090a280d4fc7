"""What a zone holds, as GeoDataFrames for planners.

Every frame is in the storage CRS (EPSG:4490: longitude, latitude) unless ``crs`` names another. Nothing in
them is personal: no words of incidents, no names of residents.
"""

from __future__ import annotations

from datetime import date
from typing import TypedDict, Unpack

from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo.crs import to_storage
from geo.errors import InvalidInput
from geo.model import IncidentFilter, Zone
from geo.period import When, check_order, to_day, to_instant
from geo.store import frames as store
from geo.zones import get_zone


class IncidentCodes(TypedDict, total=False):
    """Codes of their lists; a category may be a service kind, which asks for all below it."""

    category: str | None
    source: str | None
    state: str | None


class CaseFilter(IncidentCodes, total=False):
    """Which cases are counted: half-open [since, until), a day beginning at the zone's midnight."""

    since: When
    until: When


def grids_frame(
    session: Session, *, level: int | None = None, as_of: date | str | None = None, crs: str | None = None
) -> GeoDataFrame:
    """Grids in force on a day.

    Parameters
    ----------
    level
        1 coarse to 3 fine; all levels when None.
    as_of
        The day; today in the zone when None.
    crs
        CRS of the geometries, such as ``EPSG:4547`` or ``GCJ-02``; the storage CRS when None.

    Returns
    -------
    GeoDataFrame
        Index ``code``; columns ``level``, ``kind``, ``name``, ``parent_code``, ``area_km2`` (measured in the
        zone's metric CRS), ``households`` and ``buildings`` filed below the grid, ``geometry``.

    Raises
    ------
    InvalidInput
        The level, the day or the CRS cannot be.
    NotFound
        The database serves no zone yet.
    """
    zone = get_zone(session)
    check_level(zone, level)
    grids = store.grids_frame(session, to_day(zone, as_of), zone.storage_crs, level=level)
    return _in_crs(grids, crs)


def buildings_frame(
    session: Session,
    *,
    code: str | None = None,
    grid_code: str | None = None,
    as_of: date | str | None = None,
    crs: str | None = None,
) -> GeoDataFrame:
    """Buildings standing on a day.

    Parameters
    ----------
    code
        Only the building of this code.
    grid_code
        Only those filed under the grid of this code, of any level, or under the grids below it.

    Returns
    -------
    GeoDataFrame
        Index ``code``; columns ``kind``, ``name``, ``address``, ``neighbourhood_code``, ``grid_code`` (the
        finest grid it is filed under), ``floors``, ``households``, ``built_year``, ``geometry``.

    Raises
    ------
    InvalidInput
        The day or the CRS cannot be.
    """
    zone = get_zone(session)
    day = to_day(zone, as_of)
    buildings = store.buildings_frame(session, day, zone.storage_crs, code=code, grid_code=grid_code)
    return _in_crs(buildings, crs)


def neighbourhoods_frame(
    session: Session, *, as_of: date | str | None = None, crs: str | None = None
) -> GeoDataFrame:
    """Residential quarters and villager groups of a day.

    Returns
    -------
    GeoDataFrame
        Index ``code``; columns ``kind``, ``name``, ``grid_code``, ``geometry`` (None where no outline is
        known).

    Raises
    ------
    InvalidInput
        The day or the CRS cannot be.
    """
    zone = get_zone(session)
    return _in_crs(store.neighbourhoods_frame(session, to_day(zone, as_of), zone.storage_crs), crs)


def incidents_frame(  # noqa: PLR0913 - the filters written out, for planners
    session: Session,
    *,
    since: When = None,
    until: When = None,
    category: str | None = None,
    source: str | None = None,
    state: str | None = None,
    level: int | None = None,
    grid_code: str | None = None,
    with_future: bool = False,
    crs: str | None = None,
) -> GeoDataFrame:
    """Incidents by the time they were reported, oldest first.

    Parameters
    ----------
    since, until
        Half-open interval [since, until); a day begins at the zone's midnight.
    category
        A service kind (all below it) or a category under one.
    level
        Only incidents that lie in a grid of this level.
    grid_code
        Only incidents whose chain at intake holds this grid.
    with_future
        Also those that were dated in the future when they came in; every count leaves them out.

    Returns
    -------
    GeoDataFrame
        Index ``id``; columns ``category``, ``service_kind``, ``source``, ``state``, ``reported_at`` (in the
        zone's time), ``place_status``, ``time_status``, ``grid1_code`` … ``grid3_code`` and ``building_code``
        found at intake, ``geometry`` (a point; None without a place).

    Raises
    ------
    InvalidInput
        A time, the level, the category or the CRS cannot be.
    """
    zone = get_zone(session)
    asked = incident_filter(
        session,
        zone,
        since=since,
        until=until,
        category=category,
        source=source,
        state=state,
        level=level,
        grid_code=grid_code,
    )
    found = store.incidents_frame(session, asked, zone.storage_srid, with_future=with_future)
    found["reported_at"] = found["reported_at"].dt.tz_convert(zone.time_zone)
    return _in_crs(found, crs)


def hot_spots_frame(session: Session, *, crs: str | None = None) -> GeoDataFrame:
    """Hot spots planted in the demo: the truth an analysis can be held against.

    Returns
    -------
    GeoDataFrame
        Index ``id``; columns ``name``, ``category``, ``radius_m``, ``since``, ``until`` (first and last day),
        ``expected_extra``, ``geometry`` (the centre). Empty in a real zone.
    """
    return _in_crs(store.hot_spots_frame(session, get_zone(session).storage_crs), crs)


def incident_filter(
    session: Session,
    zone: Zone,
    *,
    since: When = None,
    until: When = None,
    level: int | None = None,
    grid_code: str | None = None,
    **codes: Unpack[IncidentCodes],
) -> IncidentFilter:
    """Check what is asked for and say it in the store's terms.

    Raises
    ------
    InvalidInput
        A time, the level or a code cannot be; a misspelt code would otherwise count nothing.
    """
    check_level(zone, level)
    for name, code in codes.items():
        if code is not None and code not in (known := store.incident_codes(session, name)):
            raise InvalidInput(f"{name} {code!r} is not on the zone's list; use one of {', '.join(known)}")
    start, end = to_instant(zone, since, "since"), to_instant(zone, until, "until")
    check_order(start, end)
    return IncidentFilter(since=start, until=end, level=level, grid_code=grid_code, **codes)


def check_level(zone: Zone, level: int | None) -> None:
    """Refuse a level the zone does not have.

    Raises
    ------
    InvalidInput
        It is not one of 1 … the number of the zone's levels.
    """
    levels = range(1, len(zone.levels) + 1)
    if level is not None and level not in levels:
        raise InvalidInput(f"level {level} is not one of the zone's; use {', '.join(map(str, levels))}")


def _in_crs(frame: GeoDataFrame, crs: str | None) -> GeoDataFrame:
    """The frame with its geometries in another CRS, the Chinese map offsets included."""
    return frame if crs is None else to_storage(frame, frame.crs, crs)
