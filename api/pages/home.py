"""``/``: the two maps, the zone in figures, and where else to go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from api.auth import SIGNED_IN, access
from api.deps import SessionDep, ZoneDep
from api.pages.frame import framed_page
from api.pages.map_words import say
from api.pages.maps import LangDep
from geo.density import measure_density
from geo.frames import grids_frame
from geo.model import Zone
from layers.words import Lang

router = APIRouter(include_in_schema=False, dependencies=[access(SIGNED_IN)])


@router.get("/", response_class=HTMLResponse)
def show_home(request: Request, session: SessionDep, zone: ZoneDep, lang: LangDep) -> HTMLResponse:
    """The way in for people."""
    return framed_page(request, "map_home.html", zone, here="home", figures=_figures(session, zone, lang))


def _figures(session: Session, zone: Zone, lang: Lang) -> list[tuple[int, str]]:
    """Return the zone's key figures with their words."""
    grids = grids_frame(session)
    labels = [label.zh if lang == "zh" else label.en for label in zone.levels]
    per_level = [(int((grids["level"] == level).sum()), label) for level, label in enumerate(labels, start=1)]
    coarse = grids[grids["level"] == 1]
    filed = [(int(coarse[key].sum()), say(lang, key)) for key in ("buildings", "households")]
    now = datetime.now(UTC)
    cases = [
        (measure_density(session, level=1, since=now - timedelta(days=days)).summary.total, say(lang, key))
        for key, days in (("cases_24h", 1), ("cases_30d", 30))
    ]
    return per_level + filed + cases
