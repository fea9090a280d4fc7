"""The API's description: ``/openapi.json``, and ``/docs`` to read and try it, from our own server only."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.auth import SIGNED_IN, access
from api.pages.render import page
from api.pages.vendor import BASE as VENDOR
from layers.libraries import get_library

router = APIRouter(include_in_schema=False)


@router.get("/openapi.json", dependencies=[access(SIGNED_IN)])
def describe(request: Request) -> dict[str, Any]:
    """The API in OpenAPI."""
    description: dict[str, Any] = request.app.openapi()
    return description


@router.get("/docs", dependencies=[access(SIGNED_IN)])
def show_docs(request: Request) -> Response:
    """The API to read and to try."""
    script, style = (get_library(name).address(VENDOR) for name in ("swagger-ui-bundle.js", "swagger-ui.css"))
    return page(request, "docs.html", script=script, style=style)
