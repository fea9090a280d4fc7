"""CSV in, CSV out."""

from __future__ import annotations

import csv as std_csv
import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from pyarrow import csv

from geo.boundaries.tables import SAMPLE_BYTES, dialect_of
from geo.streams.chain_columns import add_chain
from geo.streams.csv_rows import csv_schema, read_csv
from geo.streams.json_items import Readable
from geo.streams.plain import plain_column, plain_type
from geo.streams.requests.asked import Asked, Outlet


class CsvAnswer:
    """The same CSV with the columns added, in UTF-8.

    A failure on the way is a last row that is empty but for ``place_status`` (``error``) and
    ``place_reason``.
    """

    def __init__(self, source: Readable, asked: Asked) -> None:
        self._asked, self._columns = asked, asked.columns
        sample = source.read(SAMPLE_BYTES)
        self._dialect = dialect_of(sample, asked.encoding or "utf-8", "the body")
        self._source = _Resumed(sample, source)
        schema = csv_schema(self._dialect)
        self._place = asked.place(schema)
        full = self._columns.schema(schema)
        self._plain = pa.schema([pa.field(one.name, plain_type(one.type)) for one in full])

    def blocks(self) -> Iterator[bytes]:
        """Pieces of the answer."""
        limits = self._asked.limits
        outlet, rows = Outlet(), 0
        options = csv.WriteOptions(delimiter=self._dialect.delimiter)
        with csv.CSVWriter(outlet, self._plain, write_options=options) as writer:
            for batch in read_csv(self._source, self._dialect, name="the body", block_bytes=limits.row_bytes):
                rows += batch.num_rows
                limits.check_rows(rows)
                located = add_chain(batch, self._columns, self._place)
                plain = [plain_column(column) for column in located.columns]
                writer.write_batch(pa.RecordBatch.from_arrays(plain, schema=self._plain))
                yield outlet.take()
        yield outlet.take()

    def failure(self, problem: dict[str, Any]) -> bytes:
        """A last row that says why there are no more."""
        text = io.StringIO()
        cells = [""] * (len(self._plain) - 2) + ["error", problem["detail"]]
        std_csv.writer(text, delimiter=self._dialect.delimiter, lineterminator="\n").writerow(cells)
        return text.getvalue().encode()


class _Resumed(io.RawIOBase):
    """A stream whose beginning was read already."""

    def __init__(self, begun: bytes, source: Readable) -> None:
        super().__init__()
        self._begun, self._source = begun, source

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        if not self._begun:
            return self._source.read(size)
        cut = len(self._begun) if size < 0 else size
        taken, self._begun = self._begun[:cut], self._begun[cut:]
        return taken
