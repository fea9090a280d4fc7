"""Days and instants as people write them, in the zone's own time."""

from __future__ import annotations

from datetime import UTC, date, datetime

from geo.errors import InvalidInput
from geo.model import Zone

#: A day (``2026-03-01``), an instant with its time zone, or nothing.
When = str | date | datetime | None


def to_instant(zone: Zone, when: When, name: str) -> datetime | None:
    """Turn a day into the midnight it begins with in the zone; leave an instant as it is.

    Parameters
    ----------
    when
        ``2026-03-01``, ``2026-03-01T08:00+08:00``, a date, an aware datetime, or None.
    name
        What the value is called, for the message.

    Raises
    ------
    InvalidInput
        It is no day, or an instant that does not say its time zone.
    """
    value = _parsed(when, name) if isinstance(when, str) else when
    if value is None or isinstance(value, datetime):
        if value is not None and value.tzinfo is None:
            raise InvalidInput(f"{name} {value.isoformat()} has no time zone; write it with +08:00 or Z")
        return None if value is None else in_utc(value, name)
    return zone.midnight(value)


def in_utc(instant: datetime, name: str) -> datetime:
    """The same instant in UTC, where alone it is sure to be between the years 1 and 9999.

    Raises
    ------
    InvalidInput
        It lies beyond the calendar once its offset is taken off; the database would give it back as none.
    """
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise InvalidInput(
            f"{name} {instant.isoformat()} lies outside the years 1 to 9999 of UTC; write a nearer time"
        ) from None


def to_day(zone: Zone, when: str | date | None, name: str = "as_of") -> date:
    """Turn a day as written into a date; None is today in the zone.

    Raises
    ------
    InvalidInput
        It is no day.
    """
    if when is None:
        return zone.today()
    value = _parsed(when, name) if isinstance(when, str) else when
    if isinstance(value, datetime):
        raise InvalidInput(f"{name} {value.isoformat()} is an instant, not a day; write 2026-03-01")
    return value


def check_order(since: datetime | None, until: datetime | None) -> None:
    """Refuse an interval that ends before it begins.

    Raises
    ------
    InvalidInput
        ``until`` lies before ``since``.
    """
    if since is not None and until is not None and until < since:
        raise InvalidInput(f"until {until.isoformat()} lies before since {since.isoformat()}; swap them")


def _parsed(text: str, name: str) -> date | datetime:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            f"{name} {text!r} is no date; write 2026-03-01 or 2026-03-01T08:00+08:00"
        ) from None
