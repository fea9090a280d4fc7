"""From the demo's local metres to the zone's storage CRS."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geo.demo.shapes import Floats

ZONE_FILE = Path(__file__).with_name("zone.toml")
CENTRE_LON, CENTRE_LAT = 113.85, 27.62
DECIMALS = 8  # about a millimetre


@dataclass(frozen=True)
class ZoneSettings:
    """What the demo needs of ``zone.toml``."""

    name: str
    code_prefix: str
    storage_crs: str
    metric_crs: str
    time_zone: str
    notice_zh: str
    notice_en: str


def read_zone_settings(path: Path = ZONE_FILE) -> ZoneSettings:
    """Read the demo zone's own settings file."""
    zone = tomllib.loads(path.read_text(encoding="utf-8"))["zone"]
    return ZoneSettings(**{field: zone[field] for field in ZoneSettings.__dataclass_fields__})


class Placement:
    """Turns local metres into longitude and latitude; equal points stay equal."""

    def __init__(self, settings: ZoneSettings) -> None:
        to_metric = pyproj.Transformer.from_crs(settings.storage_crs, settings.metric_crs, always_xy=True)
        self._to_storage = pyproj.Transformer.from_crs(
            settings.metric_crs, settings.storage_crs, always_xy=True
        )
        self._origin = np.round(np.array(to_metric.transform(CENTRE_LON, CENTRE_LAT)), 0)

    def points(self, points: Floats) -> Floats:
        """Return longitude and latitude of local points, shape (n, 2), rounded to a millimetre."""
        lon, lat = self._to_storage.transform(points[:, 0] + self._origin[0], points[:, 1] + self._origin[1])
        return np.round(np.column_stack([lon, lat]), DECIMALS)

    def geometries(self, shapes: NDArray[np.object_] | list[shapely.Geometry]) -> NDArray[np.object_]:
        """Return geometries vertex by vertex in longitude and latitude."""
        metric = shapely.transform(np.asarray(shapes, dtype=object), partial(np.round, decimals=3))
        return np.asarray(shapely.transform(metric, self.points), dtype=object)
