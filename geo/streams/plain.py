"""Columns of any Arrow type in the few types that text, tables and maps know."""

from __future__ import annotations

import base64
from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson
import pyarrow as pa
from pyarrow import compute as pc
from pyarrow import types

from geo.streams.geometry import storage

_PLAIN = (
    types.is_boolean,
    types.is_integer,
    types.is_floating,
    types.is_string,
    types.is_large_string,
    types.is_date,
    types.is_time,
    types.is_timestamp,
)


def is_plain(kind: pa.DataType) -> bool:
    """Whether a type is written as it is."""
    return any(test(kind) for test in _PLAIN)


def plain_type(kind: pa.DataType) -> pa.DataType:
    """The type that stands for it: of a dictionary its values', of lists and the like JSON as text."""
    if types.is_dictionary(kind):
        return plain_type(kind.value_type)
    return kind if is_plain(kind) else pa.string()


def plain_column(column: pa.Array) -> pa.Array:
    """A column in :func:`plain_type`."""
    column = storage(column)
    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if is_plain(column.type):
        return column
    if types.is_null(column.type) or types.is_decimal(column.type) or types.is_string_view(column.type):
        return pc.cast(column, pa.string())
    return pa.array([_as_text(value) for value in column.to_pylist()], pa.string())


def _as_text(value: Any) -> str | None:
    if value is None:
        return None
    return unusual(value) if isinstance(value, bytes | timedelta) else to_json(value).decode()


def to_json(value: Any) -> bytes:
    """A value as JSON; not a number and infinity are null, bytes are base64."""
    return orjson.dumps(value, default=unusual, option=orjson.OPT_NON_STR_KEYS)


def unusual(value: Any) -> str:
    r"""As text, what JSON has no form for.

    >>> unusual(b"\x01\x02"), unusual(Decimal("1.10"))
    ('AQI=', '1.10')
    """
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Decimal | timedelta):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
