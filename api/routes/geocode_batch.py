"""Many points to their grid chains in one request, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from email.message import Message
from functools import partial
from io import RawIOBase
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.auth import access
from api.deps import GroundsDep, SessionDep
from api.duplex import DuplexResponse
from api.problems import explain
from geo.permissions import SEE_MAPS
from geo.settings import BatchSettings
from geo.streams.requests.answering import Kind, answer
from geo.streams.requests.asked import Asked, RequestLimits

router = APIRouter(tags=["geocode"])

_ALIASES = {
    "application/ndjson": Kind.NDJSON,
    "application/jsonl": Kind.NDJSON,
}
_POINT = {"type": "object", "properties": {"lon": {"type": "number"}, "lat": {"type": "number"}}}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        {"type": "array", "items": _POINT},
                        {
                            "type": "object",
                            "properties": {"points": {"type": "array"}},
                            "required": ["points"],
                        },
                    ]
                },
                "example": [{"id": 1, "lon": 113.8551, "lat": 27.6412}],
            },
            "application/x-ndjson": {"example": '{"id": 1, "lon": 113.8551, "lat": 27.6412}\n'},
            "text/csv": {"example": "id,lon,lat\n1,113.8551,27.6412\n"},
            "application/vnd.apache.arrow.stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


class BatchIn(BaseModel):
    """What is asked of every point."""

    lon: str | None = Field(None, max_length=200, description="Column or member of longitude or easting")
    lat: str | None = Field(None, max_length=200, description="Column or member of latitude or northing")
    crs: str | None = Field(
        None, description="EPSG:n, GCJ-02 or BD-09; default CGCS2000, or that of GeoArrow"
    )
    as_of: date | None = Field(None, description="Day the partition is asked for; default today in the zone")
    level: int | None = Field(None, ge=1, le=3, description="Add the codes of one level only")
    prefix: str = Field("", max_length=40, description="Put before the names of what is added")


@router.post(
    "/geocode/batch",
    dependencies=[access(SEE_MAPS)],
    openapi_extra=_BODY,
    response_class=Response,
    responses={413: {"description": "The body is too large"}, 415: {"description": "No such kind of body"}},
)
def post_geocode_batch(
    request: Request,
    session: SessionDep,
    grounds: GroundsDep,
    asked: Annotated[BatchIn, Query()],
) -> Response:
    """The grid chain of every point, in the kind of body that was sent, while it is still being sent.

    To each row are added `grid1_code` … of every level, `building_code`, `place_status` (`inside`, `outside`,
    `no_coordinates`, `null_island`) and `place_reason`. `lon` and `lat` name the columns or members of the
    coordinates when they have unusual names; columns of Arrow may also be one geometry (GeoArrow, WKB).

    JSON comes back as `{"results": […], "summary": …}`. What goes wrong after the answer has begun is its
    end: `"error"` instead of `"summary"` in JSON, a last line `{"error": …}` in NDJSON, a last row whose
    `place_status` is `error` in CSV, an empty last batch with the custom metadata `wangge.problem` in Arrow.
    """
    kind, charset = _kind_of(request)
    settings: BatchSettings = request.app.state.settings.batch
    day = asked.as_of or grounds.zone(session).today()
    question = Asked(
        grounds.at(session, day).chain,
        **asked.model_dump(exclude={"as_of"}),
        encoding=charset,
        limits=RequestLimits(settings.rows, settings.row_bytes, settings.arrow_batch_bytes),
    )
    work = partial(_answered, kind, question)
    return DuplexResponse(request, work, media_type=_written_as(kind), at_once=settings.at_once)


def _answered(kind: Kind, asked: Asked, body: RawIOBase) -> Iterator[bytes]:
    return answer(kind, body, asked, explain)


def _written_as(kind: Kind) -> str:
    return "text/csv; charset=utf-8" if kind is Kind.CSV else kind.value


def _kind_of(request: Request) -> tuple[Kind, str | None]:
    """Kind of the body and the charset of its text."""
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"", "identity"}:
        raise HTTPException(415, f"Content-Encoding {coding[:40]!r} is not read; send the body as it is")
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    name = header.get_content_type() if request.headers.get("content-type") else "nothing"
    kind = {**{one.value: one for one in Kind}, **_ALIASES}.get(name)
    if kind is None:
        known = ", ".join(one.value for one in Kind)
        raise HTTPException(415, f"Content-Type {name[:80]!r} is not read; send one of {known}")
    charset: Any = header.get_content_charset()
    return kind, charset
