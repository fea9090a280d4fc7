"""Take incidents in and hand them out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy.orm import Session

from geo.errors import Conflict, InvalidInput, NotFound
from geo.geocode import storage_xy
from geo.ground import GroundIndex, Grounds
from geo.model import Actor, GridChain, Incident, IncidentDraft, IncidentFilter, Zone
from geo.period import in_utc
from geo.store import incidents as store
from geo.store import zones
from geo.zones import get_zone

#: Clocks of phones differ: an incident this little ahead is not "in the future".
CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An incident just taken in.

    Attributes
    ----------
    created
        False when the client key was known and the stored incident is given back.
    chain
        Grid chain found at intake; None for an incident without a place.
    """

    incident: Incident
    created: bool
    chain: GridChain | None


def record_incident(
    session: Session, grounds: Grounds, draft: IncidentDraft, actor: Actor, *, now: datetime | None = None
) -> Recorded:
    """Store an incident with the grid chain of its place, once per client key.

    An incident outside every grid, without coordinates, at 0,0 or in the future is kept and marked.

    Raises
    ------
    InvalidInput
        Unknown category or source, or coordinates that cannot be.
    Conflict
        The client key is stored already with another content.
    """
    now = now or datetime.now(UTC)
    day = grounds.zone(session).today(now)
    _check_codes(session, draft)
    chain, place = _place(grounds.at(session, day), draft, day)
    values = _values(draft, actor, now) | place
    incident_id = store.add_incident(session, values)
    if incident_id is None:
        return Recorded(_same_as_stored(session, draft, actor, chain), created=False, chain=chain)
    return Recorded(get_incident(session, incident_id), created=True, chain=chain)


def _check_codes(session: Session, draft: IncidentDraft) -> None:
    for name, value, what in (
        ("incident_categories", draft.category, "category"),
        ("incident_sources", draft.source, "source"),
    ):
        codes = zones.list_codes(session, name)
        if value not in codes:
            raise InvalidInput(
                f"{what} {value!r} is not on the zone's list; use one of {', '.join(sorted(codes))}"
            )


def _place(ground: GroundIndex, draft: IncidentDraft, day: date) -> tuple[GridChain | None, dict[str, Any]]:
    if (draft.lon is None) != (draft.lat is None):
        raise InvalidInput(f"lon {draft.lon} and lat {draft.lat} come together; send both or neither")
    if draft.lon is None or draft.lat is None or (draft.lon == 0 and draft.lat == 0):
        return None, {"place_status": _placeless(draft)}
    chain = ground.place(*storage_xy(ground.zone, draft.lon, draft.lat, draft.crs), day)
    return chain, _placed(chain, ground.zone)


def _placeless(draft: IncidentDraft) -> str:
    return "no_coordinates" if draft.lon is None else "null_island"


def _placed(chain: GridChain, zone: Zone) -> dict[str, Any]:
    return {
        "geom": from_shape(Point(chain.lon, chain.lat), srid=zone.storage_srid),
        "place_status": "inside" if chain.inside else "outside",
        "grid1_code": chain.code(1),
        "grid2_code": chain.code(2),
        "grid3_code": chain.code(3),
        "building_code": chain.building.code if chain.building else None,
        "release_id": chain.release.id if chain.release else None,
    }


def _values(draft: IncidentDraft, actor: Actor, now: datetime) -> dict[str, Any]:
    reported_at = draft.reported_at or now
    if reported_at.tzinfo is None:
        raise InvalidInput(
            f"reported_at {reported_at.isoformat()} has no time zone; write it with +08:00 or Z"
        )
    reported_at = in_utc(reported_at, "reported_at")
    return {
        "category": draft.category,
        "source": draft.source,
        "description": draft.description,
        "address_text": draft.address_text,
        "reported_at": reported_at,
        "time_status": "future" if reported_at > now + CLOCK_TOLERANCE else "plausible",
        "lon": draft.lon,
        "lat": draft.lat,
        "input_crs": draft.crs,
        "client_key": draft.client_key,
        "created_by": actor.account_id,
    }


def _same_as_stored(
    session: Session, draft: IncidentDraft, actor: Actor, chain: GridChain | None
) -> Incident:
    stored = store.find_by_client_key(session, actor.account_id, draft.client_key or "")
    if stored is None:
        raise Conflict(
            f"client key {draft.client_key!r} was taken and given up again at this moment; send again"
        )
    place = (chain.lon, chain.lat) if chain else (None, None)
    then = (stored.category, stored.source, stored.description, stored.address_text, stored.lon, stored.lat)
    same = then == (draft.category, draft.source, draft.description, draft.address_text, *place)
    # Without a time, each sending means the moment of the first.
    same_time = draft.reported_at is None or draft.reported_at == stored.reported_at
    same_status = chain is not None or stored.place_status == _placeless(draft)
    if not (same and same_time and same_status):
        raise Conflict(
            f"client key {draft.client_key!r} already stands for incident {stored.id} with another content; "
            "use a new key for a new incident"
        )
    return stored


def get_incident(session: Session, incident_id: int, *, with_words: bool = True) -> Incident:
    """One incident.

    Raises
    ------
    NotFound
        There is none of that id.
    """
    incident = store.find_incident(session, incident_id)
    if incident is None:
        raise NotFound(f"there is no incident {incident_id}")
    return _masked([incident], with_words=with_words)[0]


@dataclass(frozen=True, slots=True)
class Page:
    """Some incidents, newest first, and the key the next page begins after (None: that was the last)."""

    incidents: list[Incident]
    next_after: tuple[datetime, int] | None


def list_incidents(
    session: Session,
    asked: IncidentFilter,
    *,
    limit: int = 100,
    after: tuple[datetime, int] | None = None,
    with_words: bool = True,
    only_placed: bool = False,
) -> Page:
    """A page of the incidents that match, newest first."""
    zone = get_zone(session)
    rows = store.list_incidents(
        session, asked, srid=zone.storage_srid, limit=limit + 1, after=after, only_placed=only_placed
    )
    page = rows[:limit]
    more = len(rows) > limit
    return Page(_masked(page, with_words=with_words), (page[-1].reported_at, page[-1].id) if more else None)


def count_incidents(session: Session, asked: IncidentFilter, *, only_placed: bool = False) -> int:
    """How many incidents match, whatever the page."""
    return store.count_incidents(session, asked, srid=get_zone(session).storage_srid, only_placed=only_placed)


def _masked(incidents: Iterable[Incident], *, with_words: bool) -> list[Incident]:
    """Leave out case text for askers who may not read it."""
    if with_words:
        return list(incidents)
    return [replace(incident, description=None, address_text=None) for incident in incidents]
