"""Rows of CSV: every column is text, broken lines keep their place and are marked."""

from __future__ import annotations

import csv as std_csv
import gzip
import zlib
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from pyarrow import csv

from geo.boundaries.tables import Dialect
from geo.errors import InvalidFile
from geo.streams.reasons import BROKEN

#: What can go wrong while text is unpacked, decoded and taken apart.
_DAMAGE = (pa.ArrowInvalid, UnicodeError, EOFError, gzip.BadGzipFile, zlib.error)
_BROKEN_FIELD = pa.field(BROKEN, pa.bool_())


def csv_schema(dialect: Dialect) -> pa.Schema:
    """All text."""
    return pa.schema([pa.field(name, pa.string()) for name in dialect.columns])


def read_csv(source: Any, dialect: Dialect, *, name: str, block_bytes: int) -> Iterator[pa.RecordBatch]:
    """Rows of a CSV stream whose dialect is known, header line included.

    Empty fields are null, ``""`` is an empty text. A line with too few fields is filled up with nulls, one
    with too many is cut; both are marked.

    Parameters
    ----------
    source
        A binary file.
    block_bytes
        How much is read at a time; no line may be longer.

    Raises
    ------
    InvalidFile
        It is not in the dialect's encoding, a line is too long, or its compression is damaged.
    """
    broken = _BrokenLines(dialect)
    schema = csv_schema(dialect)
    options = {
        "read_options": csv.ReadOptions(
            block_size=block_bytes,
            column_names=schema.names,
            skip_rows=1,
            encoding=dialect.encoding.name,
            use_threads=False,  # with threads, broken lines do not know their number
        ),
        "parse_options": csv.ParseOptions(
            delimiter=dialect.delimiter, newlines_in_values=True, invalid_row_handler=broken.note
        ),
        "convert_options": csv.ConvertOptions(
            column_types=schema, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]
        ),
    }
    try:
        with csv.open_csv(source, **options) as reader:
            for batch in reader:
                yield broken.put_back(batch)
        rest = broken.put_back(pa.RecordBatch.from_pylist([], schema))
        if rest.num_rows:
            yield rest
    except _DAMAGE as error:
        raise InvalidFile(_explained(error, dialect, name, block_bytes)) from error


def _explained(error: BaseException, dialect: Dialect, name: str, block_bytes: int) -> str:
    if "straddling" in str(error):
        return (
            f"{name}: a line has more than {block_bytes:,} bytes, or a quote is opened and never closed; "
            "correct that line"
        )
    return (
        f"{name} cannot be read as CSV in {dialect.encoding.shown} with delimiter {dialect.delimiter!r}: "
        f"{str(error)[:300]}"
    )


class _BrokenLines:
    """Lines that the parser sets aside, to be put back where they stood."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._aside: list[tuple[int, str]] = []
        self._next = 2  # the header is row 1

    def note(self, row: Any) -> str:
        """Called by the parser, perhaps some batches ahead."""
        self._aside.append((row.number, row.text))
        return "skip"

    def put_back(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch with the broken lines among and right after its rows."""
        mine = 0
        while mine < len(self._aside) and self._aside[mine][0] <= self._next + batch.num_rows + mine:
            mine += 1
        taken, self._aside = self._aside[:mine], self._aside[mine:]
        first, self._next = self._next, self._next + batch.num_rows + mine
        return self._merged(batch, first, taken) if taken else batch

    def _merged(self, batch: pa.RecordBatch, first: int, taken: list[tuple[int, str]]) -> pa.RecordBatch:
        pieces, used = [], 0
        schema = batch.schema.append(_BROKEN_FIELD)
        for i, (number, text) in enumerate(taken):
            whole = number - first - i - used
            pieces += [self._marked(batch.slice(used, whole), schema), self._line(text, schema)]
            used += whole
        pieces.append(self._marked(batch.slice(used), schema))
        return pa.concat_batches(pieces)

    def _line(self, text: str, schema: pa.Schema) -> pa.RecordBatch:
        lines = text.replace("\r", "\n").split("\n")
        cells = next(std_csv.reader(lines, delimiter=self._dialect.delimiter), [])
        kept = [*cells[: len(schema) - 1], *[None] * (len(schema) - 1 - len(cells))]
        values = dict(zip(schema.names, [cell or None for cell in kept], strict=False))
        return pa.RecordBatch.from_pylist([values | {BROKEN: True}], schema)

    @staticmethod
    def _marked(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
        whole = pa.repeat(pa.scalar(value=False), batch.num_rows)
        return pa.RecordBatch.from_arrays([*batch.columns, whole], schema=schema)
