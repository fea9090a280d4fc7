"""Any vector file into one frame in one CRS, with what was found on the way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pyproj import CRS

from geo.boundaries.columns import match_columns
from geo.boundaries.encodings import Encoding
from geo.boundaries.limits import DEFAULT_LIMITS, Limits
from geo.boundaries.shapes import Kind, check_range, check_shapes
from geo.boundaries.sources import Source, open_source
from geo.boundaries.tables import numbers, read_blocks, read_dialect
from geo.boundaries.vectors import Layer, read_layer
from geo.crs import DeclaredCrs, parse_crs, to_storage
from geo.errors import InvalidFile, InvalidInput
from geo.model import Fault

CSV_CRS = "EPSG:4490"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a user says a file is to be read.

    Attributes
    ----------
    layer, crs, encoding
        Layer to read, CRS and encoding declared; None: the file's own.
    mapping
        Column by field.
    """

    layer: str | None = None
    crs: str | None = None
    encoding: str | None = None
    mapping: dict[str, str] = field(default_factory=dict)
    limits: Limits = DEFAULT_LIMITS


@dataclass(frozen=True)
class FeatureFile:
    """A file as a frame.

    Attributes
    ----------
    frame
        One row a feature; the index is its position in the file, row 1 being 0; geometries in the storage
        CRS, None where they are unusable.
    crs
        What the coordinates were declared in.
    faults
        Geometries that cannot be used, by row.
    notes
        What a person should know: CRS, encoding, dropped heights.
    """

    name: str
    sha256: str
    frame: GeoDataFrame
    crs: DeclaredCrs
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]


def read_features(path: str | Path, options: ReadOptions, *, storage_crs: str, kind: Kind) -> FeatureFile:
    """Read a vector file or a CSV of points.

    Parameters
    ----------
    storage_crs
        CRS the frame is wanted in.
    kind
        Which geometries the import can use.

    Raises
    ------
    InvalidFile
        The file cannot be read safely or at all; see :mod:`geo.boundaries`.
    """
    sent = read_sent(path, options)
    layer, crs = sent.layer, sent.crs
    notes = [*sent.notes]
    geometry, dropped = _flat(layer.geometry)
    if dropped:
        notes.append(f"heights (Z) of {dropped} features are dropped: the partition is two-dimensional")
    faults = check_shapes(geometry, layer.broken, kind)
    geometry, more = _stored(geometry, faults, crs, storage_crs)
    frame = GeoDataFrame(pd.DataFrame(layer.columns), geometry=geometry, crs=parse_crs(storage_crs).base)
    ordered = tuple(sorted([*faults, *more], key=lambda fault: fault.row or 0))
    return FeatureFile(sent.name, sent.sha256, frame, crs, ordered, tuple(notes))


@dataclass(frozen=True)
class SentFile:
    """A file as it was sent: nothing is checked, nothing is brought to another CRS.

    Attributes
    ----------
    layer
        Columns and geometries; None where one is missing or broken.
    crs
        What the coordinates were declared in.
    notes
        What a person should know: CRS, encoding, layer.
    """

    name: str
    sha256: str
    layer: Layer
    crs: DeclaredCrs
    notes: tuple[str, ...]


def read_sent(path: str | Path, options: ReadOptions) -> SentFile:
    """Read a vector file or a CSV of points as it is.

    Raises
    ------
    InvalidFile
        The file cannot be read safely or at all; see :mod:`geo.boundaries`.
    """
    with open_source(path, options.limits) as source:
        digest = sha256(source.path) if source.format.name != "Shapefile" else sha256(Path(path))
        layer = _read(source, options)
    crs, said = choose_crs(source, layer.crs, options.crs)
    notes = [said, f"encoding {layer.encoding.shown}: {layer.encoding.evidence}", *layer.notes]
    if layer.layer_name and source.format.name not in {"Shapefile", "GeoJSON"}:
        notes.append(f"layer {layer.layer_name}")
    return SentFile(source.name, digest, layer, crs, tuple(notes))


def sha256(path: Path) -> str:
    """Checksum of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(source: Source, options: ReadOptions) -> Layer:
    if source.format.name == "CSV":
        return _read_csv(source, options)
    if source.format.name == "GeoParquet":
        return _read_parquet(source, options.limits)
    return read_layer(source, layer=options.layer, encoding=options.encoding, limits=options.limits)


def _read_csv(source: Source, options: ReadOptions) -> Layer:
    dialect = read_dialect(source.path, options.encoding, options.limits)
    blocks = list(read_blocks(source.path, dialect, options.limits))
    table = (
        pa.concat_tables(blocks)
        if blocks
        else pa.table({name: pa.array([], pa.string()) for name in dialect.columns})
    )
    places = {k: v for k, v in options.mapping.items() if k in {"lon", "lat", "wkt"}}
    columns = match_columns(dialect.columns, ("lon", "lat", "wkt"), places)
    values = {name: _texts(table[name]) for name in dialect.columns}
    geometry, broken = _table_geometry(source, table, columns.of)
    return Layer(
        values, geometry, broken, None, dialect.encoding, notes=(f"delimiter {dialect.delimiter!r}",)
    )


def _texts(column: pa.ChunkedArray) -> NDArray[Any]:
    return np.array([*column.to_pylist(), None], dtype=object)[:-1]


def _table_geometry(source: Source, table: pa.Table, of: Any) -> tuple[NDArray[Any], dict[int, str]]:
    if "wkt" in of and "lon" not in of:
        texts = _texts(table[of["wkt"]])
        geometry = shapely.from_wkt(texts, on_invalid="ignore")
        lost = [i for i, (t, g) in enumerate(zip(texts, geometry, strict=True)) if t and g is None]
        return geometry, dict.fromkeys(lost, "its WKT cannot be read")
    if "lon" not in of or "lat" not in of:
        raise InvalidFile(
            f"{source.name} has no columns of longitude and latitude; name them with --map lon=… "
            f"--map lat=…, or --map wkt=…; it has {', '.join(table.column_names)}"
        )
    x, y = numbers(table[of["lon"]]), numbers(table[of["lat"]])
    geometry = shapely.points(x, y)
    geometry[np.isnan(x) | np.isnan(y)] = None
    return geometry, {}


def _read_parquet(source: Source, limits: Limits) -> Layer:
    try:
        frame = gpd.read_parquet(source.path)
    except (ValueError, pa.ArrowException, KeyError, TypeError, shapely.errors.GEOSException) as error:
        raise InvalidFile(f"{source.name} cannot be read as GeoParquet: {str(error)[:300]}") from error
    if shapely.get_num_coordinates(frame.geometry.to_numpy()).sum() > limits.vertices:
        raise InvalidFile(f"{source.name} has more than {limits.vertices} vertices; import it in parts")
    columns = {str(name): frame[name].to_numpy() for name in frame.columns if name != frame.geometry.name}
    encoding = Encoding("utf-8", "Parquet is UTF-8 by its standard")
    return Layer(columns, frame.geometry.to_numpy(), {}, frame.crs, encoding)


def choose_crs(source: Source, own: CRS | None, said: str | None) -> tuple[DeclaredCrs, str]:
    """The CRS of a file, and in words whence it is known: declared by the user, else by the file.

    Raises
    ------
    InvalidFile
        Neither declares one; only CSV has a default.
    """
    if said is not None:
        declared = parse_crs(said)
        other = f"; the file itself says {parse_crs(own)}, which is not used" if own is not None else ""
        return declared, f"CRS {declared}, declared by --crs{other}{_rough(declared)}"
    if own is not None:
        declared = parse_crs(own)
        return declared, f"CRS {declared}, declared by the file{_rough(declared)}"
    if source.format.name == "CSV":
        return parse_crs(CSV_CRS), f"CRS {CSV_CRS} (CGCS2000), the default of CSV; declare another with --crs"
    missing = "a shapefile without .prj" if source.format.name == "Shapefile" else "a file that names no CRS"
    raise InvalidFile(
        f"{source.name} is {missing}; declare its CRS with --crs EPSG:4490 (CGCS2000), EPSG:4326 (WGS 84), "
        "GCJ-02, BD-09 or another EPSG code"
    )


def _rough(crs: DeclaredCrs) -> str:
    return (
        "; no exact transformation from its datum is known, places may be 100 m off" if crs.is_rough else ""
    )


def _flat(geometry: NDArray[Any]) -> tuple[NDArray[Any], int]:
    heights = int(shapely.has_z(geometry).sum())
    return shapely.force_2d(geometry), heights


def _stored(
    geometry: NDArray[Any], faults: list[Fault], crs: DeclaredCrs, storage_crs: str
) -> tuple[NDArray[Any], list[Fault]]:
    """Bring the usable geometries to the storage CRS; the others become None."""
    usable = np.ones(len(geometry), dtype=bool)
    usable[[fault.row - 1 for fault in faults if fault.row is not None]] = False
    more = check_range(geometry[usable], crs, np.flatnonzero(usable))
    usable[[fault.row - 1 for fault in more if fault.row is not None]] = False
    stored = np.full(len(geometry), None, dtype=object)
    rows = np.flatnonzero(usable)
    if len(rows):
        moved = to_storage(geometry[rows], crs, storage_crs)
        lost = shapely.is_missing(moved)
        more += [_off_the_earth(int(row), crs) for row in rows[lost]]
        # Rounding may fold a sliver that was valid before.
        folded = check_shapes(moved[~lost], {}, "any")
        more += [replace(fault, row=int(rows[~lost][(fault.row or 1) - 1]) + 1) for fault in folded]
        stored[rows] = moved
    return stored, more


def _off_the_earth(row: int, crs: DeclaredCrs) -> Fault:
    return Fault(
        row + 1,
        "coordinates-out-of-range",
        f"the coordinates cannot be transformed from {crs}: they lie outside what it can hold; check --crs",
    )


def required(value: str | None, name: str, present: list[str], cure: str = "") -> str:
    """The column of a field that an import cannot do without.

    Raises
    ------
    InvalidInput
        There is none.
    """
    if value is None:
        raise InvalidInput(
            f"the file has no column for {name!r}; say --map {name}=COLUMN{cure}; "
            f"it has {', '.join(present) or 'none'}"
        )
    return value
