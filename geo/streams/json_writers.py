"""Rows as JSON: objects a line, features a line, or one FeatureCollection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import orjson
import pyarrow as pa
import shapely
from pyarrow import types

from geo.streams.geometry import storage
from geo.streams.plain import to_json
from geo.streams.shapes import Drawn

Batches = Iterable[pa.RecordBatch]


def write_ndjson(sink: BinaryIO, batches: Batches) -> None:
    """An object on each line."""
    for batch in batches:
        sink.writelines(b"%b\n" % to_json(row) for row in _objects(batch))


def write_geojson_lines(sink: BinaryIO, batches: Batches, drawn: Drawn) -> None:
    """A feature on each line."""
    for batch in batches:
        sink.writelines(b"%b\n" % feature for feature in _features(batch, drawn))


def write_geojson(sink: BinaryIO, batches: Batches, drawn: Drawn) -> None:
    """One FeatureCollection, a feature on each line."""
    sink.write(b'{"type":"FeatureCollection","features":[')
    separator = b"\n"
    for batch in batches:
        for feature in _features(batch, drawn):
            sink.write(separator + feature)
            separator = b",\n"
    sink.write(b"\n]}\n")


def _features(batch: pa.RecordBatch, drawn: Drawn) -> Iterator[bytes]:
    shapes = shapely.to_geojson(drawn.wgs84(batch))
    own = [] if drawn.geometry is None else [drawn.geometry.column]
    properties = _objects(batch.drop_columns(own))
    for row, shape in zip(properties, shapes, strict=True):
        geometry = None if shape is None else orjson.Fragment(shape)
        yield to_json({"type": "Feature", "properties": row, "geometry": geometry})


def _objects(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    columns = [storage(column) for column in batch.columns]
    rows: list[dict[str, Any]] = pa.RecordBatch.from_arrays(columns, names=batch.schema.names).to_pylist()
    written = [
        one.name
        for one in batch.schema
        if isinstance(one.type, pa.JsonType) and types.is_string(one.type.storage_type)
    ]
    for name in written:
        for row in rows:
            row[name] = None if row[name] is None else orjson.Fragment(row[name])
    return rows
