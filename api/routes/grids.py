"""Grids and what is filed under them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.auth import access
from api.deps import AsOf, Crs, Level, SessionDep, ZoneDep
from api.geojson import feature_collection
from geo import grids
from geo.permissions import SEE_MAPS

router = APIRouter(tags=["grids"])

GridCode = Annotated[str, Path(max_length=40, description="编码 of a grid", examples=["360371001001001"])]

GEOJSON: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/geo+json": {}}, "description": "GeoJSON FeatureCollection"}
}


@router.get("/grids", dependencies=[access(SEE_MAPS)], response_class=Response, responses=GEOJSON)
def get_grids(
    session: SessionDep,
    zone: ZoneDep,
    level: Level = None,
    parent: Annotated[str | None, Query(max_length=40, description="Only the children of this grid")] = None,
    as_of: AsOf = None,
    crs: Crs = None,
) -> Response:
    """Grids in force on a day, with area, households and buildings."""
    frame = grids.list_grids(session, level=level, parent=parent, as_of=as_of, crs=crs)
    return feature_collection(frame, crs=crs or zone.storage_crs)


@router.get("/grids/{code}", dependencies=[access(SEE_MAPS)], response_class=Response, responses=GEOJSON)
def get_grid(
    session: SessionDep, zone: ZoneDep, code: GridCode, as_of: AsOf = None, crs: Crs = None
) -> Response:
    """One grid."""
    return feature_collection(
        grids.get_grid(session, code, as_of=as_of, crs=crs), crs=crs or zone.storage_crs
    )


@router.get(
    "/grids/{code}/children", dependencies=[access(SEE_MAPS)], response_class=Response, responses=GEOJSON
)
def get_children(
    session: SessionDep, zone: ZoneDep, code: GridCode, as_of: AsOf = None, crs: Crs = None
) -> Response:
    """The grids one level below; empty at the finest level."""
    grids.get_grid(session, code, as_of=as_of)
    frame = grids.list_grids(session, parent=code, as_of=as_of, crs=crs)
    return feature_collection(frame, crs=crs or zone.storage_crs)


@router.get(
    "/grids/{code}/buildings", dependencies=[access(SEE_MAPS)], response_class=Response, responses=GEOJSON
)
def get_buildings(
    session: SessionDep, zone: ZoneDep, code: GridCode, as_of: AsOf = None, crs: Crs = None
) -> Response:
    """Buildings filed under the grid or under the grids below it."""
    frame = grids.list_buildings(session, code, as_of=as_of, crs=crs)
    return feature_collection(frame, crs=crs or zone.storage_crs)
