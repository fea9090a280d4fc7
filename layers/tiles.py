"""Buildings, roads, water and land use as vector tiles, and an optional picture map below everything."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from layers.drawn import Drawn
from layers.libraries import own


@dataclass(frozen=True)
class TileSource:
    """Where vector tiles come from.

    Attributes
    ----------
    ground
        Address template of tiles with the layers ``land_use``, ``water``, ``roads`` and their label points;
        ``{z}``, ``{x}``, ``{y}`` are filled in by the browser.
    buildings
        The same for tiles with the layers ``buildings`` and ``building_labels``.
    ground_max_zoom, buildings_max_zoom
        The finest zoom tiles are made for; finer views enlarge these.
    """

    ground: str = "/tiles/ground/{z}/{x}/{y}.mvt"
    buildings: str = "/tiles/buildings/{z}/{x}/{y}.mvt"
    ground_max_zoom: int = 15
    buildings_max_zoom: int = 15


@dataclass(frozen=True)
class XyzBasemap:
    """A picture map in ``{z}/{x}/{y}`` tiles, as the zone's own setting; none by default.

    Attributes
    ----------
    url
        Address template.
    attribution
        Plain text that says whose it is.
    max_zoom
        The finest zoom it has.
    """

    url: str
    attribution: str = ""
    max_zoom: int = 18


class VectorTiles(Drawn):
    """Ground and buildings, drawn by protomaps-leaflet on Leaflet's canvas.

    Parameters
    ----------
    source
        Where the tiles come from.
    base_url
        Put before addresses that are not absolute.
    ground
        Whether land use, water and roads are drawn; off over a picture map.
    """

    function: ClassVar[str] = "tiles"
    default_js = own("protomaps-leaflet.js", "core.js", "labels.js", "ground.js", "tiles.js")

    def __init__(self, source: TileSource, *, base_url: str = "", ground: bool = True) -> None:
        super().__init__()
        self._source = source
        self._base_url = base_url.rstrip("/")
        self._ground = ground

    def options(self) -> dict[str, Any]:
        """Return addresses and zooms."""
        source = self._source
        return {
            "ground": self._base_url + source.ground if self._ground else None,
            "buildings": self._base_url + source.buildings,
            "groundMaxZoom": source.ground_max_zoom,
            "buildingsMaxZoom": source.buildings_max_zoom,
        }


class PictureTiles(Drawn):
    """A picture map below everything else."""

    function: ClassVar[str] = "pictures"
    default_js = own("core.js", "tiles.js")

    def __init__(self, basemap: XyzBasemap) -> None:
        super().__init__()
        self._basemap = basemap

    def options(self) -> dict[str, Any]:
        """Return address, attribution as inert markup, and finest zoom."""
        return {
            "url": self._basemap.url,
            "attribution": escape(self._basemap.attribution),
            "maxZoom": self._basemap.max_zoom,
        }
