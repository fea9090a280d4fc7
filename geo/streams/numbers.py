"""Numbers from columns of any type, without a Python object per value."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute as pc
from pyarrow import types

from geo.streams.reasons import Reason

Floats = NDArray[np.float64]
Reasons = NDArray[np.int8]
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$|^[+-]?(?i:nan|inf|infinity)$"


def holds_numbers(kind: pa.DataType) -> bool:
    """Whether a column of this type can hold coordinates, as numbers or as text."""
    if types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        types.is_integer(kind)
        or types.is_floating(kind)
        or types.is_decimal(kind)
        or types.is_null(kind)
        or is_text(kind)
    )


def is_text(kind: pa.DataType) -> bool:
    """Whether a type is one of Arrow's strings."""
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def read_numbers(column: pa.Array) -> tuple[Floats, Reasons]:
    """Numbers of a column, NaN where there is none, and why.

    Text may have blanks around it, and a decimal comma.

    >>> values, reasons = read_numbers(pa.array(["113,85", " +27.6", "", None, "x"]))
    >>> values.tolist(), reasons.tolist()
    ([113.85, 27.6, nan, nan, nan], [0, 0, 1, 1, 2])
    """
    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    texts = is_text(column.type)
    numbers = _parsed(column) if texts else pc.cast(column, pa.float64(), safe=False)
    values = numbers.to_numpy(zero_copy_only=False)
    reasons = np.zeros(len(values), dtype=np.int8)
    if numbers.null_count or not np.isfinite(values).all():
        reasons[np.isinf(values)] = Reason.NOT_FINITE
        reasons[np.isnan(values)] = Reason.MISSING
        if texts and numbers.null_count:
            filled = pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(column), ""), fill_value=False)
            written = filled.to_numpy(zero_copy_only=False)
            reasons[written & numbers.is_null().to_numpy(zero_copy_only=False)] = Reason.NO_NUMBER
    return np.asarray(values, dtype=np.float64), reasons


def _parsed(column: pa.Array) -> pa.Array:
    texts = pc.utf8_trim_whitespace(column)
    try:
        return pc.cast(texts, pa.float64())
    except pa.ArrowInvalid:
        plain = pc.utf8_ltrim(pc.replace_substring(texts, ",", ".", max_replacements=1), "+")
        fits = pc.match_substring_regex(plain, _NUMBER)
        return pc.cast(pc.if_else(fits, plain, None), pa.float64())
