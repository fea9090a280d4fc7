"""The legend: what the colours mean, in words and numbers, and how many grids have each."""

from __future__ import annotations

from typing import Any, ClassVar

from layers.drawn import Drawn
from layers.libraries import own


class Legend(Drawn):
    """Title, unit, classes with counts, and grids without data; follows the level and measure chosen."""

    function: ClassVar[str] = "legend"
    default_js = own("core.js", "legend.js")

    def options(self) -> dict[str, Any]:
        """Return nothing: everything it shows is known to the map already."""
        return {}
