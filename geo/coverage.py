"""Coverage of a zone: what grids have to look after, who and what is there for it, and what is missing.

The figures behind the served map, the notebooks and the command line; the definition of every measure stands
in ``docs/coverage.md``.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pandas as pd
from geopandas import GeoDataFrame
from sqlalchemy.orm import Session

from geo.analysis.coverage import Coverage, CoverageInputs, coverage, measure
from geo.errors import InvalidInput
from geo.frames import grids_frame
from geo.model import Zone
from geo.period import to_day
from geo.store import coverage as store
from geo.store import frames, places
from geo.store.zones import list_codes
from geo.zones import get_zone

#: Time of day that a day without one is asked about: offices and most sites are open.
USUAL_TIME = time(10)
#: Days before and including the day whose cases are counted in view of cameras.
CASE_DAYS = 365

_FILED = ("grid", "neighbourhood", "building")


def measure_coverage(
    session: Session,
    *,
    as_of: date | str | None = None,
    at: str | time | datetime | None = None,
    function: str | None = None,
) -> Coverage:
    """Measure the coverage of every grid of the zone at one moment.

    Parameters
    ----------
    as_of
        The day; today in the zone when None.
    at
        Time of day in the zone (``"18:30"``), or an instant with time zone, which then says the day, too.
        When None: now if the day is today, else 10:00.
    function
        Code of a sites' function: only sites that offer it at the moment are in reach. None for any.

    Returns
    -------
    Coverage
        ``frames`` by level: those of :func:`geo.frames.grids_frame` with the columns of
        :data:`geo.analysis.coverage.MEASURES`, shares from 0 to 1, NaN where unknown; ``gaps``: what is
        missing, by people affected; ``moment`` in the zone's time.

    Raises
    ------
    InvalidInput
        The day, the time or the function cannot be.
    NotFound
        The database serves no zone yet.
    """
    if function is not None and function not in (known := list_codes(session, "site_functions")):
        raise InvalidInput(
            f"function {function!r} is not on the zone's list; use one of {', '.join(sorted(known))}"
        )
    return measure(coverage_inputs(session, as_of=as_of, at=at), function=function)


def coverage_inputs(
    session: Session,
    *,
    as_of: date | str | None = None,
    at: str | time | datetime | None = None,
    cases_since: date | str | None = None,
) -> CoverageInputs:
    """Read what coverage is measured from; change it, and give it to :func:`geo.analysis.coverage.measure`.

    Parameters
    ----------
    as_of, at
        As for :func:`measure_coverage`.
    cases_since
        First day of the cases counted in view; 365 days up to and including the day when None.

    Raises
    ------
    InvalidInput
        A day or the time cannot be.
    NotFound
        The database serves no zone yet.
    """
    zone = get_zone(session)
    moment = coverage_moment(zone, as_of, at)
    day, crs = moment.date(), zone.storage_crs
    first = (
        day - timedelta(CASE_DAYS - 1) if cases_since is None else to_day(zone, cases_since, "cases_since")
    )
    begin, end = zone.midnight(day), zone.midnight(day + timedelta(1))
    posts = store.posts(session)
    return CoverageInputs(
        grids=frames.grids_frame(session, day, crs),
        buildings=store.building_points(session, day, crs),
        neighbourhoods=frames.neighbourhoods_frame(session, day, crs),
        posts=posts,
        assignments=store.assignments(session, day),
        others=_others(session, posts, day),
        sites=places.sites_frame(session, day, crs),
        openings=places.openings_frame(session, day),
        teams=places.teams_frame(session, day, crs),
        cameras=places.cameras_frame(session, day, crs),
        incidents=store.incident_points(session, zone.midnight(first), end, crs),
        duties=store.duties(session, begin, end),
        leaves=store.leaves(session, day - timedelta(1), day),
        metric_crs=zone.metric_crs,
        moment=moment,
        norms=zone.norms,
    )


def coverage_moment(zone: Zone, as_of: date | str | None, at: str | time | datetime | None) -> datetime:
    """Say which moment is meant by a day and a time of day, each of which may be left out.

    Raises
    ------
    InvalidInput
        One of them cannot be, or ``at`` is an instant of another day than ``as_of``.
    """
    if isinstance(at, datetime):
        return _instant(zone, as_of, at)
    day = to_day(zone, as_of)
    now = datetime.now(zone.zone_info)
    if at is None:
        return now if day == now.date() else datetime.combine(day, USUAL_TIME, zone.zone_info)
    return datetime.combine(day, _time(at) if isinstance(at, str) else at, zone.zone_info)


def _instant(zone: Zone, as_of: date | str | None, at: datetime) -> datetime:
    if at.tzinfo is None:
        raise InvalidInput(f"at {at.isoformat()} has no time zone; write it with +08:00 or Z")
    moment = at.astimezone(zone.zone_info)
    if as_of is not None and to_day(zone, as_of) != moment.date():
        raise InvalidInput(
            f"at {at.isoformat()} is not on the day {as_of} in the zone; leave out one of them"
        )
    return moment


def _time(text: str) -> time:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"at {text!r} is no time of day; write 18:30") from None
    if found.tzinfo is not None:
        raise InvalidInput(f"at {text!r} names a time zone; write the zone's own time, 18:30")
    return found


def _others(session: Session, posts: pd.DataFrame, day: date) -> pd.DataFrame:
    """Targets of further kinds, where a post that is required or limited by households names them."""
    asked = posts[posts["is_required"] | posts["most_households"].notna() | posts["most_targets"].notna()]
    kinds = sorted(set(asked["target"]) - set(_FILED))
    found = [store.other_targets(session, kind, day) for kind in kinds]
    return pd.concat(found) if found else store.other_targets(session, "site", day).iloc[:0]


def coverage_frame(session: Session, *, level: int, as_of: date | str | None = None) -> GeoDataFrame:
    """Households and buildings of each grid, in themselves and per square kilometre.

    Parameters
    ----------
    level
        1 coarse to 3 fine.
    as_of
        Day the grids are in force; today in the zone when None.

    Returns
    -------
    GeoDataFrame
        That of :func:`geo.frames.grids_frame` with ``households_per_km2`` and ``buildings_per_km2``.

    Raises
    ------
    InvalidInput
        The level or the day cannot be.
    NotFound
        The database serves no zone yet.
    """
    grids = grids_frame(session, level=level, as_of=as_of)
    measured = coverage(grids)
    return grids.join(measured[measured.columns.difference(grids.columns, sort=False)])
