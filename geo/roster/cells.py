"""A cell's value by the kind of its column; what cannot be taken says the rule it breaks."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from geo.roster.columns import Column, folded
from geo.roster.rows import Unsaved
from geo.roster.times import read_date, read_instant, read_minute, read_weekdays
from geo.roster.workbooks import is_error

CODE_LENGTH, NAME_LENGTH, TEXT_LENGTH = 40, 100, 2_000
_LOST_DIGITS = 10**15
_PHONE = re.compile(r"[\d\s+\-*()（）,，\[\]【】]{3,40}")
_STREAM = re.compile(r"(?i)(rtsp|rtsps|http|https|webrtc)://\S+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


class Unfit(Exception):
    """A value breaks a rule."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule = rule
        self.reason = reason


@dataclass(frozen=True)
class Reading:
    """What the values of cells are read with.

    Attributes
    ----------
    lists
        By list: the code of an entry by each way to write it, folded.
    in_degrees
        False: coordinates are eastings and northings, which longitude's bounds do not hold.
    """

    zone: ZoneInfo
    lists: Mapping[str, Mapping[str, str]]
    in_degrees: bool = True

    def read(self, column: Column, raw: Any) -> Any:
        """What a cell that is not empty means.

        Raises
        ------
        Unfit
            It breaks a rule of the column.
        """
        if is_error(raw):
            raise Unfit("cell-error", "is an Excel error; correct the cell")
        if isinstance(raw, Unsaved):
            raise Unfit(
                "cell-formula", "is a formula whose value was not saved; open and save the file in Excel"
            )
        return _READERS[column.kind](self, column, raw)


def text_of(raw: Any) -> str:
    """A value as text: 17.0 is written 17, a date by year first; controls are left out.

    Raises
    ------
    Unfit
        A number of more than 15 digits, the last of which Excel has lost.
    """
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        if abs(raw) >= _LOST_DIGITS:
            raise Unfit(
                "code-form",
                "is a number of more than 15 digits, the last of which are lost; format the cell as text "
                "and type it again",
            )
        return str(int(raw)) if float(raw).is_integer() else str(raw)
    if isinstance(raw, datetime) and raw.time() == time(0):
        raw = raw.date()
    return "".join(c for c in str(raw) if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


def _code(_reading: Reading, column: Column, raw: Any) -> str:
    text = text_of(raw) if not isinstance(raw, str) else raw.strip()
    if any(unicodedata.category(c) in {"Cc", "Cf", "Zs", "Zl", "Zp"} for c in text):
        raise Unfit("code-form", "has blanks or control characters inside; remove them")
    if column.digits is not None and not re.fullmatch(rf"[0-9]{{{column.digits}}}", text):
        raise Unfit("code-form", f"is not {column.digits} digits; write the number as text")
    if len(text) > CODE_LENGTH:
        raise Unfit("code-form", f"has {len(text)} characters; a code has at most {CODE_LENGTH}")
    return text


def _name(_reading: Reading, _column: Column, raw: Any) -> str:
    return _bounded(" ".join(text_of(raw).split()), NAME_LENGTH)


def _text(_reading: Reading, _column: Column, raw: Any) -> str:
    return _bounded(text_of(raw), TEXT_LENGTH)


def _bounded(text: str, most: int) -> str:
    if len(text) > most:
        raise Unfit("text-long", f"has {len(text)} characters; at most {most} are kept")
    return text


def _phone(reading: Reading, column: Column, raw: Any) -> str:
    text = _text(reading, column, raw)
    if not _PHONE.fullmatch(text):
        raise Unfit(
            "phone-form",
            "is no telephone: 3 to 40 digits, blanks, +, -, brackets and commas; several go with a comma",
        )
    return text


def _stream(reading: Reading, column: Column, raw: Any) -> str:
    text = _text(reading, column, raw)
    if not _STREAM.fullmatch(text):
        raise Unfit(
            "stream-form",
            "is no stream address: begin it with rtsp://, rtsps://, http://, https:// or webrtc://",
        )
    scheme, _, rest = text.partition("://")
    return f"{scheme.lower()}://{rest}"


def _listed(reading: Reading, column: Column, raw: Any) -> str:
    text = _text(reading, column, raw)
    code = reading.lists[column.listed or ""].get(folded(text))
    if code is None:
        raise Unfit("list-unknown", "is not on the zone's list; choose an entry of the list, or add it there")
    return code


def _word(reading: Reading, column: Column, raw: Any) -> str | bool:
    words = column.words or {}
    text = _text(reading, column, raw)
    if folded(text) not in words:
        raise Unfit("list-unknown", f"is none of {'、'.join(words)}; write one of them")
    return words[folded(text)]


def _date(_reading: Reading, column: Column, raw: Any) -> date:
    day = None if _is_number(raw) and not isinstance(raw, int) else read_date(raw)
    if day is None:
        raise Unfit("date-form", "is no day from 1900 to 2200; write it like 2026-03-01")
    if column.name == "born_on" and day == date(1900, 1, 1):
        raise Unfit("date-form", "is the day Excel makes of a 1; write the date of birth")
    return day


def _instant(reading: Reading, _column: Column, raw: Any) -> datetime:
    found = None if isinstance(raw, time | timedelta) else read_instant(raw, reading.zone)
    if found is None:
        raise Unfit("date-form", "is no time from 1900 to 2200; write it like 2026-03-01 09:30")
    return found


def _minute(_reading: Reading, column: Column, raw: Any) -> int:
    minute = read_minute(raw)
    if minute is None or (column.name == "opens" and minute == 1440):
        raise Unfit("date-form", "is no time of day; write it like 8:30, and 24:00 for closing at midnight")
    return minute


def _weekdays(_reading: Reading, _column: Column, raw: Any) -> tuple[int, ...]:
    days = read_weekdays(raw)
    if days is None:
        raise Unfit("list-unknown", "is no weekday; write 周一, 1, 周一至周五 or 每天")
    return days


def _number(reading: Reading, column: Column, raw: Any) -> float:
    number = _parsed(raw)
    if number is None:
        raise Unfit("number-form", "is no number; write digits and a point")
    free = column.name in {"lon", "lat"} and not reading.in_degrees
    if column.range is not None and not free and not column.range.holds(number):
        raise Unfit("number-range", f"is outside {column.range}; correct it")
    return number


def _whole(reading: Reading, column: Column, raw: Any) -> int:
    number = _parsed(raw)
    if number is None or not number.is_integer():
        raise Unfit("number-form", "is no whole number; write digits only")
    return int(_number(reading, column, raw))


def _parsed(raw: Any) -> float | None:
    if _is_number(raw):
        return float(raw) if math.isfinite(raw) else None
    if not isinstance(raw, str):
        return None
    text = unicodedata.normalize("NFKC", raw).strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    try:
        number = float(text) if "_" not in text else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _is_number(raw: Any) -> bool:
    return isinstance(raw, int | float) and not isinstance(raw, bool)


_READERS: Mapping[str, Callable[[Reading, Column, Any], Any]] = {
    "code": _code,
    "name": _name,
    "text": _text,
    "phone": _phone,
    "stream": _stream,
    "list": _listed,
    "word": _word,
    "date": _date,
    "instant": _instant,
    "minute": _minute,
    "weekdays": _weekdays,
    "number": _number,
    "whole": _whole,
}
