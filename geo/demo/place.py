"""From the demo's local metres to the zone's storage CRS."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geo.demo.shapes import Floats
from geo.model import Zone

ZONE_FILE = Path(__file__).with_name("zone.toml")
CENTRE_LON, CENTRE_LAT = 113.85, 27.62
DECIMALS = 8  # about a millimetre


class Placement:
    """Turns local metres into longitude and latitude; equal points stay equal."""

    def __init__(self, zone: Zone) -> None:
        to_metric = pyproj.Transformer.from_crs(zone.storage_crs, zone.metric_crs, always_xy=True)
        self._to_storage = pyproj.Transformer.from_crs(zone.metric_crs, zone.storage_crs, always_xy=True)
        self._origin = np.round(np.array(to_metric.transform(CENTRE_LON, CENTRE_LAT)), 0)

    def points(self, points: Floats) -> Floats:
        """Return longitude and latitude of local points, shape (n, 2), rounded to a millimetre."""
        lon, lat = self._to_storage.transform(points[:, 0] + self._origin[0], points[:, 1] + self._origin[1])
        return np.round(np.column_stack([lon, lat]), DECIMALS)

    def geometries(self, shapes: NDArray[np.object_] | list[shapely.Geometry]) -> NDArray[np.object_]:
        """Return geometries vertex by vertex in longitude and latitude."""
        metric = shapely.transform(np.asarray(shapes, dtype=object), partial(np.round, decimals=3))
        return np.asarray(shapely.transform(metric, self.points), dtype=object)
