"""What stands around every map page: zone, ways to the other pages, language, who is signed in."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.map_words import say
from api.pages.render import language_of, page
from geo.model import Zone

_PAGES = (
    ("home", "/"),
    ("coverage", "/maps/coverage"),
    ("density", "/maps/density"),
    ("statistics", "/statistics"),
)


def framed_page(request: Request, template: str, zone: Zone, *, here: str, **values: Any) -> HTMLResponse:
    """Answer with a page in the maps' frame.

    Parameters
    ----------
    template
        File in ``api/pages/templates`` that extends ``base.html``.
    here
        Which page it is: ``home``, ``coverage`` or ``density``.
    """
    lang = language_of(request)
    return page(
        request,
        template,
        here=here,
        say=partial(say, lang),
        zone_name=zone.name if lang == "zh" else zone.name_en,
        notice=zone.notice_zh if lang == "zh" else zone.notice_en,
        pages=_PAGES,
        address_with=partial(_address_with, request),
        **values,
    )


def _address_with(request: Request, drop: tuple[str, ...] = (), **changes: str) -> str:
    """Return this page's address with other choices."""
    url = request.url.remove_query_params(list(drop)) if drop else request.url
    return "?" + url.include_query_params(**changes).query
