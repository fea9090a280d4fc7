"""Days, instants, minutes of the day and weekdays as people write them in cells."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1900, 2200
_DAY = r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
_CLOCK = r"(\d{1,2})[:时](\d{1,2})(?::(\d{1,2}(?:\.\d{1,6})?)|分)?"
_DATE = re.compile(_DAY)
_INSTANT = re.compile(rf"{_DAY}(?:(?:T|\s+|(?<=日)){_CLOCK}(Z|[+-]\d{{2}}:?\d{{2}})?)?")
_MINUTE = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_DAYS = {name: number for number, name in enumerate("一二三四五六日", start=1)} | {"天": 7}
_SPAN = re.compile(r"(.+?)[至到~–—-](.+)")


def read_date(value: Any) -> date | None:
    """A day from an Excel date or text; None when it is none or outside the years allowed.

    >>> read_date("2026年3月1日"), read_date(20260301), read_date("2026-02-30")
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 1), None)
    """
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        match = _DATE.fullmatch(_plain(value))
        value = _day(match) if match else None
    return value if value is not None and FIRST_YEAR <= value.year <= LAST_YEAR else None


def read_instant(value: Any, zone: ZoneInfo) -> datetime | None:
    """An instant from an Excel date with time or text, on the zone's clock unless it says its offset."""
    if isinstance(value, datetime):
        local = value + timedelta(microseconds=500_000)  # Excel keeps days as fractions: to the second
        local = local.replace(microsecond=0)
    elif isinstance(value, date):
        local = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - the clock follows
    else:
        return _written_instant(_plain(value), zone)
    return local.replace(tzinfo=zone) if FIRST_YEAR <= local.year <= LAST_YEAR else None


def _written_instant(text: str, zone: ZoneInfo) -> datetime | None:
    match = _INSTANT.fullmatch(text)
    day = _day(match) if match else None
    if match is None or day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    hour, minute, second, offset = match.group(10, 11, 12, 13)
    seconds = float(second or 0)
    try:
        clock = time(int(hour or 0), int(minute or 0), int(seconds), round(seconds % 1 * 1e6))
        stamp = datetime.combine(day, clock)
        if offset is not None:
            return datetime.fromisoformat(f"{stamp.isoformat()}{offset}")
    except ValueError:
        return None
    return stamp.replace(tzinfo=zone)


def write_instant(value: datetime, zone: ZoneInfo) -> datetime | str:
    """An instant as it is written into a cell: an Excel date where that can be read back exactly.

    >>> write_instant(datetime(2026, 3, 1, 1, 30, tzinfo=ZoneInfo("UTC")), ZoneInfo("Asia/Shanghai"))
    datetime.datetime(2026, 3, 1, 9, 30)
    """
    local = value.astimezone(zone)
    if local.microsecond or local.fold:
        return local.isoformat(sep=" ")
    return local.replace(tzinfo=None)


def read_minute(value: Any) -> int | None:
    """Minute of the day, 0 to 1440, from ``8:30`` or an Excel time; None when it is none.

    >>> read_minute("8:30"), read_minute("24:00"), read_minute("24:01"), read_minute(time(17, 30))
    (510, 1440, None, 1050)
    """
    minutes = _minutes(value)
    if minutes is None or minutes != int(minutes) or not 0 <= minutes <= 1440:
        return None
    return int(minutes)


def _minutes(value: Any) -> float | None:
    if isinstance(value, datetime):
        # Excel's day 1 is what a time of 24:00 is kept as.
        next_day = value.date() in {date(1899, 12, 31), date(1900, 1, 1)} and value.time() == time(0)
        return 1440 if next_day else None
    if isinstance(value, time):
        return value.hour * 60 + value.minute + value.second / 60
    if isinstance(value, timedelta):
        return value.total_seconds() / 60
    if isinstance(value, float | int) and not isinstance(value, bool):
        return round(value * 1440, 6) if 0 <= value <= 1 else None
    match = _MINUTE.fullmatch(_plain(value))
    if match is None or int(match[2]) > 59:
        return None
    return int(match[1]) * 60 + int(match[2])


def write_minute(minute: int) -> str:
    """A minute of the day as text.

    >>> write_minute(510), write_minute(1440)
    ('8:30', '24:00')
    """
    return f"{minute // 60}:{minute % 60:02d}"


def read_weekdays(value: Any) -> tuple[int, ...] | None:
    """Weekdays, 1 Monday to 7 Sunday, from 一, 周一, 1, 周一至周五 or 每天; None when it is none.

    >>> read_weekdays("周一至周五"), read_weekdays("星期日"), read_weekdays(3), read_weekdays("周六到一")
    ((1, 2, 3, 4, 5), (7,), (3,), (6, 7, 1))
    """
    text = _plain(value)
    if text == "每天":
        return tuple(range(1, 8))
    single = _weekday(text)
    if single is not None:
        return (single,)
    match = _SPAN.fullmatch(text)
    first, last = (_weekday(match[1]), _weekday(match[2])) if match else (None, None)
    if first is None or last is None:
        return None
    return tuple((first - 1 + step) % 7 + 1 for step in range((last - first) % 7 + 1))


def _weekday(text: str) -> int | None:
    bare = re.sub(r"^(星期|周|礼拜)", "", text.strip())
    if bare in _DAYS:
        return _DAYS[bare]
    return int(bare) if re.fullmatch(r"[1-7]", bare) else None


def _day(match: re.Match[str]) -> date | None:
    year, *rest = match.groups()[:9]
    month, day = (part for part in rest if part is not None)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _plain(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFKC", str(value)).strip()
