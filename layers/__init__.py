"""Maps of the grids: frames in, Folium maps out; the same functions for notebooks and for the web server."""

from layers.card import Card
from layers.gridmap import GridMap
from layers.maps import coverage_map, density_map
from layers.paper import Imprint
from layers.style import warm_up
from layers.tiles import TileSource, XyzBasemap

__all__ = ["Card", "GridMap", "Imprint", "TileSource", "XyzBasemap", "coverage_map", "density_map", "warm_up"]
