"""Coordinates out of sound JSON without a Python object per point; None where a closer look is needed."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import orjson
import pyarrow as pa
from pyarrow import compute as pc
from pyarrow import json as arrow_json

from geo.streams.json_items import Items

_NUMBERS = b"0123456789+-.eE,[] \t\r\nnul"
_UNBRACKETED = bytes.maketrans(b"[]", b"  ")
XY = tuple[pa.Array, pa.Array]


def quick_objects(items: Items, lon: str, lat: str, kinds: tuple[pa.DataType, pa.DataType]) -> XY | None:
    """Two members of objects, when every item is surely one object that has one of them.

    Each item begins with ``{`` and ends with ``}``. Then each holds at least one object, since after a brace
    that closes an inner one no other may open without a comma; if the parser counts as many objects as there
    are items, each is exactly one.

    Parameters
    ----------
    items
        Trimmed; between two of them is a line break, or a comma outside of all brackets.
    kinds
        Types expected of the members: numbers or text.
    """
    if not items.all_within(ord("{"), ord("}")):
        return None
    text = np.frombuffer(items.text, dtype=np.uint8)[: items.ends[-1]].copy()
    text[items.ends[:-1]] = ord("\n")
    lines = text.tobytes()
    schema = pa.schema([pa.field(lon, kinds[0]), pa.field(lat, kinds[1])])
    parsing = arrow_json.ParseOptions(schema, newlines_in_values=True, unexpected_field_behavior="ignore")
    reading = arrow_json.ReadOptions(block_size=len(lines) + 1, use_threads=False)
    try:
        lines.decode()
        table = arrow_json.read_json(BytesIO(lines), reading, parsing)
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return None
    if table.num_rows != len(items):
        return None
    x, y = (table.column(i).combine_chunks() for i in (0, 1))
    if (x.null_count and y.null_count) and pc.any(pc.and_(x.is_null(), y.is_null())).as_py():
        return None
    return x, y


def quick_pairs(items: Items) -> XY | None:
    """Coordinates of pairs, when every item is surely ``[number, number]``."""
    if items.text.translate(None, _NUMBERS) or not items.all_within(ord("["), ord("]")):
        return None
    text = items.text[items.starts[0] : items.ends[-1]]
    signs = np.frombuffer(text, dtype=np.uint8)
    inner = np.flatnonzero(signs == ord(","))
    ends = items.ends - items.starts[0]
    # between two ends of items: the comma that separates them and the one inside
    if (
        text.count(b"[") != len(items)
        or (np.searchsorted(inner, ends) != np.arange(1, 2 * len(items), 2)).any()
    ):
        return None
    try:
        values = pa.array(orjson.loads(b"[%b]" % text.translate(_UNBRACKETED)), pa.float64())
    except (orjson.JSONDecodeError, pa.ArrowException):
        return None
    every_other = np.arange(0, len(values), 2)
    return values.take(pa.array(every_other)), values.take(pa.array(every_other + 1))
