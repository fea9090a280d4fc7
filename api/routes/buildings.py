"""Buildings."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.auth import access
from api.deps import AsOf, Crs, SessionDep, ZoneDep
from api.geojson import feature_collection
from api.routes.grids import GEOJSON
from geo import grids
from geo.permissions import SEE_MAPS

router = APIRouter(tags=["buildings"])


@router.get("/buildings/{code}", dependencies=[access(SEE_MAPS)], response_class=Response, responses=GEOJSON)
def get_building(
    session: SessionDep,
    zone: ZoneDep,
    code: Annotated[str, Path(max_length=40, description="编码 of a building")],
    as_of: AsOf = None,
    crs: Crs = None,
) -> Response:
    """One building, with its address and the grid it is filed under."""
    return feature_collection(
        grids.get_building(session, code, as_of=as_of, crs=crs), crs=crs or zone.storage_crs
    )
