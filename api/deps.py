"""What routes are given: a session whose transaction ends at the edge, the zone, filters from the URL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from geo.errors import InvalidInput
from geo.ground import Grounds
from geo.model import IncidentFilter, Zone
from geo.period import check_order, to_instant
from geo.store.engine import store_errors
from geo.zones import get_zone


def get_session(request: Request) -> Iterator[Session]:
    """One transaction per request, committed before the answer is sent, rolled back on any error."""
    with store_errors(), request.app.state.sessions() as session, session.begin():
        yield session


#: scope="function": with the default, the client is told 201 before a commit that may then fail.
SessionDep = Annotated[Session, Depends(get_session, scope="function")]


def zone_of(session: SessionDep) -> Zone:
    """The zone served."""
    return get_zone(session)


ZoneDep = Annotated[Zone, Depends(zone_of)]


async def get_grounds(request: Request) -> Grounds:
    """What places are located in, by day; async, so that no thread is needed to fetch it."""
    grounds: Grounds = request.app.state.grounds
    return grounds


GroundsDep = Annotated[Grounds, Depends(get_grounds)]

AsOf = Annotated[date | None, Query(description="Day the partition is asked for; default today in the zone")]
Crs = Annotated[
    str | None,
    Query(description="EPSG:n, GCJ-02 or BD-09; default the zone's storage CRS", examples=["EPSG:4490"]),
]
Level = Annotated[int | None, Query(ge=1, le=3, description="1 coarse to 3 fine")]
Limit = Annotated[int, Query(ge=1, le=10_000, description="Most items in one answer")]


def read_bbox(bbox: str | None) -> tuple[float, float, float, float] | None:
    """Four numbers from the URL.

    Raises
    ------
    InvalidInput
        They are not four numbers, not in degrees or not in order.
    """
    if bbox is None:
        return None
    try:
        west, south, east, north = (float(part) for part in bbox.split(","))
    except ValueError:
        raise InvalidInput(
            f"bbox={bbox!r} is not west,south,east,north; write 113.8,27.6,113.9,27.7"
        ) from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise InvalidInput(f"bbox={bbox!r} is not in order or not in degrees; write west,south,east,north")
    return west, south, east, north


class FilterIn(BaseModel):
    """Which incidents the URL asks for."""

    bbox: str | None = Field(
        None, description="west,south,east,north in degrees", examples=["113.8,27.6,113.9,27.7"]
    )
    since: datetime | date | None = Field(None, description="From this instant or day on")
    until: datetime | date | None = Field(None, description="Before this instant or day")
    code: str | None = Field(None, description="Code of a grid of any level", max_length=40)
    level: int | None = Field(
        None, ge=1, le=3, description="Level the code is of; alone: placed at that level"
    )
    category: str | None = Field(None, description="Service kind or category", max_length=60)
    source: str | None = Field(None, max_length=60)
    state: str | None = Field(None, max_length=60)
    place_status: str | None = Field(None, max_length=60)


def read_filter(zone: ZoneDep, asked: Annotated[FilterIn, Query()]) -> IncidentFilter:
    """The URL's filter; days begin at the zone's midnight."""
    same = asked.model_dump(include={"level", "category", "source", "state", "place_status"})
    since, until = instant(zone, asked.since, "since"), instant(zone, asked.until, "until")
    check_order(since, until)
    return IncidentFilter(
        since=since,
        until=until,
        bbox=read_bbox(asked.bbox),
        grid_code=asked.code,
        **same,
    )


def instant(zone: Zone, value: datetime | date | None, name: str) -> datetime | None:
    """A day as the instant it begins in the zone; a time without time zone is the zone's."""
    if isinstance(value, datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=zone.zone_info)
    return to_instant(zone, value, name)


FilterDep = Annotated[IncidentFilter, Depends(read_filter)]
