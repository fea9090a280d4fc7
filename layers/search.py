"""Search by name or code: fly to a grid and open its card."""

from __future__ import annotations

from typing import Any, ClassVar

from layers.drawn import Drawn
from layers.libraries import own


class Search(Drawn):
    """A search field over the grids of all levels."""

    function: ClassVar[str] = "search"
    default_js = own("core.js", "search.js")

    def options(self) -> dict[str, Any]:
        """Return nothing: it searches the grids on the map."""
        return {}
