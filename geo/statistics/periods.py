"""Months, quarters and years by their first day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from geo.errors import InvalidInput

#: Months a period has.
PERIODS = {"month": 1, "quarter": 3, "year": 12}

_PERIOD = re.compile(r"(?P<year>[0-9]{4})(-?Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")


def periods_between(period: str, first: date, last: date) -> Iterator[date]:
    """First days of all periods from one to another, both included.

    >>> [day.isoformat() for day in periods_between("quarter", date(2025, 10, 1), date(2026, 1, 1))]
    ['2025-10-01', '2026-01-01']
    """
    months = PERIODS[period]
    number, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    while number <= end:
        yield date(number // 12, number % 12 + 1, 1)
        number += months


def name_period(period: str, starts: date) -> tuple[str, str]:
    """What a period is called in Chinese and English.

    >>> name_period("quarter", date(2026, 4, 1)), name_period("month", date(2026, 4, 1))
    (('2026年第2季度', '2026 Q2'), ('2026年4月', '2026-04'))
    """
    if period == "year":
        return f"{starts.year}年", f"{starts.year}"
    if period == "quarter":
        quarter = (starts.month + 2) // 3
        return f"{starts.year}年第{quarter}季度", f"{starts.year} Q{quarter}"
    return f"{starts.year}年{starts.month}月", f"{starts:%Y-%m}"


def read_period(text: str) -> tuple[date, date]:
    """First day of a period and first day after it, from ``2026``, ``2026-Q1`` or ``2026-03``.

    Raises
    ------
    InvalidInput
        It is none of these, or outside the years 1949 to 2200.

    >>> read_period("2026-Q4")
    (datetime.date(2026, 10, 1), datetime.date(2027, 1, 1))
    """
    found = _PERIOD.fullmatch(text.strip().upper())
    if found is None or not 1949 <= int(found["year"]) <= 2200:
        raise InvalidInput(f"period {text!r} is no year, quarter or month; write 2026, 2026-Q1 or 2026-03")
    quarter, month = found["quarter"], found["month"]
    first = (int(quarter) - 1) * 3 if quarter else int(month) - 1 if month else 0
    number = int(found["year"]) * 12 + first
    after = number + (3 if quarter else 1 if month else 12)
    return date(number // 12, number % 12 + 1, 1), date(after // 12, after % 12 + 1, 1)


def write_period(since: date, until: date) -> str:
    """The text :func:`read_period` understands, or the days themselves when they are no such period.

    >>> write_period(date(2026, 10, 1), date(2027, 1, 1)), write_period(date(2026, 1, 1), date(2027, 1, 1))
    ('2026-Q4', '2026')
    """
    quarter = (since.month + 2) // 3
    for text in (f"{since.year:04}", f"{since.year:04}-Q{quarter}", f"{since:%Y-%m}"):
        if 1949 <= since.year <= 2200 and read_period(text) == (since, until):
            return text
    return f"{since}/{until}"
