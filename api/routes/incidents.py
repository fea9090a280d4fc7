"""Incidents: report, read, list."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response, status

from api import paging
from api.auth import ActorDep, access
from api.deps import FilterDep, GroundsDep, Limit, SessionDep
from api.schemas import ChainOut, IncidentIn, IncidentOut, IncidentPage, PointOut, RecordedOut
from geo import incidents
from geo.model import Incident, IncidentDraft
from geo.permissions import CREATE_INCIDENTS, READ_INCIDENT_TEXT, SEE_INCIDENTS, may

router = APIRouter(tags=["incidents"])


@router.post("/incidents", status_code=status.HTTP_201_CREATED, dependencies=[access(CREATE_INCIDENTS)])
def post_incident(
    body: IncidentIn,
    session: SessionDep,
    grounds: GroundsDep,
    actor: ActorDep,
    request: Request,
    response: Response,
) -> RecordedOut:
    """Take an incident in; it is placed in its grids at once.

    Outside every grid, without coordinates, at 0,0 or in the future it is kept and marked. With a
    `client_key` it is stored once however often it is sent: 201 the first time, 200 afterwards, 409 when the
    same key comes with another content.
    """
    fields = body.model_dump(exclude={"crs"})
    draft = IncidentDraft(**fields, crs=body.crs or grounds.zone(session).storage_crs)
    recorded = incidents.record_incident(session, grounds, draft, actor)
    if not recorded.created:
        response.status_code = status.HTTP_200_OK
    response.headers["Location"] = str(request.url_for("get_incident", incident_id=recorded.incident.id).path)
    chain = None
    if recorded.chain is not None and body.lon is not None and body.lat is not None:
        chain = ChainOut.of(recorded.chain, PointOut(lon=body.lon, lat=body.lat, crs=draft.crs))
    return RecordedOut(**asdict(recorded.incident), created=recorded.created, chain=chain)


@router.get("/incidents", dependencies=[access(SEE_INCIDENTS)])
def get_incidents(
    session: SessionDep,
    actor: ActorDep,
    request: Request,
    asked: FilterDep,
    limit: Limit = 100,
    cursor: Annotated[str | None, Query(description="From `next` of the page before", max_length=200)] = None,
    count: Annotated[bool, Query(description="Also say how many match in all")] = False,
) -> IncidentPage:
    """List incidents that match, newest first, a page at a time."""
    page = incidents.list_incidents(
        session,
        asked,
        limit=limit,
        after=paging.read_cursor(cursor),
        with_words=may(actor, READ_INCIDENT_TEXT),
    )
    return IncidentPage(
        incidents=[IncidentOut.model_validate(incident) for incident in page.incidents],
        numberReturned=len(page.incidents),
        numberMatched=incidents.count_incidents(session, asked) if count else None,
        next=paging.next_link(request, page.next_after),
    )


@router.get("/incidents.geojson", dependencies=[access(SEE_INCIDENTS)])
def get_incidents_geojson(
    session: SessionDep,
    actor: ActorDep,
    request: Request,
    asked: FilterDep,
    limit: Limit = 1000,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    """The same as GeoJSON points (storage CRS); incidents without a place are left out and not counted."""
    page = incidents.list_incidents(
        session,
        asked,
        limit=limit,
        after=paging.read_cursor(cursor),
        with_words=may(actor, READ_INCIDENT_TEXT),
        only_placed=True,
    )
    following = paging.next_link(request, page.next_after)
    return {
        "type": "FeatureCollection",
        "numberMatched": incidents.count_incidents(session, asked, only_placed=True),
        "numberReturned": len(page.incidents),
        "features": [_feature(incident) for incident in page.incidents],
        "links": [{"rel": "next", "href": following}] if following else [],
    }


@router.get("/incidents/{incident_id}", dependencies=[access(SEE_INCIDENTS)])
def get_incident(session: SessionDep, actor: ActorDep, incident_id: int) -> IncidentOut:
    """One incident."""
    found = incidents.get_incident(session, incident_id, with_words=may(actor, READ_INCIDENT_TEXT))
    return IncidentOut.model_validate(found)


def _feature(incident: Incident) -> dict[str, Any]:
    properties = IncidentOut.model_validate(incident).model_dump(mode="json", exclude={"lon", "lat"})
    return {
        "type": "Feature",
        "id": incident.id,
        "geometry": {"type": "Point", "coordinates": [incident.lon, incident.lat]},
        "properties": properties,
    }
