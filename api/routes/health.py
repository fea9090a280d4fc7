"""Is the process alive, is it ready to answer."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import text

from api.auth import PUBLIC, access
from api.deps import SessionDep
from geo.zones import find_zone

router = APIRouter(tags=["health"])


@router.get("/healthz", dependencies=[access(PUBLIC)])
def healthz() -> dict[str, str]:
    """The process is alive."""
    return {"status": "ok"}


@router.get("/readyz", dependencies=[access(PUBLIC)])
def readyz(session: SessionDep) -> dict[str, object]:
    """The database answers and serves a zone, or not yet; 503 when it does not answer."""
    session.execute(text("SELECT 1"))
    zone = find_zone(session)
    return {"status": "ok", "zone": None if zone is None else zone.name}
