"""Service sites, teams, party organisations and cameras as GeoJSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from geopandas import GeoDataFrame

from api.auth import ActorDep, access
from api.deps import AsOf, Crs, SessionDep, ZoneDep, instant
from api.geojson import feature_collection
from api.routes.grids import GEOJSON
from geo import places
from geo.permissions import SEE_MAPS, SEE_STREAMS, may

router = APIRouter(tags=["places"], dependencies=[access(SEE_MAPS)])

Grid = Annotated[
    str | None, Query(max_length=40, description="Only what is filed under this grid or one below it")
]
Kind = Annotated[str | None, Query(max_length=60, description="Only of this kind")]


@router.get("/sites", response_class=Response, responses=GEOJSON)
def get_sites(
    session: SessionDep,
    zone: ZoneDep,
    kind: Kind = None,
    function: Annotated[str | None, Query(max_length=60, description="Only sites that offer it")] = None,
    grid: Grid = None,
    at: Annotated[datetime | None, Query(description="Moment for open_now; default the present")] = None,
    as_of: AsOf = None,
    crs: Crs = None,
) -> Response:
    """Service sites with what they offer, when, and whether they are open."""
    moment = instant(zone, at, "at") or datetime.now(UTC)
    sites = places.sites_frame(session, as_of=as_of, at=moment, function=function, grid_code=grid, crs=crs)
    return _answer(sites, kind, crs or zone.storage_crs)


@router.get("/teams", response_class=Response, responses=GEOJSON)
def get_teams(
    session: SessionDep,
    zone: ZoneDep,
    kind: Kind = None,
    grid: Grid = None,
    as_of: AsOf = None,
    crs: Crs = None,
) -> Response:
    """Teams, by where they muster."""
    teams = places.teams_frame(session, as_of=as_of, grid_code=grid, crs=crs)
    return _answer(teams, kind, crs or zone.storage_crs)


@router.get("/party-organisations", response_class=Response, responses=GEOJSON)
def get_party_orgs(
    session: SessionDep,
    zone: ZoneDep,
    kind: Kind = None,
    grid: Grid = None,
    as_of: AsOf = None,
    crs: Crs = None,
) -> Response:
    """Party organisations; those without a known place have a null geometry."""
    orgs = places.party_orgs_frame(session, as_of=as_of, grid_code=grid, crs=crs)
    return _answer(orgs, kind, crs or zone.storage_crs)


@router.get("/cameras", response_class=Response, responses=GEOJSON)
def get_cameras(
    session: SessionDep,
    zone: ZoneDep,
    actor: ActorDep,
    geometry: Annotated[
        Literal["point", "view"], Query(description="Where it stands, or the ground it sees")
    ] = "point",
    kind: Kind = None,
    grid: Grid = None,
    as_of: AsOf = None,
    crs: Crs = None,
) -> Response:
    """Cameras; the addresses of their streams for roles that watch them only."""
    with_stream = may(actor, SEE_STREAMS)
    cameras = places.cameras_frame(session, as_of=as_of, with_stream=with_stream, grid_code=grid, crs=crs)
    views = cameras.pop("view")
    if geometry == "view":
        cameras = cameras.set_geometry(views)[views.notna()]
    return _answer(cameras, kind, crs or zone.storage_crs)


def _answer(frame: GeoDataFrame, kind: str | None, crs: str) -> Response:
    return feature_collection(frame if kind is None else frame[frame["kind"] == kind], crs=crs)
