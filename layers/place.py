"""What lies at a clicked place: its grids, its building or the nearest one, asked of the server."""

from __future__ import annotations

from typing import Any, ClassVar

from layers.drawn import Drawn
from layers.libraries import own


class Place(Drawn):
    """A pin where the reader clicked, and what the server knows of that place on the card.

    Parameters
    ----------
    url
        Address that answers ``?lon=…&lat=…`` (degrees) as ``GET /geocode`` does.
    """

    function: ClassVar[str] = "place"
    default_js = own("core.js", "ask.js", "place.js")

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def options(self) -> dict[str, Any]:
        """Return the address."""
        return {"url": self._url}
