"""Located resources as GeoDataFrames: service sites, teams, party organisations, cameras.

Every frame is in the storage CRS unless ``crs`` names another, and holds no personal data.
"""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo.analysis.opening import hours_by_site, open_at
from geo.crs import to_storage
from geo.errors import InvalidInput
from geo.period import to_day
from geo.store import places as store
from geo.store.frames import codes_below
from geo.zones import get_zone


def sites_frame(
    session: Session,
    *,
    as_of: date | str | None = None,
    at: datetime | None = None,
    function: str | None = None,
    grid_code: str | None = None,
    crs: str | None = None,
) -> GeoDataFrame:
    """Service sites of a day.

    Parameters
    ----------
    at
        A moment with time zone: adds a column ``open_now``.
    function
        Only sites that offer it.
    grid_code
        Only those filed under this grid, of any level, or under the grids below it.

    Returns
    -------
    GeoDataFrame
        Index ``code``; columns ``kind``, ``name``, ``address``, ``phone`` (of the site), ``grid_code``,
        ``building_code``, ``functions`` (codes), ``hours`` (by function, in words), ``geometry``.

    Raises
    ------
    InvalidInput
        The day, the moment or the CRS cannot be.
    """
    zone = get_zone(session)
    day = to_day(zone, as_of)
    sites = store.sites_frame(session, day, zone.storage_crs)
    openings = store.openings_frame(session, day)
    by_site: dict[str, dict[str, str]] = {code: {} for code in sites.index}
    for (code, name), words in hours_by_site(openings).items():
        by_site.setdefault(code, {})[name] = words
    sites["functions"] = [list(by_site[code]) for code in sites.index]
    sites["hours"] = [by_site[code] for code in sites.index]
    if at is not None:
        moment = _in_zone_time(at, zone.time_zone)
        sites["open_now"] = sites.index.isin(open_at(openings, moment, function)["site_code"])
    if function is not None:
        offering = [code for code, offered in sites["functions"].items() if function in offered]
        sites = sites.loc[offering]
    return _in_crs(_filed_below(session, day, sites, grid_code), crs)


def openings_frame(session: Session, *, as_of: date | str | None = None) -> pd.DataFrame:
    """Opening hours of a day.

    Returns
    -------
    pandas.DataFrame
        Columns ``site_code``, ``function``, ``weekday`` (1 Monday to 7 Sunday), ``opens_minute`` and
        ``closes_minute`` of the day.
    """
    return store.openings_frame(session, to_day(get_zone(session), as_of))


def teams_frame(
    session: Session,
    *,
    as_of: date | str | None = None,
    grid_code: str | None = None,
    crs: str | None = None,
) -> GeoDataFrame:
    """Teams of a day.

    Parameters
    ----------
    grid_code
        Only those that work for this grid, of any level, or for the grids below it.

    Returns
    -------
    GeoDataFrame
        Index ``code``; columns ``kind``, ``name``, ``phone`` (of the team), ``declared_members``,
        ``grid_code`` (of any level; None for the whole zone), ``geometry`` (where it musters).
    """
    zone = get_zone(session)
    day = to_day(zone, as_of)
    frame = store.teams_frame(session, day, zone.storage_crs)
    return _in_crs(_filed_below(session, day, frame, grid_code), crs)


def party_orgs_frame(
    session: Session,
    *,
    as_of: date | str | None = None,
    grid_code: str | None = None,
    crs: str | None = None,
) -> GeoDataFrame:
    """Party organisations of a day.

    Parameters
    ----------
    grid_code
        Only those that work for this grid, of any level, or for the grids below it.

    Returns
    -------
    GeoDataFrame
        Index ``code``; columns ``kind``, ``name``, ``parent_code``, ``parent_name``, ``declared_members``,
        ``grid_code``, ``geometry`` (None where no place is known).
    """
    zone = get_zone(session)
    day = to_day(zone, as_of)
    frame = store.party_orgs_frame(session, day, zone.storage_crs)
    return _in_crs(_filed_below(session, day, frame, grid_code), crs)


def cameras_frame(
    session: Session,
    *,
    as_of: date | str | None = None,
    with_stream: bool = False,
    grid_code: str | None = None,
    crs: str | None = None,
) -> GeoDataFrame:
    """Cameras in use on a day.

    Parameters
    ----------
    with_stream
        Also the addresses of streams, the numbers they are filed under and when; planners may not read them.
    grid_code
        Only those filed under this grid, of any level, or under the grids below it.

    Returns
    -------
    GeoDataFrame
        Index ``code``; columns ``kind``, ``network``, ``state``, ``name``, ``direction_deg`` (clockwise from
        north; NaN all round), ``angle_deg``, ``range_m``, ``height_m``, ``grid_code``, ``organisation_code``,
        ``organisation_name``, ``retention_days``, ``view`` (polygon on the ground, None when not surveyed),
        ``geometry`` (point).
    """
    zone = get_zone(session)
    day = to_day(zone, as_of)
    cameras = store.cameras_frame(session, day, zone.storage_crs, with_stream=with_stream)
    cameras = _filed_below(session, day, cameras, grid_code)
    if crs is not None:
        views = GeoDataFrame(geometry=cameras["view"], crs=cameras.crs)
        cameras["view"] = to_storage(views, views.crs, crs).geometry
    return _in_crs(cameras, crs)


def _in_zone_time(at: datetime, time_zone: str) -> datetime:
    if at.tzinfo is None:
        raise InvalidInput(f"at={at.isoformat()} has no time zone; write it with +08:00 or Z")
    return pd.Timestamp(at).tz_convert(time_zone).to_pydatetime()  # type: ignore[no-any-return]


def _filed_below(session: Session, day: date, frame: GeoDataFrame, grid_code: str | None) -> GeoDataFrame:
    if grid_code is None:
        return frame
    return frame[frame["grid_code"].isin(codes_below(session, day, grid_code))]


def _in_crs(frame: GeoDataFrame, crs: str | None) -> GeoDataFrame:
    return frame if crs is None else to_storage(frame, frame.crs, crs)
