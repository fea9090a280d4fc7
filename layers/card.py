"""The card of a grid: its chain of names, code and figures, opened by a click."""

from __future__ import annotations

from typing import Any, ClassVar

from layers.drawn import Drawn
from layers.libraries import own


class Card(Drawn):
    """A side panel on a desk, a bottom sheet on a phone."""

    function: ClassVar[str] = "card"
    default_js = own("core.js", "card.js")

    def options(self) -> dict[str, Any]:
        """Return nothing: it shows the grid chosen on the map."""
        return {}
