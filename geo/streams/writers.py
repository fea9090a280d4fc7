"""Streams of rows into files of every format, in constant memory."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyogrio
import shapely
from pyarrow import csv, parquet, types
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS

from geo.errors import InvalidFile
from geo.streams.formats import Form, form_of, suffix_of
from geo.streams.geometry import Geometry
from geo.streams.json_writers import write_geojson, write_geojson_lines, write_ndjson
from geo.streams.plain import plain_column, plain_type
from geo.streams.rows import BATCH_ROWS
from geo.streams.shapes import Drawn

Batches = Iterable[pa.RecordBatch]
Facts = Callable[[], dict[bytes, bytes]]
#: Batches in a row group of Parquet.
GROUP_BATCHES = 4


def write_rows(path: Path, schema: pa.Schema, batches: Batches, drawn: Drawn) -> None:
    """Write rows in the format of the path's suffix.

    Parameters
    ----------
    schema
        Of every batch.
    drawn
        Their geometry, in formats that have one of their own.

    Raises
    ------
    InvalidFile
        The format cannot hold them.
    """
    form = form_of(path)
    try:
        _WRITERS[form](path, schema, batches, drawn)
    except (pa.ArrowException, DataSourceError, DataLayerError) as error:
        raise InvalidFile(f"{path.name} cannot be written as {form}: {str(error)[:300]}") from error


def write_parquet(path: Path, schema: pa.Schema, batches: Batches, facts: Facts | None = None) -> None:
    """Write Parquet, with what ``facts`` says at the end in its footer."""
    with parquet.ParquetWriter(path, schema) as writer:
        for group in _groups(batches, GROUP_BATCHES):
            writer.write_table(
                pa.Table.from_batches(group, schema), row_group_size=GROUP_BATCHES * BATCH_ROWS
            )
        if facts is not None:
            writer.add_key_value_metadata(facts())


def _groups(batches: Batches, size: int) -> Iterator[list[pa.RecordBatch]]:
    group: list[pa.RecordBatch] = []
    for batch in batches:
        group.append(batch)
        if sum(one.num_rows for one in group) >= size * BATCH_ROWS:
            yield group
            group = []
    if group:
        yield group


def _parquet(path: Path, schema: pa.Schema, batches: Batches, drawn: Drawn) -> None:
    declared = _with_geo(schema, drawn.geometry)
    write_parquet(path, declared, (batch.cast(declared) for batch in batches))


def _with_geo(schema: pa.Schema, geometry: Geometry | None) -> pa.Schema:
    """A schema that says, as GeoParquet does, which column is the geometry."""
    metadata = schema.metadata or {}
    if geometry is None or b"geo" in metadata:
        return schema
    crs = None if geometry.crs is None else geometry.crs.to_json_dict()
    encoding = "WKB" if geometry.encoding == "wkb" else geometry.encoding
    about: dict[str, Any] = {"encoding": encoding, "geometry_types": [], "crs": crs}
    geo = {"version": "1.1.0", "primary_column": geometry.column, "columns": {geometry.column: about}}
    return schema.with_metadata({**metadata, b"geo": json.dumps(geo).encode()})


def _arrow_file(path: Path, schema: pa.Schema, batches: Batches, drawn: Drawn) -> None:
    # A file holds one dictionary a column; ours are the same in all batches, others may not be.
    ours = set(schema.names[-_added(schema) :])
    fields = [
        one.with_type(one.type.value_type) if types.is_dictionary(one.type) and one.name not in ours else one
        for one in _with_geo(schema, drawn.geometry)
    ]
    loose = pa.schema(fields, metadata=_with_geo(schema, drawn.geometry).metadata)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, loose) as writer:
        for batch in batches:
            writer.write_batch(batch.cast(loose))


def _added(schema: pa.Schema) -> int:
    """How many of the last columns are dictionaries of words."""
    count = 0
    while count < len(schema) and types.is_dictionary(schema.field(len(schema) - 1 - count).type):
        count += 1
    return count


def _arrow_stream(path: Path, schema: pa.Schema, batches: Batches, drawn: Drawn) -> None:
    declared = _with_geo(schema, drawn.geometry)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, declared) as writer:
        for batch in batches:
            writer.write_batch(batch.cast(declared))


def _csv(path: Path, schema: pa.Schema, batches: Batches, drawn: Drawn) -> None:
    delimiter = "\t" if suffix_of(path).startswith(".tsv") else ","
    plain = _plain_schema(schema)
    with ExitStack() as stack:
        sink: Any = stack.enter_context(path.open("wb"))
        if suffix_of(path).endswith(".gz"):
            sink = stack.enter_context(gzip.GzipFile(path.stem, "wb", 6, sink))
        sink.write(b"\xef\xbb\xbf")  # or spreadsheets read Chinese wrongly
        writer = csv.CSVWriter(sink, plain, write_options=csv.WriteOptions(delimiter=delimiter))
        with writer:
            for batch in batches:
                writer.write_batch(_plain_batch(batch, plain, drawn))


def _ndjson(path: Path, schema: pa.Schema, batches: Batches, drawn: Drawn) -> None:
    del schema
    with path.open("wb") as sink:
        write_ndjson(sink, (_with_wkt(batch, drawn) for batch in batches))


def _with_wkt(batch: pa.RecordBatch, drawn: Drawn) -> pa.RecordBatch:
    if drawn.geometry is None:
        return batch
    at = batch.schema.get_field_index(drawn.geometry.column)
    return batch.set_column(at, drawn.geometry.column, _wkt(batch, drawn.geometry))


def _wkt(batch: pa.RecordBatch, geometry: Geometry) -> pa.Array:
    return pa.array(shapely.to_wkt(geometry.shapes(batch), rounding_precision=-1), pa.string())


def _plain_schema(schema: pa.Schema) -> pa.Schema:
    return pa.schema([pa.field(one.name, plain_type(one.type)) for one in schema])


def _plain_batch(batch: pa.RecordBatch, plain: pa.Schema, drawn: Drawn) -> pa.RecordBatch:
    batch = _with_wkt(batch, drawn)
    return pa.RecordBatch.from_arrays([plain_column(column) for column in batch.columns], schema=plain)


def _geojson(path: Path, schema: pa.Schema, batches: Batches, drawn: Drawn) -> None:
    del schema
    with path.open("wb") as sink:
        write_geojson(sink, batches, drawn)


def _geojson_lines(path: Path, schema: pa.Schema, batches: Batches, drawn: Drawn) -> None:
    del schema
    with path.open("wb") as sink:
        write_geojson_lines(sink, batches, drawn)


def _gpkg(path: Path, schema: pa.Schema, batches: Batches, drawn: Drawn) -> None:
    own = None if drawn.geometry is None else drawn.geometry.column
    kept = [one for one in schema if one.name != own]
    fields = [pa.field(one.name, plain_type(one.type)) for one in kept]
    taken = {one.name.lower() for one in kept}
    column = own if own is not None and own.lower() not in taken else _free("geom", taken)
    plain = pa.schema([*fields, pa.field(column, pa.binary())])
    failed: list[Exception] = []

    def written() -> Iterator[pa.RecordBatch]:
        try:
            for batch in batches:
                columns = [plain_column(batch.column(one.name)) for one in kept]
                wkb = drawn.wkb(batch).cast(pa.binary())
                yield pa.RecordBatch.from_arrays([*columns, wkb], schema=plain)
        except Exception as error:  # GDAL would only say that the stream failed
            failed.append(error)
            raise

    try:
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(plain, written()),
            path,
            layer=path.stem,
            driver="GPKG",
            geometry_name=column,
            geometry_type="Unknown" if own else "Point",
            crs=_named(drawn.crs),
            layer_options={"FID": _free("fid", taken), "GEOMETRY_NAME": column},
        )
    except Exception as error:
        raise (failed[0] if failed else error) from error


def _named(crs: CRS | None) -> str | None:
    if crs is None:
        return None
    authority = crs.to_authority(min_confidence=70)
    return ":".join(authority) if authority else str(crs.to_wkt())


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


_WRITERS: dict[Form, Callable[[Path, pa.Schema, Batches, Drawn], None]] = {
    Form.CSV: _csv,
    Form.GEOJSON: _geojson,
    Form.GEOJSON_LINES: _geojson_lines,
    Form.NDJSON: _ndjson,
    Form.PARQUET: _parquet,
    Form.GPKG: _gpkg,
    Form.ARROW_FILE: _arrow_file,
    Form.ARROW_STREAM: _arrow_stream,
}
