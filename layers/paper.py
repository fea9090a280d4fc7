"""A map on paper: A4 or A3, with title, date, legend, scale, notice and source."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from layers.drawn import Drawn
from layers.libraries import own


@dataclass(frozen=True)
class Imprint:
    """What stands around a printed map.

    Attributes
    ----------
    zone
        Name of the zone.
    moment
        Of which day and time the figures are, in words.
    notice
        What readers must know, such as that the data are invented; empty for nothing.
    source
        Where the data come from.
    """

    zone: str = ""
    moment: str = ""
    notice: str = ""
    source: str = ""


class Paper(Drawn):
    """A button that lays the map out on a sheet and prints it.

    Parameters
    ----------
    imprint
        The words around the map.
    """

    function: ClassVar[str] = "paper"
    default_js = own("core.js", "paper.js")
    default_css = own("theme.css", "map.css", "paper.css")

    def __init__(self, imprint: Imprint | None = None) -> None:
        super().__init__()
        self._imprint = imprint or Imprint()

    def options(self) -> dict[str, Any]:
        """Return the words around the map."""
        return asdict(self._imprint)
