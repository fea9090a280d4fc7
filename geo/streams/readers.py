"""Files of every format as streams of rows, in constant memory."""

from __future__ import annotations

import gzip
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyarrow as pa
import pyogrio
from pyarrow import parquet
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.boundaries.limits import Limits
from geo.boundaries.sources import Source, local_file, open_source
from geo.boundaries.tables import read_dialect
from geo.errors import InvalidFile, InvalidInput
from geo.streams.csv_rows import csv_schema, read_csv
from geo.streams.formats import Form, check_signature, form_of
from geo.streams.geometry import Geometry, find_geometry
from geo.streams.json_rows import json_document, json_lines
from geo.streams.rows import BATCH_ROWS, Rows

#: Rows stream through, so that no size is too much; single lines are bounded all the same.
BOUNDLESS = Limits(file_bytes=1 << 60, unpacked_bytes=1 << 60, features=1 << 60)
_LINE_BYTES = 4 * 1024 * 1024


@contextmanager
def open_rows(path: Path, *, encoding: str | None = None, layer: str | None = None) -> Iterator[Rows]:
    """Open a file for the length of the block.

    Parameters
    ----------
    encoding
        Of a CSV file; found when None.
    layer
        Of a GeoPackage; its only one when None.

    Raises
    ------
    InvalidFile
        It is no local file, damaged, or not what its suffix says.
    InvalidInput
        An option does not fit the format.
    """
    form = form_of(path)
    if encoding is not None and form is not Form.CSV:
        raise InvalidInput(f"--encoding is for CSV; {form} is UTF-8 by its standard")
    if layer is not None and form is not Form.GPKG:
        raise InvalidInput(f"--layer is for GeoPackage; a {form} file has one only")
    real = local_file(path, BOUNDLESS)
    check_signature(real, form)
    with ExitStack() as stack:
        try:
            if form is Form.CSV:
                yield _csv(real, encoding, stack)
            elif form is Form.PARQUET:
                yield _parquet(real, stack)
            elif form in {Form.ARROW_FILE, Form.ARROW_STREAM}:
                yield _arrow(real, form, stack)
            elif form is Form.GPKG:
                yield _layer(stack.enter_context(open_source(real, BOUNDLESS)), layer, stack)
            else:
                yield json_document(real, path.name) if form is Form.GEOJSON else json_lines(real, path.name)
        except (pa.ArrowException, DataSourceError, DataLayerError) as error:
            reason = str(error).replace(str(real), path.name)
            raise InvalidFile(f"{path.name} cannot be read as {form}: {reason[:300]}") from error


def _csv(path: Path, encoding: str | None, stack: ExitStack) -> Rows:
    dialect = read_dialect(path, encoding, BOUNDLESS)
    size = path.stat().st_size
    raw = stack.enter_context(path.open("rb"))
    packed = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    source = stack.enter_context(gzip.GzipFile(fileobj=raw)) if packed else raw
    batches = read_csv(source, dialect, name=path.name, block_bytes=_LINE_BYTES)
    notes = (
        f"encoding {dialect.encoding.shown}: {dialect.encoding.evidence}",
        f"delimiter {dialect.delimiter!r}",
    )
    done = lambda _rows: min(raw.tell() / size, 1.0)  # noqa: E731 - a value among values
    return Rows(path.name, csv_schema(dialect), batches, share_done=done, notes=notes)


def _parquet(path: Path, stack: ExitStack) -> Rows:
    # without pre_buffer: it would hold all of the file that was read
    file = stack.enter_context(parquet.ParquetFile(path, pre_buffer=False))
    schema, total = file.schema_arrow, file.metadata.num_rows
    return Rows(
        path.name,
        schema,
        file.iter_batches(BATCH_ROWS),
        find_geometry(schema, path.name),
        share_done=lambda rows: rows / total if total else None,
    )


def _arrow(path: Path, form: Form, stack: ExitStack) -> Rows:
    source = stack.enter_context(pa.memory_map(str(path)))
    if form is Form.ARROW_STREAM:
        reader = stack.enter_context(pa.ipc.open_stream(source))
        batches: Iterator[pa.RecordBatch] = iter(reader)
    else:
        reader = stack.enter_context(pa.ipc.open_file(source))
        batches = (reader.get_batch(i) for i in range(reader.num_record_batches))
    size = source.size()
    return Rows(
        path.name,
        reader.schema,
        _in_pieces(batches),
        find_geometry(reader.schema, path.name),
        share_done=(lambda _rows: source.tell() / size) if form is Form.ARROW_STREAM else lambda _rows: None,
    )


def _in_pieces(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        batch.validate(full=True)  # offsets in a damaged file may point anywhere
        for start in range(0, batch.num_rows, BATCH_ROWS):
            yield batch.slice(start, BATCH_ROWS)


def _layer(source: Source, layer: str | None, stack: ExitStack) -> Rows:
    stack.enter_context(warnings.catch_warnings())
    warnings.simplefilter("ignore")  # a row that GDAL warns of is found by its place
    names = [str(name) for name, _ in pyogrio.list_layers(source.path)]
    if layer is None and len(names) != 1:
        raise InvalidFile(
            f"{source.name} has {len(names)} layers; choose one with --layer: {', '.join(names) or 'none'}"
        )
    if layer is not None and layer not in names:
        raise InvalidFile(f"{source.name} has no layer {layer!r}; it has {', '.join(names) or 'none'}")
    name = layer or names[0]
    total = pyogrio.read_info(source.path, layer=name)["features"]
    meta, reader = stack.enter_context(
        pyogrio.open_arrow(source.path, layer=name, use_pyarrow=True, batch_size=BATCH_ROWS // 2)
    )
    geometry = find_geometry(reader.schema, source.name)
    if geometry is not None:
        geometry = Geometry(geometry.column, "wkb", _crs(meta["crs"], source.name))
    return Rows(
        source.name,
        reader.schema,
        iter(reader),
        geometry,
        share_done=lambda rows: rows / total if total else None,
        notes=(f"layer {name}",),
    )


def _crs(text: str | None, name: str) -> CRS | None:
    try:
        return CRS.from_user_input(text) if text else None
    except CRSError as error:
        raise InvalidFile(f"{name}: its own CRS cannot be read ({error}); declare it with --crs") from error
