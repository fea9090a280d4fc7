"""Vector files through GDAL: one layer into arrays, text decoded by us, geometries as they are."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio import raw
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.boundaries.encodings import Encoding, declared_encoding, decode, find_encoding
from geo.boundaries.limits import Limits
from geo.boundaries.sources import Source
from geo.errors import InvalidFile

#: Reads every byte as one character, so that the bytes can be had back.
_BYTES = "ISO-8859-1"
_NAMES_IN_FILE = frozenset({"Shapefile", "MapInfo"})


@dataclass(frozen=True)
class Layer:
    """One layer of a file, undigested.

    Attributes
    ----------
    geometry
        Shapely geometries; None where there is none or where it is broken.
    broken
        Reason by position (0 first) of geometries that cannot even be built.
    crs
        What the file itself declares.
    """

    columns: dict[str, NDArray[Any]]
    geometry: NDArray[Any]
    broken: dict[int, str]
    crs: CRS | None
    encoding: Encoding
    layer_name: str | None = None
    notes: tuple[str, ...] = field(default=())


def list_layers(source: Source) -> list[str]:
    """Names of the layers of a file that have geometries."""
    with _reading(source):
        return [str(name) for name, kind in pyogrio.list_layers(source.path) if kind is not None]


def read_layer(source: Source, *, layer: str | None, encoding: str | None, limits: Limits) -> Layer:
    """Read one layer.

    Raises
    ------
    InvalidFile
        Damaged, empty, ambiguous (several layers), opened by another driver than its suffix promises, or
        beyond the limits.
    """
    name = _choose_layer(source, layer)
    said = _said_encoding(source, encoding)
    as_bytes = source.format.name in _NAMES_IN_FILE
    with _reading(source):
        info = pyogrio.read_info(source.path, layer=name, encoding=_BYTES if as_bytes else None)
        _check_info(source, info, limits)
        meta, _, wkb, values = raw.read(
            source.path,
            layer=name,
            encoding=_BYTES if as_bytes else None,
            datetime_as_string=True,
            max_features=limits.features + 1,
        )
    if len(wkb if wkb is not None else ()) > limits.features:
        raise InvalidFile(_too_many(source, limits))
    fields, columns, used = _decoded(source, list(meta["fields"]), list(values), said, as_bytes=as_bytes)
    geometry, broken = _built(source, wkb, limits)
    return Layer(dict(zip(fields, columns, strict=True)), geometry, broken, _crs(meta["crs"]), used, name)


class _reading:  # noqa: N801 - reads as a statement: with _reading(source)
    """GDAL's errors and warnings in our words."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._warnings = warnings.catch_warnings()

    def __enter__(self) -> None:
        self._warnings.__enter__()
        warnings.simplefilter("ignore")  # what GDAL warns about, the checks find by row

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self._warnings.__exit__(kind, error, trace)
        if isinstance(error, DataSourceError | DataLayerError | ValueError | UnicodeDecodeError):
            reason = str(error).replace(str(self._source.path), self._source.name)
            raise InvalidFile(
                f"{self._source.name} cannot be read as {self._source.format.name}: {reason[:300]}"
            ) from error


def _choose_layer(source: Source, layer: str | None) -> str | None:
    names = list_layers(source)
    if layer is not None and layer not in names and source.format.name != "Shapefile":
        raise InvalidFile(f"{source.name} has no layer {layer!r}; it has {', '.join(names) or 'none'}")
    if not names:
        raise InvalidFile(f"{source.name} has no layer with geometries")
    if layer is None and len(names) > 1:
        raise InvalidFile(
            f"{source.name} has {len(names)} layers; choose one with --layer: {', '.join(names)}"
        )
    return names[0] if layer is None or source.format.name == "Shapefile" else layer


def _check_info(source: Source, info: dict[str, Any], limits: Limits) -> None:
    if info["driver"] not in source.format.drivers:
        raise InvalidFile(
            f"{source.name} turns out to be {info['driver']}, not {source.format.name}; not opened"
        )
    if info["features"] > limits.features:
        raise InvalidFile(_too_many(source, limits))


def _too_many(source: Source, limits: Limits) -> str:
    return f"{source.name} has more than {limits.features} features; import it in parts"


def _said_encoding(source: Source, encoding: str | None) -> Encoding | None:
    if encoding is not None:
        return declared_encoding(encoding, "declared by --encoding")
    page = source.siblings.get(".cpg")
    if page is None:
        return None
    name = page.read_bytes()[:40].decode("ascii", errors="replace").strip()
    return declared_encoding(name, f"declared by the .cpg file ({name})") if name else None


def _decoded(
    source: Source, fields: list[str], values: list[NDArray[Any]], said: Encoding | None, *, as_bytes: bool
) -> tuple[list[str], list[NDArray[Any]], Encoding]:
    if not as_bytes:
        return fields, values, Encoding("utf-8", f"{source.format.name} is UTF-8 by its standard")
    texts = [_raw_text(column) for column in values]
    heads = [name.encode(_BYTES) for name in fields]
    samples = [*heads, *(text for column in texts if column is not None for text in column if text)]
    encoding = said or find_encoding(samples, source.name)
    names = [decode(head, encoding, f"{source.name}, heading {i}") for i, head in enumerate(heads, 1)]
    columns = [
        column if text is None else _decode_column(text, encoding, f"{source.name}, column {name}")
        for column, text, name in zip(values, texts, names, strict=True)
    ]
    return names, columns, encoding


def _raw_text(column: NDArray[Any]) -> list[bytes | None] | None:
    if column.dtype != object:
        return None
    return [value.encode(_BYTES) if isinstance(value, str) else None for value in column]


def _decode_column(texts: list[bytes | None], encoding: Encoding, where: str) -> NDArray[Any]:
    decoded = np.empty(len(texts), dtype=object)
    for row, raw_text in enumerate(texts):
        if raw_text is not None:
            decoded[row] = decode(raw_text, encoding, f"{where}, row {row + 1}")
    return decoded


def _built(source: Source, wkb: NDArray[Any] | None, limits: Limits) -> tuple[NDArray[Any], dict[int, str]]:
    if wkb is None:
        raise InvalidFile(f"{source.name} has no geometries")
    size = max((len(one) for one in wkb if one is not None), default=0)
    if size / 16 > limits.feature_vertices:
        raise InvalidFile(
            f"{source.name} has a feature of about {size // 16} vertices, more than "
            f"{limits.feature_vertices}; simplify it or cut it"
        )
    if sum(len(one) for one in wkb if one is not None) / 16 > limits.vertices:
        raise InvalidFile(f"{source.name} has more than {limits.vertices} vertices; import it in parts")
    geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    lost = [
        i
        for i, (one, built) in enumerate(zip(wkb, geometry, strict=True))
        if one is not None and built is None
    ]
    return geometry, {i: _reason(wkb[i]) for i in lost}


def _reason(wkb: bytes) -> str:
    try:
        shapely.from_wkb(wkb)
    except shapely.errors.GEOSException as error:
        return str(error).partition(":")[2].strip() or str(error)
    return "cannot be built"


def _crs(text: str | None) -> CRS | None:
    if not text:
        return None
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise InvalidFile(
            f"the file's own CRS cannot be read ({error}); declare it with --crs EPSG:n"
        ) from error
