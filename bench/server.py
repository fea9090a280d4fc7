"""The web server being measured, with an endpoint beside it that only answers."""

from __future__ import annotations

from fastapi import FastAPI

from api.app import create_app
from api.auth import access
from geo.permissions import SEE_MAPS


def make_app() -> FastAPI:
    """The application, and a constant under the same access rule."""
    app = create_app()

    @app.get("/bench/constant", dependencies=[access(SEE_MAPS)])
    def constant() -> dict[str, str]:
        return {"answer": "the same"}

    return app
