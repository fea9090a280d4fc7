"""Times as registers write them, into instants."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InvalidInput

#: Year first, so that there is only one way to read them; tried in this order.
FORMATS = (
    "ISO8601",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日%H时%M分",
    "%Y年%m月%d日",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%Y%m%d%H%M%S",
)
_FIRST = pd.Timestamp(datetime(1, 1, 1, tzinfo=UTC))
_END = pd.Timestamp(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)) + pd.Timedelta(seconds=1)
_WITH_OFFSET = r"\d:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}(?::?\d{2})?)$"


def parse_times(texts: NDArray[Any], *, time_zone: str, pattern: str | None = None) -> pd.Series:
    """Read times; those without an offset are on the zone's clock.

    An hour that the clock shows twice (end of summer time) is taken the first time; one that it skips is
    moved to the next that exists.

    Parameters
    ----------
    texts
        Text or None.
    pattern
        ``strptime`` pattern, for times that are not written year first.

    Returns
    -------
    pandas.Series
        UTC, NaT where the text is missing, no time, or beyond the years 1 to 9999 of UTC: the database would
        keep such a time, but nobody could read it again.

    Raises
    ------
    InvalidInput
        The pattern is none.
    """
    if pattern is not None:
        check_pattern(pattern)
    values = pd.Series(texts, dtype=object).str.strip()
    found = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us, UTC]")
    zoned = values.str.contains(_WITH_OFFSET, regex=True, na=False)
    if zoned.any():
        found[zoned] = _utc(values[zoned], pattern)
    local = values.notna() & ~zoned
    if local.any():
        found[local] = _on_clock(_naive(values[local], pattern), time_zone)
    return found.where((found >= _FIRST) & (found < _END))


def check_pattern(pattern: str) -> None:
    """Refuse what is no ``strptime`` pattern.

    Raises
    ------
    InvalidInput
        It holds a directive that there is not.
    """
    try:
        pd.to_datetime(pd.Series(["x"]), format=pattern, errors="coerce")
    except (ValueError, re.error) as error:
        raise InvalidInput(
            f"--time-format {pattern!r} is no pattern of times ({error}); write %d/%m/%Y %H:%M, for example"
        ) from error


def _utc(values: pd.Series, pattern: str | None) -> pd.Series:
    read = pd.to_datetime(values, format=pattern or "ISO8601", errors="coerce", utc=True)
    return read.astype("datetime64[us, UTC]")


def _naive(values: pd.Series, pattern: str | None) -> pd.Series:
    read = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us]")
    for form in (pattern,) if pattern else FORMATS:
        left = read.isna()
        if not left.any():
            break
        read[left] = pd.to_datetime(values[left], format=form, errors="coerce").astype("datetime64[us]")
    return read


def _on_clock(local: pd.Series, time_zone: str) -> pd.Series:
    first = np.ones(len(local), dtype=bool)
    return (
        local.dt.tz_localize(time_zone, ambiguous=first, nonexistent="shift_forward")
        .dt.tz_convert("UTC")
        .astype("datetime64[us, UTC]")
    )
