"""Months, quarters and years by their first day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

#: Months a period has.
PERIODS = {"month": 1, "quarter": 3, "year": 12}


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
