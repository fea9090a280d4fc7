"""``/``: the two maps, the zone in figures, and where else to go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from geopandas import GeoDataFrame
from markupsafe import Markup
from sqlalchemy.orm import Session

from api.auth import SIGNED_IN, access
from api.deps import SessionDep, ZoneDep
from api.pages.frame import framed_page
from api.pages.map_words import say
from api.pages.maps import LangDep
from geo.density import Density, measure_density
from geo.frames import grids_frame
from geo.model import Zone
from layers.measures import MEASURES
from layers.style import Theme
from layers.thumbnail import thumbnail
from layers.words import Lang

router = APIRouter(include_in_schema=False, dependencies=[access(SIGNED_IN)])


@router.get("/", response_class=HTMLResponse)
def show_home(request: Request, session: SessionDep, zone: ZoneDep, lang: LangDep) -> HTMLResponse:
    """The way in for people."""
    grids = grids_frame(session)
    month = measure_density(session, level=min(2, len(zone.levels)), since=_days_ago(30))
    figures = [*_ground_figures(zone, grids, lang), (_cases_of_a_day(session), say(lang, "cases_24h"))]
    figures.append((month.summary.total, say(lang, "cases_30d")))
    pictures = {"coverage": _picture(month, "households"), "density": _picture(month, "count")}
    return framed_page(request, "home.html", zone, here="home", figures=figures, pictures=pictures)


def _days_ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def _cases_of_a_day(session: Session) -> int:
    return measure_density(session, level=1, since=_days_ago(1)).summary.total


def _ground_figures(zone: Zone, grids: GeoDataFrame, lang: Lang) -> list[tuple[int, str]]:
    """Numbers of grids by level, of buildings and of households, with their words."""
    labels = [label.zh if lang == "zh" else label.en for label in zone.levels]
    per_level = [(int((grids["level"] == level).sum()), label) for level, label in enumerate(labels, start=1)]
    coarse = grids[grids["level"] == 1]
    return per_level + [(int(coarse[key].sum()), say(lang, key)) for key in ("buildings", "households")]


def _picture(month: Density, measure: str) -> Markup:
    """The zone in small, as its map shows it, by day and by night; the style sheet picks one."""
    if month.frame.empty:
        return Markup()
    colors = "density" if measure == "count" else "coverage"
    by_theme = (
        thumbnail(month.frame, MEASURES[measure], colors=colors, theme=theme) for theme in get_args(Theme)
    )
    return Markup("".join(by_theme))  # noqa: S704 - numbers and colours only
