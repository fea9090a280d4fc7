"""Rows of JSON: objects or GeoJSON features, a line each or in one array, typed by a first look at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import shapely
from pyarrow import json as arrow_json
from pyproj import CRS

from geo.crs import WGS84, parse_crs
from geo.errors import InvalidFile
from geo.streams.geometry import Geometry
from geo.streams.json_items import JsonItems
from geo.streams.reasons import BROKEN
from geo.streams.rows import TABLE_CRS, Rows

_BLOCK_BYTES = 4 * 1024 * 1024
_LINE_BYTES = 64 * 1024 * 1024
_CRS_NAME = re.compile(r"urn:ogc:def:crs:([A-Za-z]+):[^:]*:([0-9A-Za-z]+)")

Texts = Iterator[list[bytes]]


@dataclass(frozen=True)
class _Source:
    """Where the texts of rows come from, as often as wanted."""

    name: str
    texts: Callable[[], Texts]
    crs: CRS


def json_lines(path: Path, name: str) -> Rows:
    """Rows of a file with an object or a feature on each line.

    Raises
    ------
    InvalidFile
        A line is too long, or a member holds values of several types.
    """
    return _rows(_Source(name, lambda: _lines(path, name), WGS84))


def json_document(path: Path, name: str) -> Rows:
    """Rows of a FeatureCollection, or of an array of objects.

    Raises
    ------
    InvalidFile
        It is no such document, it is cut off, or a member holds values of several types.
    """
    with path.open("rb") as file:
        members = JsonItems.open(file, ("features",), name=name).members

    def texts() -> Texts:
        with path.open("rb") as file:
            for items in JsonItems.open(file, ("features",), name=name):
                yield items.slices()

    return _rows(_Source(name, texts, _declared(members, name)))


def _declared(members: dict[str, Any], name: str) -> CRS:
    """The CRS of a document: WGS 84 by the standard, unless an older one names another."""
    said = members.get("crs")
    if said is None:
        return WGS84
    try:
        text = str(said["properties"]["name"])
    except (KeyError, TypeError) as error:
        raise InvalidFile(
            f"{name} names its CRS in a way that is not known; declare it with --crs"
        ) from error
    match = _CRS_NAME.fullmatch(text)
    return parse_crs(f"{match[1]}:{match[2]}" if match else text).base


def _lines(path: Path, name: str) -> Texts:
    with path.open("rb") as file:
        waiting = file.read(_BLOCK_BYTES).removeprefix(b"\xef\xbb\xbf")
        while True:
            more = file.read(_BLOCK_BYTES)
            cut = waiting.rfind(b"\n") + 1 if more else len(waiting)
            texts = [line.strip(b"\x1e \t\r") for line in waiting[:cut].split(b"\n")]
            yield [text for text in texts if text]
            if not more:
                return
            waiting = waiting[cut:] + more
            if len(waiting) > _LINE_BYTES:
                raise InvalidFile(f"{name}: a line has more than {_LINE_BYTES:,} bytes; cut it up")


def _rows(source: _Source) -> Rows:
    schema: pa.Schema | None = None
    features, count = None, 0
    for texts in source.texts():
        block = _Block.of(texts, features)
        features = block.features if count == 0 and texts else features
        count += len(texts)
        schema = block.widened(schema, source.name)
    fields = [] if schema is None else [one.with_type(_text_for(one.type)) for one in schema]
    typed = pa.schema(fields)
    geometry = Geometry(_free("geometry", typed.names), "wkb", source.crs) if features else None
    shown = typed if geometry is None else typed.append(pa.field(geometry.column, pa.binary()))
    batches = _batches(source, typed, shown, features or False)
    return Rows(
        source.name,
        shown,
        batches,
        geometry,
        None if features else TABLE_CRS,
        lambda rows: rows / count if count else None,
    )


def _batches(source: _Source, typed: pa.Schema, shown: pa.Schema, features: bool) -> Iterator[pa.RecordBatch]:
    for texts in source.texts():
        if texts:
            yield _Block.of(texts, features).batch(typed, shown, source.name)


@dataclass(frozen=True)
class _Block:
    """Some rows, taken apart.

    Attributes
    ----------
    objects
        The members of each row as JSON; ``{}`` where it is broken.
    geometries
        GeoJSON of each feature's geometry; None where there is none.
    """

    features: bool
    objects: list[bytes]
    geometries: list[bytes | None]
    broken: list[bool]

    @classmethod
    def of(cls, texts: list[bytes], features: bool | None) -> _Block:
        """Take rows apart; of which kind they are is decided by the first when nobody knows."""
        parsed = [_parsed(text) for text in texts]
        if features is None:
            features = any(one is not None and one.get("type") == "Feature" for one in parsed[:1])
        if not features:
            objects = [b"{}" if one is None else text for one, text in zip(parsed, texts, strict=True)]
            return cls(False, objects, [], [one is None for one in parsed])
        apart = [_apart(one) for one in parsed]
        objects, geometries, broken = (
            (list(part) for part in zip(*apart, strict=True)) if apart else ([],) * 3
        )
        return cls(True, objects, geometries, broken)

    def widened(self, schema: pa.Schema | None, name: str) -> pa.Schema | None:
        """A schema that holds these rows too."""
        own = self._read(None, name).schema
        try:
            return own if schema is None else pa.unify_schemas([schema, own], promote_options="permissive")
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise InvalidFile(_mixed(name, error)) from error

    def batch(self, typed: pa.Schema, shown: pa.Schema, name: str) -> pa.RecordBatch:
        """The rows as Arrow data."""
        table = self._read(typed, name) if len(typed) else None
        columns = [] if table is None else [table.column(one.name).combine_chunks() for one in typed]
        broken = np.array(self.broken, dtype=bool)
        if self.features:
            shapes = shapely.from_geojson(self.geometries, on_invalid="ignore")
            broken |= shapely.is_missing(shapes) & np.array([text is not None for text in self.geometries])
            columns.append(pa.array(shapely.to_wkb(shapes), pa.binary()))
        if not broken.any():
            return pa.RecordBatch.from_arrays(columns, schema=shown)
        marked = shown.append(pa.field(BROKEN, pa.bool_()))
        return pa.RecordBatch.from_arrays([*columns, pa.array(broken)], schema=marked)

    def _read(self, schema: pa.Schema | None, name: str) -> pa.Table:
        text = b"\n".join(self.objects)
        options = arrow_json.ParseOptions(
            explicit_schema=schema,
            newlines_in_values=True,
            unexpected_field_behavior="infer" if schema is None else "ignore",
        )
        reading = arrow_json.ReadOptions(block_size=max(len(text) + 1, 1024), use_threads=False)
        try:
            return arrow_json.read_json(BytesIO(text or b"{}"), reading, options)
        except pa.ArrowInvalid as error:
            raise InvalidFile(_mixed(name, error)) from error


def _mixed(name: str, error: Exception) -> str:
    return f"{name}: a member does not hold values of one type ({str(error)[:200]}); make them all text"


def _parsed(text: bytes) -> dict[str, Any] | None:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def _apart(feature: dict[str, Any] | None) -> tuple[bytes, bytes | None, bool]:
    """Properties, geometry, and whether it is no feature."""
    properties = (feature or {}).get("properties") or {}
    if feature is None or feature.get("type") != "Feature" or not isinstance(properties, dict):
        return b"{}", None, True
    if feature.get("id") is not None and "id" not in properties:
        properties = {"id": feature["id"], **properties}
    geometry = feature.get("geometry")
    return orjson.dumps(properties), None if geometry is None else orjson.dumps(geometry), False


def _text_for(kind: pa.DataType) -> pa.DataType:
    """Times stay the text they are, and what was null everywhere is text."""
    if pa.types.is_timestamp(kind) or pa.types.is_null(kind):
        return pa.string()
    if pa.types.is_struct(kind):
        return pa.struct([one.with_type(_text_for(one.type)) for one in kind])
    if pa.types.is_list(kind):
        return pa.list_(_text_for(kind.value_type))
    return kind


def _free(name: str, taken: list[str]) -> str:
    while name in taken:
        name += "_"
    return name
