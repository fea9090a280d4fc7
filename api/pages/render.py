"""Our own pages from templates: language, nonce and form token are always at hand."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.pages.vendor import frame_parts
from api.pages.words import Language, words_in

_HERE = Path(__file__).parent
STATIC = _HERE / "static"


@lru_cache(maxsize=1)
def _templates() -> Environment:
    loader = FileSystemLoader(_HERE / "templates")
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def language_of(request: Request) -> Language:
    """Chinese unless the address says ``lang=en``."""
    return "en" if request.query_params.get("lang") == "en" else "zh"


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Answer with a page.

    Parameters
    ----------
    template
        File in ``api/pages/templates``. Beside ``values`` it knows ``t(key)`` for words, ``lang``, ``nonce``
        for script and style elements, ``theme`` (elements for the head), ``csrf_token`` for forms, ``actor``
        (or None), ``url(path)`` that keeps the language, ``other_language_url``. ``framed_page`` adds the
        zone and the way around.
    """
    language = language_of(request)
    values = {"here": "plain", "pages": (), "zone_name": "", "notice": ""} | values
    content = (
        _templates()
        .get_template(template)
        .render(
            t=words_in(language),
            lang=language,
            nonce=request.state.csp_nonce,
            csrf_token=request.scope["csrftoken"](),
            actor=getattr(request.state, "actor", None),
            url=lambda path: path + ("?lang=en" if language == "en" else ""),
            other_language_url=_other_language(request, language),
            theme=frame_parts(request.state.csp_nonce),
            **values,
        )
    )
    return HTMLResponse(content, status)


def _other_language(request: Request, language: Language) -> str:
    """Address of the same page in the other language."""
    address = request.url.remove_query_params("lang")
    if language == "zh":
        address = address.include_query_params(lang="en")
    return f"{address.path}?{address.query}" if address.query else address.path


def localized(request: Request, path: str, **query: str | None) -> str:
    """A path of ours with a query, in the language of the request."""
    values = {name: value for name, value in query.items() if value is not None}
    if language_of(request) == "en" and "lang=" not in path:
        values["lang"] = "en"
    if not values:
        return path
    return f"{path}{'&' if '?' in path else '?'}{urlencode(values)}"
