"""Compile what the index is made of, so that nobody waits for it at the first question.

``make setup`` and the image run it once: ``python -m geo.locate.warm_up``.
"""

from __future__ import annotations

from geopandas import GeoDataFrame
from shapely import box

from geo.locate.index import Locator


def warm_up() -> None:
    """Build and ask a small index; what was compiled is kept on disk."""
    layer = GeoDataFrame(geometry=[box(0, 0, 2, 2), box(1, 1, 3, 3)], crs="EPSG:4490")
    locator = Locator.from_frame(layer)
    locator.locate(lon=[0.5, 1.5], lat=[0.5, 1.5])
    locator.locate_all(lon=[0.5, 1.5], lat=[0.5, 1.5])


if __name__ == "__main__":
    warm_up()
