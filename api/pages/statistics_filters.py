"""What the address of the statistics page asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from geo.errors import InvalidInput

Section = Literal["roster", "services", "places"]
SECTIONS: tuple[Section, ...] = get_args(Section)
PRESETS = ("12m", "year", "last_year", "all")
DEFAULT_PRESET = "12m"


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the service record.

    Attributes
    ----------
    preset
        One of ``PRESETS``; None when days were given.
    first, last
        First and last day, both counted; None leaves that end open.
    """

    preset: str | None
    first: date | None
    last: date | None

    @property
    def query(self) -> dict[str, str]:
        """What an address says of it."""
        if self.preset is not None:
            return {"period": self.preset}
        return {name: str(day) for name, day in (("from", self.first), ("to", self.last)) if day is not None}

    @property
    def until(self) -> date | None:
        """First day that no longer counts."""
        return None if self.last in (None, date.max) else self.last + timedelta(days=1)


def read_period(preset: str | None, first: date | None, last: date | None, today: date) -> Period:
    """Understand a preset or days; days given win.

    >>> read_period(None, None, None, date(2026, 3, 9))
    Period(preset='12m', first=datetime.date(2025, 4, 1), last=datetime.date(2026, 3, 9))

    Raises
    ------
    InvalidInput
        For an unknown preset, or days in the wrong order.
    """
    if first is not None and last is not None and last < first:
        raise InvalidInput(f"the last day {last} lies before the first {first}; exchange from and to")
    if first is not None or last is not None:
        return Period(None, first, last)
    preset = preset or DEFAULT_PRESET
    if preset not in PRESETS:
        raise InvalidInput(f"period {preset!r} is not known; use one of {', '.join(PRESETS)}, or from and to")
    return Period(preset, *_days(preset, today))


def _days(preset: str, today: date) -> tuple[date | None, date | None]:
    if preset == "12m":
        month = today.year * 12 + today.month - 12
        return date(month // 12, month % 12 + 1, 1), today
    if preset == "year":
        return today.replace(month=1, day=1), today
    if preset == "last_year":
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    return None, None
