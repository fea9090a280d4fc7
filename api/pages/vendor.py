"""``/static/vendor``: browser libraries, each at an address that carries the hash of its content."""

from __future__ import annotations

import gzip
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Header, Response

from api.auth import PUBLIC, access
from geo.errors import NotFound
from layers.libraries import Library, find_library

BASE = "/static/vendor"
router = APIRouter(prefix=BASE, include_in_schema=False, dependencies=[access(PUBLIC)])

# What is at such an address never changes.
_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


@cache
def _compressed(library: Library) -> bytes:
    return gzip.compress(library.content, mtime=0)


@router.get("/{digest}/{name}")
def read_library(digest: str, name: str, accept_encoding: Annotated[str, Header()] = "") -> Response:
    """A script or style sheet the maps need."""
    library = find_library(name, digest)
    if library is None:
        raise NotFound(f"there is no file {name!r} of that version; reload the page that asks for it")
    if "gzip" in accept_encoding:
        headers = _HEADERS | {"Content-Encoding": "gzip"}
        return Response(_compressed(library), media_type=library.media_type, headers=headers)
    return Response(library.content, media_type=library.media_type, headers=_HEADERS)
