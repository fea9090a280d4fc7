"""A register of incidents, block by block, whatever file it is in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from pyarrow import compute as pc
from pyarrow import parquet
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.boundaries.columns import Columns, match_columns
from geo.boundaries.read import CSV_CRS, ReadOptions, choose_crs, sha256
from geo.boundaries.sources import Source, open_source
from geo.boundaries.tables import numbers, read_blocks, read_dialect
from geo.boundaries.vectors import read_layer
from geo.crs import DeclaredCrs
from geo.errors import InvalidFile

FIELDS = tuple("external_id reported_at category source state description address lon lat".split())
BLOCK_ROWS = 100_000


@dataclass(frozen=True)
class Block:
    """Some rows of a register.

    Attributes
    ----------
    start
        Position of the first of them in the file.
    fields
        Text or None by field; fields without a column are missing.
    x, y
        Coordinates as sent; NaN where there are none.
    """

    start: int
    fields: dict[str, NDArray[Any]]
    x: NDArray[np.float64]
    y: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.x)

    def get(self, name: str) -> NDArray[Any]:
        """A field's values; all None when it has no column."""
        return self.fields.get(name, np.full(len(self), None, dtype=object))


@dataclass(frozen=True)
class Register:
    """An open register."""

    name: str
    sha256: str
    columns: Columns
    crs: DeclaredCrs
    blocks: Iterator[Block]
    notes: list[str] = field(default_factory=list)


@contextmanager
def open_register(path: str | Path, options: ReadOptions) -> Iterator[Register]:
    """Open a register for the length of the block; CSV and Parquet are streamed in constant memory.

    Raises
    ------
    InvalidFile, InvalidInput
        The file cannot be read safely, or a mapped column is missing.
    """
    with open_source(path, options.limits) as source:
        kind = source.format.name
        opened = {"CSV": _csv, "GeoParquet": _parquet}.get(kind, _layer)
        yield opened(source, options)


def _csv(source: Source, options: ReadOptions) -> Register:
    dialect = read_dialect(source.path, options.encoding, options.limits)
    columns = match_columns(dialect.columns, FIELDS, options.mapping)
    crs, said = choose_crs(source, None, options.crs)
    notes = [
        said,
        f"encoding {dialect.encoding.shown}: {dialect.encoding.evidence}",
        f"delimiter {dialect.delimiter!r}",
    ]
    tables = read_blocks(source.path, dialect, options.limits, only=sorted(set(columns.of.values())) or None)
    return Register(source.name, sha256(source.path), columns, crs, _blocks(tables, columns, None), notes)


def _parquet(source: Source, options: ReadOptions) -> Register:
    try:
        file = parquet.ParquetFile(source.path)
    except pa.ArrowException as error:
        raise InvalidFile(f"{source.name} cannot be read as Parquet: {str(error)[:300]}") from error
    names = list(file.schema_arrow.names)
    geometry, own = _geo_metadata(source, file)
    columns = match_columns([name for name in names if name != geometry], FIELDS, options.mapping)
    crs, said = choose_crs(source, own, options.crs or (None if own else CSV_CRS))
    wanted = sorted({*columns.of.values(), *([geometry] if geometry else [])})
    batches = (pa.Table.from_batches([batch]) for batch in file.iter_batches(BLOCK_ROWS, columns=wanted))
    return Register(
        source.name, sha256(source.path), columns, crs, _blocks(batches, columns, geometry), [said]
    )


def _geo_metadata(source: Source, file: parquet.ParquetFile) -> tuple[str | None, CRS | None]:
    raw = (file.schema_arrow.metadata or {}).get(b"geo")
    if raw is None:
        return None, None
    try:
        content = json.loads(raw)
        column = str(content["primary_column"])
        crs = content["columns"][column].get("crs", "OGC:CRS84")
        return column, None if crs is None else CRS.from_user_input(crs)
    except (ValueError, KeyError, TypeError, CRSError) as error:
        raise InvalidFile(f"{source.name}: its GeoParquet metadata cannot be read ({error})") from error


def _blocks(tables: Iterator[pa.Table], columns: Columns, geometry: str | None) -> Iterator[Block]:
    start = 0
    for table in tables:
        x, y = _coordinates(table, columns, geometry)
        fields = {
            name: _texts(table[column]) for name, column in columns.of.items() if name not in {"lon", "lat"}
        }
        yield Block(start, fields, x, y)
        start += len(table)


def _coordinates(
    table: pa.Table, columns: Columns, geometry: str | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if geometry is not None:
        points = shapely.from_wkb(table[geometry].to_numpy(), on_invalid="ignore")
        return _xy(points)
    lon, lat = columns.get("lon"), columns.get("lat")
    if lon is None or lat is None:
        nothing = np.full(len(table), np.nan)
        return nothing, nothing
    return numbers(table[lon]), numbers(table[lat])


def _xy(geometries: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A place for each geometry: points as they are, anything else by a point inside it."""
    points = np.where(shapely.get_type_id(geometries) == 0, geometries, shapely.point_on_surface(geometries))
    return shapely.get_x(points), shapely.get_y(points)


def _texts(column: pa.ChunkedArray) -> NDArray[Any]:
    if not pa.types.is_string(column.type):
        column = pc.cast(column, pa.string())
    # PostgreSQL text holds no null characters.
    cleaned = pc.replace_substring(column, "\0", "")
    texts: NDArray[Any] = pc.utf8_trim_whitespace(cleaned).to_numpy(zero_copy_only=False).copy()
    texts[texts == ""] = None
    return texts


def _layer(source: Source, options: ReadOptions) -> Register:
    layer = read_layer(source, layer=options.layer, encoding=options.encoding, limits=options.limits)
    columns = match_columns(layer.columns, FIELDS, options.mapping)
    crs, said = choose_crs(source, layer.crs, options.crs)
    x, y = _xy(shapely.force_2d(layer.geometry))
    notes = [said, f"encoding {layer.encoding.shown}: {layer.encoding.evidence}"]
    blocks = _layer_blocks(layer.columns, columns, x, y)
    return Register(source.name, sha256(source.path), columns, crs, blocks, notes)


def _layer_blocks(
    values: dict[str, NDArray[Any]], columns: Columns, x: NDArray[np.float64], y: NDArray[np.float64]
) -> Iterator[Block]:
    used = {name: column for name, column in columns.of.items() if name not in {"lon", "lat"}}
    for start in range(0, len(x), BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        fields = {name: _as_text(values[column][rows]) for name, column in used.items()}
        yield Block(start, fields, x[rows], y[rows])


def _as_text(values: NDArray[Any]) -> NDArray[Any]:
    plain = [_plain(value) for value in values]
    return np.array([*plain, None], dtype=object)[:-1]


def _plain(value: Any) -> str | None:
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
        return None
    return str(value).replace("\0", "").strip() or None
