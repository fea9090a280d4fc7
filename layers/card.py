"""The card of a grid, a neighbourhood, a building or a symbol: who answers, figures, links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from layers.drawn import Drawn
from layers.libraries import own


class Card(Drawn):
    """A side panel on a desk, a bottom sheet on a phone.

    Parameters
    ----------
    people_url
        Address that says who answers for a place, with ``{place}`` (grids, neighbourhoods, buildings,
        sites …) and ``{code}`` to be filled in; None where there is no server.
    counts_url
        The same for what a neighbourhood or building holds.
    links
        Other pages about a grid by key (``density``, ``coverage``, ``statistics``): addresses with
        ``{code}``, ``{level}`` and ``{unit}``, its second-level grid.
    arrive
        Whether ``?grid=CODE`` in the page's address opens that grid's card.
    """

    function: ClassVar[str] = "card"
    default_js = own("core.js", "ask.js", "figures.js", "people.js", "spot.js", "card.js")
    default_css = own("theme.css", "map.css", "places.css")

    def __init__(
        self,
        *,
        people_url: str | None = None,
        counts_url: str | None = None,
        links: Mapping[str, str] | None = None,
        arrive: bool = False,
    ) -> None:
        super().__init__()
        self._people_url = people_url
        self._counts_url = counts_url
        self._links = links or {}
        self._arrive = arrive

    def options(self) -> dict[str, Any]:
        """Return the addresses it asks and links to."""
        return {
            "people": self._people_url,
            "counts": self._counts_url,
            "links": [{"key": key, "url": url} for key, url in self._links.items()],
            "arrive": self._arrive,
        }
