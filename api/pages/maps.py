"""``/maps/coverage`` and ``/maps/density``: the maps as pages, their choices in the address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, time
from threading import Thread
from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from geopandas import GeoDataFrame
from markupsafe import Markup
from sqlalchemy.orm import Session

import layers
from api.auth import access
from api.deps import SessionDep, ZoneDep
from api.pages.coverage_map import (
    CoverageFilter,
    card_for,
    filter_form,
    imprint_for,
    names_for,
    place_sources,
)
from api.pages.frame import framed_page
from api.pages.map_filters import PERIODS, MapFilter, read_map_filter
from api.pages.render import language_of
from api.pages.vendor import BASE as VENDOR
from geo.categories import category_tree
from geo.coverage import measure_coverage
from geo.density import DensitySummary, heat_points, measure_density
from geo.model import Zone
from geo.permissions import SEE_MAPS
from geo.settings import ServerSettings
from geo.tiles import tiles_version
from layers.measures import DENSITY_MEASURES
from layers.style import SCHEMES
from layers.words import Lang
from layers.words import say as map_say


@asynccontextmanager
async def _warmed_up(_: object) -> AsyncIterator[None]:
    """Spare the first reader the seconds some libraries take to load; the start does not wait for them."""
    warming = Thread(target=layers.warm_up, name="warm-up", daemon=True)
    warming.start()
    yield
    warming.join()  # an import that the end of the process cuts off complains


router = APIRouter(
    prefix="/maps", include_in_schema=False, dependencies=[access(SEE_MAPS)], lifespan=_warmed_up
)

# Fewer columns, smaller page: what the maps need of a frame.
_GRID_COLUMNS = ["level", "name", "kind", "parent_code", "area_km2", "households", "buildings", "geometry"]


LangDep = Annotated[Lang, Depends(language_of)]
LevelChoice = Annotated[int | None, Query(ge=1, le=3)]


def read_coverage_filter(
    as_of: date | None = None,
    at: Annotated[time | None, Query(description="Time of day in the zone, 18:30")] = None,
    function: Annotated[str | None, Query(max_length=60)] = None,
) -> CoverageFilter:
    """Filters of a coverage map, from its address."""
    return CoverageFilter(as_of, at, function or None)


@router.get("/coverage", response_class=HTMLResponse)
def show_coverage(
    request: Request,
    session: SessionDep,
    zone: ZoneDep,
    lang: LangDep,
    chosen: Annotated[CoverageFilter, Depends(read_coverage_filter)],
    level: LevelChoice = None,
    measure: str = "households",
    scheme: str = "FisherJenks",
) -> HTMLResponse:
    """Grids of all levels with what they look after, who and what is there for it, and what is missing."""
    coverage = measure_coverage(session, as_of=chosen.as_of, at=chosen.at, function=chosen.function)
    names = names_for(session, lang)
    drawn = layers.coverage_map(
        _every_level(coverage.frames, zone),
        measure=measure,
        level=level or len(zone.levels),
        scheme=scheme,
        places=place_sources(coverage.moment, chosen.function),
        gaps=coverage.gaps,
        card=card_for(zone, lang, coverage.moment.date()),
        names=names,
        imprint=imprint_for(zone, lang, coverage.moment),
        **_surroundings(request, session, zone, lang, coverage.moment.date()),
    )
    form = filter_form(chosen, coverage, names, lang)
    return _page(request, zone, "coverage", drawn, **form, **_schemes(scheme, lang))


def read_filter(
    period: str | None = None,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    category: str | None = None,
) -> MapFilter:
    """Filters of a density map, from its address."""
    return read_map_filter(period, first, last, category)


@router.get("/density", response_class=HTMLResponse)
def show_density(
    request: Request,
    session: SessionDep,
    zone: ZoneDep,
    lang: LangDep,
    chosen: Annotated[MapFilter, Depends(read_filter)],
    level: LevelChoice = None,
    measure: str = "count",
    scheme: str = "FisherJenks",
) -> HTMLResponse:
    """Cases of each grid, by period and category."""
    cases = chosen.cases(zone)
    measured = {each: measure_density(session, level=each, **cases) for each in _levels(zone)}
    frames = {each: found.frame[_GRID_COLUMNS] for each, found in measured.items()}
    drawn = layers.density_map(
        frames,
        pd.concat([found.frame[list(DENSITY_MEASURES)] for found in measured.values()]),
        measure=measure,
        level=level or len(zone.levels),
        scheme=scheme,
        heat=heat_points(session, **cases),
        card=card_for(zone, lang, zone.today()),
        names=names_for(session, lang),
        imprint=imprint_for(zone, lang, None),
        **_surroundings(request, session, zone, lang, zone.today()),
    )
    summary = measured[len(zone.levels)].summary
    return _page(
        request, zone, "density", drawn, **_filter_form(session, chosen, summary), **_schemes(scheme, lang)
    )


def _levels(zone: Zone) -> range:
    return range(1, len(zone.levels) + 1)


def _every_level(frames: dict[int, GeoDataFrame], zone: Zone) -> dict[int, GeoDataFrame]:
    """The frames with an empty one for each level that has no grid yet."""
    empty = next((frame.iloc[:0] for frame in frames.values()), None)
    return frames if empty is None else {level: frames.get(level, empty) for level in _levels(zone)}


def _surroundings(request: Request, session: Session, zone: Zone, lang: Lang, day: date) -> dict[str, Any]:
    """Return what both maps have around their grids: tiles, picture map, the zone's words."""
    server: ServerSettings = request.app.state.settings.server
    version = tiles_version(session)
    return {
        "lang": lang,
        "tiles": layers.TileSource(
            ground=f"/tiles/ground/{{z}}/{{x}}/{{y}}.mvt?v={version}",
            buildings=f"/tiles/buildings/{{z}}/{{x}}/{{y}}.mvt?v={version}",
        ),
        "basemap": layers.XyzBasemap(server.basemap_url, server.basemap_attribution)
        if server.basemap_url
        else None,
        "place_url": "/geocode" if day == zone.today() else f"/geocode?as_of={day}",
        "level_labels": {
            place: label.zh if lang == "zh" else label.en for place, label in enumerate(zone.levels, start=1)
        },
        "keep_state_in_address": True,
    }


def _filter_form(session: Session, chosen: MapFilter, summary: DensitySummary) -> dict[str, Any]:
    figures = {
        key: getattr(summary, key) for key in ("counted", "outside", "unplaced", "superseded", "future")
    }
    return {
        "chosen": chosen,
        "periods": PERIODS,
        "categories": category_tree(session),
        "total": summary.total,
        "figures": [(key, figure) for key, figure in figures.items() if figure],
    }


def _schemes(scheme: str, lang: Lang) -> dict[str, Any]:
    return {"schemes": [(key, map_say(key, lang)) for key in SCHEMES], "scheme": scheme}


def _page(request: Request, zone: Zone, name: str, drawn: layers.GridMap, **values: Any) -> HTMLResponse:
    parts = drawn.parts(nonce=request.state.csp_nonce, assets=VENDOR)
    return framed_page(
        request,
        f"map_{name}.html",
        zone,
        here=name,
        # Made by layers.page from our own templates and inert JSON.
        map_head=Markup(parts.head),  # noqa: S704
        map_body=Markup(parts.body),  # noqa: S704
        map_script=Markup(parts.script),  # noqa: S704
        **values,
    )
