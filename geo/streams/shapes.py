"""The geometry that rows get in formats of maps: their own, or the point where they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from pyproj import CRS

from geo.crs import DeclaredCrs, parse_crs, to_storage, to_storage_xy
from geo.streams.geometry import Geometry, Shapes, point_wkb, storage
from geo.streams.places import Place
from geo.streams.reasons import Reason


@dataclass(frozen=True)
class Drawn:
    """How rows are drawn.

    Attributes
    ----------
    geometry
        Their own geometry, if they have one.
    place
        Where they say they lie.
    storage_crs
        CRS of points made from columns: the index's.
    """

    geometry: Geometry | None
    place: Place
    storage_crs: str

    @property
    def crs(self) -> CRS | None:
        """What :meth:`wkb` is in; None when the file does not say."""
        return parse_crs(self.storage_crs).base if self.geometry is None else self.geometry.crs

    def wkb(self, batch: pa.RecordBatch) -> pa.Array:
        """Geometries as they are in the file, or points in the storage CRS; null where there is no place."""
        if self.geometry is None:
            return point_wkb(*self._points(batch, self.storage_crs))
        column = storage(batch.column(self.geometry.column))
        if self.geometry.encoding == "wkb":
            return column
        return pa.array(shapely.to_wkb(self.geometry.shapes(batch)), pa.binary())

    def wgs84(self, batch: pa.RecordBatch) -> Shapes:
        """Geometries in longitude and latitude of WGS 84, as GeoJSON wants them."""
        if self.geometry is None:
            x, y = self._points(batch, "EPSG:4326")
            points = np.asarray(shapely.points(x, y), dtype=object)
            points[~(np.isfinite(x) & np.isfinite(y))] = None
            return points
        shapes = self.geometry.shapes(batch)
        own = self._own_crs
        return (
            shapes if own.base == parse_crs("EPSG:4326").base and own.offset is None else _moved(shapes, own)
        )

    @property
    def _own_crs(self) -> DeclaredCrs:
        """The place's when it is the geometry: the user may have said better than the file."""
        assert self.geometry is not None  # noqa: S101 - asked for geometries only
        if self.place.geometry is not None or self.geometry.crs is None:
            return self.place.crs
        return parse_crs(self.geometry.crs)

    def _points(self, batch: pa.RecordBatch, crs: str) -> tuple[np.ndarray, np.ndarray]:
        x, y, reasons = self.place.read(batch)
        known = reasons == Reason.NONE
        return to_storage_xy(
            np.where(known, x, np.nan), np.where(known, y, np.nan), crs=self.place.crs, storage_crs=crs
        )


def _moved(shapes: Shapes, crs: DeclaredCrs) -> Shapes:
    return np.asarray(to_storage(shapes, crs, "EPSG:4326"), dtype=object)
