"""The web application put together: settings in, FastAPI out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.auth import PublicFiles
from api.pages import docs, home, maps, vendor
from api.pages import statistics as statistics_page
from api.pages.render import STATIC
from api.pages.sign_in import add_sign_in
from api.problems import add_problem_handlers
from api.routes import (
    appraisal,
    buildings,
    geocode,
    geocode_batch,
    grids,
    health,
    incidents,
    people,
    places,
    statistics,
    tiles,
)
from api.security import protect
from geo.database import database_urls
from geo.ground import Grounds, GroundWatch
from geo.settings import Settings
from geo.store.engine import make_engine, make_sessions

DESCRIPTION = """
Nested grids of a zone, its buildings and incidents. Longitude first, everywhere; every CRS is declared.
Errors are problem details (RFC 9457). Sign in, or send `Authorization: Bearer …` (`wangge token --role …`).
"""


def create_app(
    settings: Settings | None = None, *, app_url: str | None = None, watch: bool = True
) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    settings
        Read from the environment when None.
    app_url
        The database as the application role; found through the settings when None.
    watch
        Whether changes of the ground are looked for in the background; otherwise each request looks.
    """
    settings = settings or Settings.from_environment()
    url = app_url or database_urls(settings).app

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = make_engine(url)
        app.state.sessions = make_sessions(engine)
        app.state.grounds = Grounds(settings.paths.state_dir / "index")
        ground_watch = GroundWatch(app.state.grounds, app.state.sessions)
        if watch:
            ground_watch.start()
        yield
        ground_watch.stop()
        engine.dispose()

    app = FastAPI(
        title="Wangge 网格",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.settings = settings
    protect(app, settings)
    add_problem_handlers(app)
    add_sign_in(app)
    for resource in (
        health,
        grids,
        buildings,
        people,
        places,
        geocode,
        geocode_batch,
        incidents,
        statistics,
        appraisal,
        tiles,
    ):
        app.include_router(resource.router)
    for pages in (docs, vendor, home, maps, statistics_page):
        app.include_router(pages.router)
    app.mount("/static", PublicFiles(directory=STATIC), name="static")
    return app
