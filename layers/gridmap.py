"""The map itself: a ``folium.Map`` without the libraries it does not need, framed on the grids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import folium
from folium.template import Template

from layers.inert import inert_json
from layers.libraries import own
from layers.page import MapFigure, PageParts
from layers.words import Lang, vocabulary

#: Names by list and code.
Names: TypeAlias = Mapping[str, Mapping[str, str]]


class GridMap(folium.Map):
    """A map whose browser libraries are Leaflet and our own modules, all from our own copies.

    It shows in a notebook like any Folium map, without server or network; ``parts`` gives what the web
    server puts into a page. Folium's own vector and tile layers can be added; what needs jQuery or
    Bootstrap (popups with HTML, markers with icons) cannot, and says so.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees: what is in view at first.
    title
        Title of the page, and of the panel.
    lang
        ``zh`` or ``en``.
    state
        What is chosen at first: ``level``, ``measure``.
    names
        The zone's own names of kinds by list (``sites``, ``teams``, ``party_organisations``, ``cameras``,
        ``functions``, ``networks``, ``states``, ``posts``, ``building``, ``neighbourhood``) and code.
    keep_state_in_address
        Whether choices are written into the page's address, so that they survive a reload and can be shared.
    """

    default_js = own("theme.js", "leaflet.js", "core.js", "symbols.js")
    default_css = own("leaflet.css", "theme.css", "map.css", "symbols.css")

    _template = Template(
        "{% macro html(this, kwargs) %}"
        '<div class="wangge-map" id="{{ this.get_name() }}" lang="{{ this.lang }}"></div>'
        "{% endmacro %}"
        "{% macro script(this, kwargs) %}"
        'var {{ this.get_name() }} = wangge.map("{{ this.get_name() }}", {{ this.inert_options() }});\n'
        "{% endmacro %}"
    )

    def __init__(
        self,
        *,
        bounds: tuple[float, float, float, float],
        title: str,
        lang: Lang,
        state: dict[str, Any],
        names: Names | None = None,
        keep_state_in_address: bool = False,
    ) -> None:
        west, south, east, north = bounds
        super().__init__(location=[(south + north) / 2, (west + east) / 2], tiles=None)
        figure = MapFigure(title=title)
        figure.add_child(self)
        self.figure = figure
        self.bounds = [[south, west], [north, east]]
        self.lang = lang
        self.title = title
        self.state = state
        self.names = names or {}
        self.keep_state_in_address = keep_state_in_address

    def inert_options(self) -> str:
        """Return what the browser needs to set the map up, as text for the page."""
        return inert_json(
            {
                "bounds": self.bounds,
                "lang": self.lang,
                "title": self.title,
                "state": self.state,
                "keepState": self.keep_state_in_address,
                "names": {name: dict(listed) for name, listed in self.names.items()},
                "words": vocabulary(self.lang),
            }
        )

    def parts(self, *, nonce: str = "", assets: str | None = None) -> PageParts:
        """Render for a page of the web server; see ``MapFigure.parts``."""
        return self.figure.parts(nonce=nonce, assets=assets)
