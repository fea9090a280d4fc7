"""An Arrow IPC stream in, one out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from geo.errors import InvalidFile
from geo.streams.chain_columns import add_chain
from geo.streams.geometry import find_geometry
from geo.streams.json_items import Readable
from geo.streams.requests.arrow_frames import CheckedStream
from geo.streams.requests.asked import Asked, Outlet
from geo.streams.rows import BATCH_ROWS

#: Metadata of the empty batch that ends an answer which is not whole.
PROBLEM = "wangge.problem"


class ArrowAnswer:
    """The same stream with the columns added.

    A failure on the way is an empty last batch whose custom metadata ``wangge.problem`` is the problem as
    JSON.
    """

    def __init__(self, source: Readable, asked: Asked) -> None:
        self._asked, self._columns = asked, asked.columns
        try:
            self._reader = pa.ipc.open_stream(
                pa.PythonFile(CheckedStream(source, asked.limits.batch_bytes), mode="r")
            )
        except pa.ArrowException as error:
            raise _unread(error) from error
        schema = self._reader.schema
        self._place = asked.place(schema, geometry=find_geometry(schema, "the body"))
        self._schema = self._columns.schema(schema)
        self._outlet = Outlet()
        self._writer = pa.ipc.new_stream(self._outlet, self._schema)

    def blocks(self) -> Iterator[bytes]:
        """Pieces of the answer."""
        rows = 0
        for batch in self._batches():
            rows += batch.num_rows
            self._asked.limits.check_rows(rows)
            batch.validate(full=True)
            for start in range(0, batch.num_rows, BATCH_ROWS):
                piece = batch.slice(start, BATCH_ROWS)
                self._writer.write_batch(add_chain(piece, self._columns, self._place))
                yield self._outlet.take()
        self._writer.close()
        yield self._outlet.take()

    def _batches(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self._reader
        except pa.ArrowException as error:
            raise _unread(error) from error

    def failure(self, problem: dict[str, Any]) -> bytes:
        """An empty batch that says why there are no more."""
        empty = pa.RecordBatch.from_arrays(
            [pa.nulls(0, one.type) for one in self._schema], schema=self._schema
        )
        self._writer.write_batch(empty, custom_metadata={PROBLEM: json.dumps(problem, ensure_ascii=False)})
        self._writer.close()
        return self._outlet.take()


def _unread(error: Exception) -> InvalidFile:
    return InvalidFile(f"the body cannot be read as an Arrow IPC stream: {str(error)[:300]}")
