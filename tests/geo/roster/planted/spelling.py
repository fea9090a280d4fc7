"""The ways in which the rules allow a value to be written into a cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random
from typing import Any

from geo.zone_lists import merge_lists

LISTS = merge_lists({})
DAYS = "一二三四五六日"
_WORDS: dict[Any, tuple[str, str]] = {
    "female": ("女", "female"),
    "male": ("男", "male"),
    True: ("是", "yes"),
    False: ("否", "no"),
    "primary": ("主", "primary"),
    "deputy": ("副", "deputy"),
}


@dataclass(frozen=True)
class Raw:
    """What goes into a cell as it is, faulty as it may be."""

    value: Any


@dataclass(frozen=True)
class Saved:
    """A formula whose value, a text, was saved with it."""

    value: str


def spell(kind: str, value: Any, rng: Random) -> Any:
    """Write a value of a kind of column in one of the ways allowed; None leaves the cell empty."""
    if value is None or isinstance(value, Raw):
        return value and value.value
    if kind.startswith("list."):
        return _entry(kind.removeprefix("list."), value, rng)
    return _SPELLINGS[kind.partition(".")[0]](value, rng)


def heading(zh: str, en: str, rng: Random) -> str:
    """Write a heading in one of the ways allowed."""
    return rng.choice((zh, zh, en, f"{zh}（必填）", f"{en}（{zh}）", f"{zh}（见“说明”，(a)）"))


def _entry(name: str, code: str, rng: Random) -> str:
    row = next(row for row in LISTS[name] if row["code"] == code)
    return str(rng.choice((row["name_zh"], row["name_en"], row["code"])))


def _word(value: Any, rng: Random) -> str:
    return rng.choice(_WORDS[value])


def _code(value: str, rng: Random) -> Any:
    if value.isdecimal() and len(value) <= 15 and value[0] != "0" and rng.random() < 0.4:
        return int(value)
    return rng.choice((value, value, value, f"{value} ", f" {value}"))


def _text(value: str, rng: Random) -> Any:
    plain = len(value) < 100 and '"' not in value
    return Saved(value) if plain and rng.random() < 0.05 else value


def _date(value: date, rng: Random) -> Any:
    ways: tuple[Any, ...] = (
        value,
        datetime(value.year, value.month, value.day),  # noqa: DTZ001 - Excel knows no time zones
        value.isoformat(),
        f"{value.year}/{value.month}/{value.day}",
        f"{value.year}年{value.month}月{value.day}日",
        f"{value:%Y%m%d}",
    )
    return rng.choice(ways)


def _instant(value: datetime, rng: Random) -> Any:
    return rng.choice((value, f"{value:%Y-%m-%d %H:%M}"))


def _clock(minute: int, rng: Random) -> Any:
    hour, rest = divmod(minute, 60)
    text = f"{hour}:{rest:02d}"
    return text if minute == 1440 else rng.choice((text, time(hour, rest)))


def _weekday(days: Sequence[int], rng: Random) -> Any:
    """Write consecutive days, 1 Monday to 7 Sunday."""
    first, last = DAYS[days[0] - 1], DAYS[days[-1] - 1]
    if len(days) == 1:
        return rng.choice((first, f"周{first}", f"星期{first}", days[0], str(days[0])))
    ways = [f"周{first}至周{last}", f"星期{first}至星期{last}"]
    return rng.choice([*ways, "每天"] if len(days) == 7 else ways)


def _number(value: float, rng: Random) -> Any:
    return rng.choice((value, value, str(value)))


def _phone(value: str, rng: Random) -> Any:
    as_number = value.isdecimal() and value[0] != "0" and len(value) <= 15
    return int(value) if as_number and rng.random() < 0.3 else value


_SPELLINGS: dict[str, Callable[[Any, Random], Any]] = {
    "code": _code,
    "ref": _code,
    "register": lambda value, rng: value,
    "camera": lambda value, rng: value,
    "name": _text,
    "text": _text,
    "stream": _text,
    "phone": _phone,
    "date": _date,
    "instant": _instant,
    "clock": _clock,
    "weekday": _weekday,
    "number": _number,
    "gender": _word,
    "yes": _word,
    "rank": _word,
}
