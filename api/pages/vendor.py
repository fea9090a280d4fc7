"""``/static/vendor``: browser libraries and fonts, at addresses that carry the hash of their content."""

from __future__ import annotations

import gzip
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Header, Response
from markupsafe import Markup

from api.auth import PUBLIC, access
from geo.errors import NotFound
from layers import fonts
from layers.libraries import Library, find_library, get_library

BASE = "/static/vendor"
router = APIRouter(prefix=BASE, include_in_schema=False, dependencies=[access(PUBLIC)])

# What is at such an address never changes.
_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


def frame_parts(nonce: str) -> Markup:
    """Return the elements every page has in its head: the theme, before anything is drawn, and the font."""
    style, script = ('<link rel="stylesheet" href="{}" nonce="{}">', '<script src="{}" nonce="{}"></script>')
    parts = ((script, "theme.js"), (style, "theme.css"), (style, fonts.STYLE))
    return Markup("\n").join(
        Markup(part).format(get_library(name).address(BASE), nonce)  # noqa: S704 - our own two elements
        for part, name in parts
    )


@cache
def _compressed(library: Library) -> bytes:
    return gzip.compress(library.content, mtime=0)


@router.get("/{digest}/{name}")
def read_library(digest: str, name: str, accept_encoding: Annotated[str, Header()] = "") -> Response:
    """A script, style sheet or font our pages need."""
    library = find_library(name, digest)
    if library is None:
        raise NotFound(f"there is no file {name!r} of that version; reload the page that asks for it")
    if "gzip" in accept_encoding and not library.is_font:
        headers = _HEADERS | {"Content-Encoding": "gzip"}
        return Response(_compressed(library), media_type=library.media_type, headers=headers)
    return Response(library.content, media_type=library.media_type, headers=_HEADERS)
