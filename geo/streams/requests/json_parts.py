"""Rows that stay the JSON they are: our members are written behind theirs, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from pyarrow import compute as pc

from geo.streams.chain_columns import ChainColumns, Tally, add_chain
from geo.streams.json_items import Items
from geo.streams.places import Place
from geo.streams.reasons import BROKEN

_X, _Y = "\0x", "\0y"
Object = dict[str, Any]


@dataclass
class JsonWriter:
    """Writes rows with their chain.

    Attributes
    ----------
    before, after
        What stands before and after each row.
    """

    columns: ChainColumns
    place: Place
    before: bytes
    after: bytes
    tally: Tally

    def write(
        self, bodies: list[bytes] | pa.Array, x: pa.Array, y: pa.Array, broken: list[bool] | None = None
    ) -> bytes:
        """Rows as JSON objects.

        Parameters
        ----------
        bodies
            Each row's own members, opened by a brace and not yet closed; none is empty if it is an array.
        x, y
            Coordinates, as numbers or text.
        broken
            Rows that are no objects; None when all are.
        """
        located, parts = self._parts(x, y, broken)
        own = pa.array(bodies, pa.large_binary()) if isinstance(bodies, list) else bodies
        if (
            isinstance(bodies, list) and b"{" in bodies
        ):  # an empty object has nothing that a comma could follow
            parts[0] = pc.if_else(pc.equal(own, b"{"), self._members(located.column(2), 0, b""), parts[0])
        closed = pa.scalar(b"}" + self.after, pa.large_binary())
        opened = pa.scalar(self.before, pa.large_binary())
        nothing = pa.scalar(b"", pa.large_binary())
        joined = pc.binary_join_element_wise(opened, own, *parts, closed, nothing)
        return _text_of(joined)

    def write_between(self, items: Items, x: pa.Array, y: pa.Array) -> bytes:
        """Rows as JSON objects; what stands between two of them stays there.

        Parameters
        ----------
        items
            Objects, none of them empty, one separator between each two.
        """
        _, parts = self._parts(x, y, None)
        # from the brace that closes one to the one that closes the next: nothing has to be copied together
        offsets = np.append(items.starts[:1], items.ends - 1)
        bodies = pa.LargeBinaryArray.from_buffers(
            pa.large_binary(), len(items), [None, pa.py_buffer(offsets), pa.py_buffer(items.text)]
        )
        joined = pc.binary_join_element_wise(bodies, *parts, pa.scalar(b"", pa.large_binary()))
        return b"%b%b}%b" % (self.before, _text_of(joined), self.after)

    def _parts(
        self, x: pa.Array, y: pa.Array, broken: list[bool] | None
    ) -> tuple[pa.RecordBatch, list[pa.Array]]:
        """The rows located, and each added column as members."""
        batch = pa.RecordBatch.from_arrays([x, y], names=[_X, _Y])
        if broken is not None:
            batch = batch.append_column(BROKEN, pa.array(broken))
        located = add_chain(batch, self.columns, Place(self.place.crs, columns=(_X, _Y)))
        self.tally.add(located)
        return located, [self._members(column, i) for i, column in enumerate(located.columns[2:])]

    def _members(self, column: pa.DictionaryArray, i: int, comma: bytes = b",") -> pa.Array:
        """A column as ``,"name":value``."""
        name = b"%b%b:" % (comma, orjson.dumps(self.columns.fields[i].name))
        texts = [name + orjson.dumps(word) for word in column.dictionary.to_pylist()]
        values = pa.array([*texts, name + b"null"], pa.large_binary())
        return values.take(pc.fill_null(column.indices.cast(pa.int32()), len(texts)))


def _text_of(joined: pa.Array) -> bytes:
    _, offsets, data = joined.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)
    first, last = int(ends[joined.offset]), int(ends[joined.offset + len(joined)])
    return data[first:last].to_pybytes() if data is not None else b""


def coordinates(objects: list[Object], name: str) -> pa.Array:
    """A member of objects as numbers, or as text where one of them is no number."""
    values = [one.get(name) for one in objects]
    try:
        if not any(isinstance(value, bool) for value in values):  # to Arrow, true is 1
            return pa.array(values, pa.float64())
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return _texts(values)
    return _texts(values)


def _texts(values: list[Any]) -> pa.Array:
    return pa.array([_as_text(value) for value in values], pa.string())


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return repr(value) if is_number else "no number"
