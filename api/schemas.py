"""The shapes of the wire: what clients send, what they are answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from geo import model


class Out(BaseModel):
    """Base of answers: built from the domain's dataclasses."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")


class PointOut(BaseModel):
    """A point in the CRS it was asked in."""

    lon: float
    lat: float
    crs: str


class GridRefOut(Out):
    """A grid of a chain."""

    level: int
    code: str
    name: str


class NamedRefOut(Out):
    """A building or neighbourhood."""

    code: str
    kind: str
    name: str | None
    address: str | None = None


class NearestGridOut(GridRefOut):
    """The grid nearest to a place outside every grid."""

    distance_m: float = Field(description="Geodesic, metres")


class NearestBuildingOut(NamedRefOut):
    """The building nearest to a place inside none, within 200 m."""

    distance_m: float = Field(description="Geodesic, metres")


class ReleaseOut(Out):
    """The release of the partition an answer was found in."""

    id: int
    title: str
    in_force_from: date


class ChainOut(BaseModel):
    """Where a place lies."""

    point: PointOut
    as_of: date
    inside: bool = Field(description="Whether a grid holds the place")
    grids: list[GridRefOut] = Field(description="One per level, coarse to fine; empty outside every grid")
    neighbourhood: NamedRefOut | None
    building: NamedRefOut | None
    nearest: NearestGridOut | None = Field(description="Nearest finest-level grid of a place outside")
    nearest_building: NearestBuildingOut | None
    release: ReleaseOut | None

    @classmethod
    def of(cls, chain: model.GridChain, point: PointOut) -> ChainOut:
        """The answer for a chain and the point as it was asked."""
        fields = (
            "as_of",
            "inside",
            "grids",
            "neighbourhood",
            "building",
            "nearest",
            "nearest_building",
            "release",
        )
        return cls.model_validate({"point": point, **{name: _plain(getattr(chain, name)) for name in fields}})


def _plain(value: Any) -> Any:
    """Dataclasses with slots as what ``from_attributes`` models read."""
    if isinstance(value, tuple):
        return [GridRefOut.model_validate(item) for item in value]
    return value


class IncidentIn(BaseModel):
    """An incident as somebody reports it."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        json_schema_extra={
            "examples": [
                {
                    "category": "noise",
                    "source": "app",
                    "description": "夜间施工噪声扰民",
                    "address_text": "玉湖路18号",
                    "lon": 113.8551,
                    "lat": 27.6412,
                    "client_key": "phone-7-000123",
                }
            ]
        },
    )

    category: str = Field(min_length=1, max_length=60, description="Category from the zone's list")
    source: str = Field(min_length=1, max_length=60, description="Way it came in, from the zone's list")
    description: str = Field(default="", max_length=4000)
    address_text: str = Field(default="", max_length=500)
    lon: float | None = Field(default=None, allow_inf_nan=False)
    lat: float | None = Field(default=None, allow_inf_nan=False)
    crs: str | None = Field(
        default=None, max_length=40, description="CRS of lon, lat; default the zone's storage CRS"
    )
    reported_at: datetime | None = Field(default=None, description="With time zone; default now")
    client_key: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Your own key: sent twice, also at once, stored once",
    )


class IncidentOut(Out):
    """An incident as stored, with the chain found at intake."""

    id: int
    category: str
    source: str
    state: str
    description: str | None = Field(description="Null for roles that may not read case text")
    address_text: str | None = Field(description="Null for roles that may not read case text")
    reported_at: datetime
    lon: float | None
    lat: float | None
    place_status: Literal["inside", "outside", "no_coordinates", "null_island"]
    time_status: Literal["plausible", "future"]
    grid_codes: tuple[str | None, str | None, str | None] = Field(
        description="Chain at intake, coarse to fine"
    )
    building_code: str | None
    release_id: int | None


class RecordedOut(IncidentOut):
    """An incident just taken in."""

    created: bool = Field(description="False: the client key was known, this is what is stored under it")
    chain: ChainOut | None


class IncidentPage(BaseModel):
    """A page of incidents, newest first."""

    incidents: list[IncidentOut]
    numberReturned: int  # noqa: N815 - the name OGC API and contracts.md use
    next: str | None = Field(description="URL of the next page; null on the last")
    numberMatched: int | None = Field(default=None, description="Only when asked for by count=true")  # noqa: N815


class ProblemOut(BaseModel):
    """RFC 9457 problem details."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
