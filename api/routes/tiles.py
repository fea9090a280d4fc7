"""``/tiles``: buildings and ground as vector tiles."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response

from api.auth import access
from api.deps import SessionDep
from geo.permissions import SEE_MAPS
from geo.tiles import TileCache, get_tile

router = APIRouter(prefix="/tiles", tags=["tiles"], dependencies=[access(SEE_MAPS)])

# An address that carries the version of the data never shows anything else.
_VERSIONED = "private, max-age=86400, immutable"
_UNVERSIONED = "private, no-cache"


def cache_of(request: Request) -> TileCache:
    """Return the application's cache of tiles, made with the first request for one."""
    state = request.app.state
    if not hasattr(state, "tile_cache"):
        state.tile_cache = TileCache()
    cache: TileCache = state.tile_cache
    return cache


@router.get(
    "/{tile_set}/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses={
        200: {"content": {"application/vnd.mapbox-vector-tile": {}}},
        304: {"description": "Unchanged"},
    },
)
def read_tile(
    request: Request,
    session: SessionDep,
    tile_set: Annotated[str, Path(description="ground or buildings", examples=["buildings"])],
    z: Annotated[int, Path(description="Zoom, 0 to 15", examples=[15])],
    x: Annotated[int, Path(description="Column from the west", examples=[26749])],
    y: Annotated[int, Path(description="Row from the north", examples=[13775])],
    v: Annotated[
        str | None, Query(description="Version of the data; lets browsers keep it", max_length=60)
    ] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """One Mapbox Vector Tile, compressed."""
    tile = get_tile(session, cache_of(request), tile_set, z, x, y)
    headers = {"ETag": tile.etag, "Cache-Control": _VERSIONED if v else _UNVERSIONED}
    if if_none_match is not None and tile.etag in (part.strip() for part in if_none_match.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(
        tile.content,
        media_type="application/vnd.mapbox-vector-tile",
        headers=headers | {"Content-Encoding": "gzip"},
    )
