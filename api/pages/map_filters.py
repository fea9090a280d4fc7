"""What the address of a density map asks for: a period, a category, a scheme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args

from geo.errors import InvalidInput
from geo.frames import CaseFilter
from geo.model import Zone

Period = Literal["24h", "7d", "30d", "year", "all"]
PERIODS: tuple[Period, ...] = get_args(Period)
DEFAULT_PERIOD: Period = "30d"


@dataclass(frozen=True, slots=True)
class MapFilter:
    """A density map's filters as chosen.

    Attributes
    ----------
    period
        A preset; None when days were given.
    first, last
        First and last day, both counted; None leaves that end open.
    category
        A service kind or a category; None for all.
    """

    period: Period | None
    first: date | None
    last: date | None
    category: str | None

    def cases(self, zone: Zone, now: datetime | None = None) -> CaseFilter:
        """Return the filter in the terms of ``geo.density``: a half-open interval of instants."""
        now = now or datetime.now(UTC)
        since, until = self._interval(zone, now)
        return {"since": since, "until": until, "category": self.category}

    def _interval(self, zone: Zone, now: datetime) -> tuple[datetime | None, datetime | None]:
        if self.period is None:
            # No day follows the calendar's last one: that end is open.
            closed = self.last is not None and self.last < date.max
            until = zone.midnight(self.last + timedelta(days=1)) if self.last and closed else None
            return (zone.midnight(self.first) if self.first else None), until
        days = {"24h": 1, "7d": 7, "30d": 30}.get(self.period)
        if days is not None:
            return now - timedelta(days=days), None
        if self.period == "year":
            return zone.midnight(zone.today(now).replace(month=1, day=1)), None
        return None, None


def read_map_filter(
    period: str | None, first: date | None, last: date | None, category: str | None
) -> MapFilter:
    """Understand the filters of an address; days given win over a preset.

    Raises
    ------
    InvalidInput
        For an unknown preset, or days in the wrong order.
    """
    if first is not None and last is not None and last < first:
        raise InvalidInput(f"the last day {last} lies before the first {first}; exchange from and to")
    if first is not None or last is not None:
        return MapFilter(None, first, last, category or None)
    for known in PERIODS:
        if (period or DEFAULT_PERIOD) == known:
            return MapFilter(known, None, None, category or None)
    raise InvalidInput(f"period {period!r} is not known; use one of {', '.join(PERIODS)}, or from and to")
