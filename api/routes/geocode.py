"""Points to grid chains."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import access
from api.deps import AsOf, Crs, GroundsDep, SessionDep
from api.schemas import ChainOut, PointOut
from geo.geocode import geocode
from geo.permissions import SEE_MAPS

router = APIRouter(tags=["geocode"])


@router.get("/geocode", dependencies=[access(SEE_MAPS)])
def get_geocode(
    session: SessionDep,
    grounds: GroundsDep,
    lon: Annotated[float, Query(description="Longitude, or easting of a projected CRS", examples=[113.8551])],
    lat: Annotated[float, Query(description="Latitude, or northing of a projected CRS", examples=[27.6412])],
    crs: Crs = None,
    as_of: AsOf = None,
) -> ChainOut:
    """Which grids of every level, neighbourhood and building hold a place.

    A place on a border belongs to the grid with the lowest code. Outside every grid the chain is empty and
    the nearest grid is named with its distance.
    """
    chain = geocode(session, grounds, lon=lon, lat=lat, crs=crs, as_of=as_of)
    return ChainOut.of(chain, PointOut(lon=lon, lat=lat, crs=crs or grounds.zone(session).storage_crs))
