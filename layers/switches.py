"""Switches: which level and measure colours the map, and which layers are shown."""

from __future__ import annotations

from typing import Any, ClassVar

from layers.drawn import Drawn
from layers.libraries import own


class Switches(Drawn):
    """The panel's switches. Layers shown on the map are found by the browser itself."""

    function: ClassVar[str] = "switches"
    default_js = own("core.js", "switches.js")

    def options(self) -> dict[str, Any]:
        """Return nothing: levels, measures and layers are known to the map already."""
        return {}
