"""Geometry columns of Arrow data: where they are, one place for each row, and their other forms."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from pyarrow import types
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import InvalidFile
from geo.streams.numbers import Floats, Reasons
from geo.streams.reasons import Reason

Shapes = NDArray[np.object_]
_WKB_NAMES = frozenset({"geoarrow.wkb", "ogc.wkb"})
#: Native encodings of GeoParquet and GeoArrow: their type, and how many levels of lists they are.
_NATIVE = {
    "point": (shapely.GeometryType.POINT, 0),
    "linestring": (shapely.GeometryType.LINESTRING, 1),
    "multipoint": (shapely.GeometryType.MULTIPOINT, 1),
    "polygon": (shapely.GeometryType.POLYGON, 2),
    "multilinestring": (shapely.GeometryType.MULTILINESTRING, 2),
    "multipolygon": (shapely.GeometryType.MULTIPOLYGON, 3),
}
_POINT_BYTES = 21


@dataclass(frozen=True)
class Geometry:
    """A geometry column.

    Attributes
    ----------
    encoding
        ``wkb``, or a native encoding of GeoParquet such as ``point``.
    crs
        What the data declares; None when it says that it does not know.
    """

    column: str
    encoding: str
    crs: CRS | None

    def shapes(self, batch: pa.RecordBatch) -> Shapes:
        """Shapely geometries of a batch; None where there is none or where it is broken."""
        column = storage(batch.column(self.column))
        if self.encoding == "wkb":
            return np.asarray(shapely.from_wkb(_objects(column), on_invalid="ignore"), dtype=object)
        return _native_shapes(column, self.encoding)

    def places(self, batch: pa.RecordBatch) -> tuple[Floats, Floats, Reasons]:
        """One place a row: a point's own, else a point inside the geometry."""
        column = storage(batch.column(self.column))
        if self.encoding == "wkb":
            quick = _wkb_points(column)
        else:
            quick = _native_points(column) if self.encoding == "point" else None
        if quick is None:
            return _shape_places(self.shapes(batch), column.is_valid().to_numpy(zero_copy_only=False))
        return quick


def storage(column: pa.Array) -> pa.Array:
    """The plain array under an extension type."""
    return column.storage if isinstance(column, pa.ExtensionArray) else column


def find_geometry(schema: pa.Schema, name: str) -> Geometry | None:
    """The geometry column of a Parquet or Arrow file, by GeoParquet's metadata or GeoArrow's types.

    Raises
    ------
    InvalidFile
        The metadata cannot be read, or the encoding is not known.
    """
    raw = (schema.metadata or {}).get(b"geo")
    if raw is not None:
        return _by_metadata(schema, raw, name)
    for field in schema:
        extension = _extension(field)
        if extension in _WKB_NAMES or extension.partition("geoarrow.")[2] in _NATIVE:
            encoding = "wkb" if extension in _WKB_NAMES else extension.partition("geoarrow.")[2]
            return Geometry(field.name, encoding, _crs_of_field(field, name))
    return None


def _by_metadata(schema: pa.Schema, raw: bytes, name: str) -> Geometry:
    try:
        content = json.loads(raw)
        column = str(content["primary_column"])
        about = content["columns"][column]
        encoding = str(about["encoding"]).lower()
        crs = about.get("crs", "OGC:CRS84")
        known = None if crs is None else CRS.from_user_input(crs)
    except (ValueError, KeyError, TypeError, AttributeError, CRSError) as error:
        raise InvalidFile(f"{name}: its GeoParquet metadata cannot be read ({error})") from error
    encoding = encoding.removeprefix("geoarrow.")
    if column not in schema.names:
        raise InvalidFile(f"{name}: its metadata names a geometry column {column!r} that it does not have")
    if encoding != "wkb" and encoding not in _NATIVE:
        raise InvalidFile(f"{name}: geometry encoding {encoding!r} is not known; write it as WKB")
    return Geometry(column, encoding, known)


def _extension(field: pa.Field) -> str:
    if isinstance(field.type, pa.BaseExtensionType):
        return str(field.type.extension_name)
    return str((field.metadata or {}).get(b"ARROW:extension:name", b""), "utf-8", "replace")


def _crs_of_field(field: pa.Field, name: str) -> CRS | None:
    raw = (field.metadata or {}).get(b"ARROW:extension:metadata", b"")
    if isinstance(field.type, pa.BaseExtensionType):
        raw = field.type.__arrow_ext_serialize__()
    try:
        crs = json.loads(raw or b"{}").get("crs")
        return None if crs is None else CRS.from_user_input(crs)
    except (ValueError, AttributeError, CRSError) as error:
        raise InvalidFile(f"{name}: the CRS of its geometry cannot be read ({error})") from error


def _objects(column: pa.Array) -> NDArray[Any]:
    return np.array([*column.to_numpy(zero_copy_only=False), None], dtype=object)[:-1]


def _wkb_points(column: pa.Array) -> tuple[Floats, Floats, Reasons] | None:
    """Coordinates straight from the bytes when every row is a flat little-endian point; else None."""
    if not (types.is_binary(column.type) or types.is_large_binary(column.type)):
        return None
    known = column.drop_null()
    raw = _fixed_bytes(known)
    if raw is None or not (raw[:, :5] == (1, 1, 0, 0, 0)).all():
        return None
    points = np.ascontiguousarray(raw[:, 5:]).view("<f8")
    x, y = np.full(len(column), np.nan), np.full(len(column), np.nan)
    held = column.is_valid().to_numpy(zero_copy_only=False)
    x[held], y[held] = points[:, 0], points[:, 1]
    reasons = np.zeros(len(column), dtype=np.int8)
    reasons[np.isnan(x) | np.isnan(y)] = Reason.NO_GEOMETRY
    reasons[np.isinf(x) | np.isinf(y)] = Reason.NOT_FINITE
    return x, y, reasons


def _fixed_bytes(column: pa.Array) -> NDArray[np.uint8] | None:
    """Shape (n, 21) if all values have that many bytes."""
    _, offsets, data = column.buffers()
    wide = np.dtype(np.int64 if types.is_large_binary(column.type) else np.int32)
    if data is None or offsets is None:
        return np.empty((0, _POINT_BYTES), dtype=np.uint8) if not len(column) else None
    starts = np.frombuffer(offsets, dtype=wide)[column.offset : column.offset + len(column) + 1]
    if not (np.diff(starts) == _POINT_BYTES).all():
        return None
    return np.frombuffer(data, dtype=np.uint8)[starts[0] : starts[-1]].reshape(-1, _POINT_BYTES)


def _native_points(column: pa.Array) -> tuple[Floats, Floats, Reasons]:
    flat = _coordinates(column)
    x, y = flat[:, 0].copy(), flat[:, 1].copy()
    x[column.is_null().to_numpy(zero_copy_only=False)] = np.nan
    reasons = np.zeros(len(column), dtype=np.int8)
    reasons[np.isnan(x) | np.isnan(y)] = Reason.NO_GEOMETRY
    reasons[np.isinf(x) | np.isinf(y)] = Reason.NOT_FINITE
    return x, y, reasons


def _coordinates(column: pa.Array) -> Floats:
    """Shape (n, 2) from separated (struct of x and y) or interleaved (lists of fixed size) coordinates."""
    if types.is_struct(column.type):
        parts = [column.field(axis).to_numpy(zero_copy_only=False) for axis in ("x", "y")]
        return np.column_stack(parts).astype(np.float64)
    size = column.type.list_size
    values = column.values.to_numpy(zero_copy_only=False)
    first = column.offset * size
    return np.asarray(values[first : first + len(column) * size].reshape(-1, size)[:, :2], dtype=np.float64)


def _native_shapes(column: pa.Array, encoding: str) -> Shapes:
    kind, depth = _NATIVE[encoding]
    held = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
    inner, offsets = column.take(pa.array(held)), []
    for _ in range(depth):
        starts = inner.offsets.to_numpy()
        inner = inner.flatten()
        offsets.append(starts - starts[0])
    shapes = np.full(len(column), None, dtype=object)
    shapes[held] = shapely.from_ragged_array(kind, _coordinates(inner), tuple(offsets[::-1]) or None)
    return shapes


def _shape_places(shapes: Shapes, present: NDArray[np.bool_]) -> tuple[Floats, Floats, Reasons]:
    points = shapes.copy()
    points[shapely.is_empty(shapes)] = None  # GEOS does not take their coordinates
    others = np.flatnonzero(shapely.get_type_id(points) > 0)
    points[others] = _inside_each(points[others])
    x, y = shapely.get_x(points), shapely.get_y(points)
    reasons = np.zeros(len(shapes), dtype=np.int8)
    reasons[np.isnan(x) | np.isnan(y)] = Reason.NO_GEOMETRY
    reasons[np.isinf(x) | np.isinf(y)] = Reason.NOT_FINITE
    lost = shapely.is_missing(points) & ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    reasons[(shapely.is_missing(shapes) & present) | lost] = Reason.BAD_GEOMETRY
    return x, y, reasons


def _inside_each(shapes: Shapes) -> Shapes:
    """A point inside each geometry; None for those that GEOS cannot make sense of."""
    try:
        return np.asarray(shapely.point_on_surface(shapes), dtype=object)
    except shapely.errors.GEOSException:
        found = np.full(len(shapes), None, dtype=object)
        for i, shape in enumerate(shapes):
            found[i] = _tried(shapely.point_on_surface, shape)
        return found


def _tried(work: Callable[[Any], Any], shape: Any) -> Any:
    try:
        return work(shape)
    except shapely.errors.GEOSException:
        return None


def point_wkb(x: Floats, y: Floats) -> pa.Array:
    """Points as WKB; null where a coordinate is NaN."""
    raw = np.empty((len(x), _POINT_BYTES), dtype=np.uint8)
    raw[:, :5] = (1, 1, 0, 0, 0)
    raw[:, 5:] = np.column_stack([x, y]).astype("<f8").view(np.uint8).reshape(-1, 16)
    offsets = np.arange(0, (len(x) + 1) * _POINT_BYTES, _POINT_BYTES, dtype=np.int32)
    held = np.isfinite(x) & np.isfinite(y)
    mask = pa.py_buffer(np.packbits(held, bitorder="little").tobytes())
    data = [mask, pa.py_buffer(offsets), pa.py_buffer(raw.reshape(-1))]
    return pa.Array.from_buffers(pa.binary(), len(x), data)
