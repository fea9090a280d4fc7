"""Faults that a look at the cell alone can tell: empty, in error, of a wrong form, out of range."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from tests.geo.roster.planted.faults import Mark, Plant, plants, spoil
from tests.geo.roster.planted.layout import OUTSIDE, SHEETS, columns_of
from tests.geo.roster.planted.roster import Roster

_EVERY = columns_of("")
_CODES = columns_of("code", "ref", "camera")
_ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!")
_NO_CODES = (
    "R 0001",
    "R\u00a00001",
    "R\u30000001",
    "R\t0001",
    "R\n0001",
    "R\x7f0001",
    "R\u00850001",
    "x" * 41,
    "长" * 41,
    1234567890123456,
    36037100100100001,
    3.6037100100100001e16,
)
_NO_CAMERAS = ("3603710000132000001", "360371000013200000012", "3603710000132000000A", "视频点1")
_NO_DATES = (
    "2026-13-01",
    "2026-02-30",
    "2025-02-29",
    "2026-04-31",
    "2026-00-10",
    "20260230",
    "2026年2月30日",
    "2026/2/30",
    "1899-12-31",
    "2201-01-01",
    "0000-00-00",
    "明天",
    "年",
)
_NO_TIMES = (
    "2026-03-01 24:30",
    "2026-03-01 09:60",
    "2026-02-30 09:30",
    "1899-12-31 09:30",
    "今天上午",
    "9:30",
)
_NO_CLOCKS = ("25:00", "8:60", "24:01", "-1:00", "早上", "八点")
_NO_NUMBERS = ("abc", "一百", "nan", "1.2.3", "--1", "0x10", "1_0", "12米", True)
_NOT_WHOLE = (12.5, "12.5", 2026.000001)
_NO_PHONES = ("12", "1" * 41, "1390000000a", "电话12345", "123;456", "100/200", "a@b.example", "138****000#")
_NO_STREAMS = (
    "ftp://10.0.0.1/1",
    "10.0.0.1/live",
    "rtsp:/10.0.0.1",
    "javascript:alert(1)",
    " file:///x",
    "rtmp://x",
)
_NO_WORDS = {
    "gender": ("不详", "x", "男女"),
    "yes": ("也许", "2", "有"),
    "rank": ("正", "第一", "主副"),
    "weekday": ("周八", "0", 8, "每周", "周一至周八", "星期"),
}
_NO_ENTRIES = ("没有这一项", "no such entry", "grid workers", "%", "0")


def _register(rule: str, where: Iterable[tuple[str, str]], values: Sequence[Any]) -> None:
    """Plant one of ``values``, by chance, in each of the columns."""
    for sheet, column in where:

        def plant(roster: Roster, sheet: str = sheet, column: str = column) -> list[Mark]:
            return spoil(roster, rule, sheet, column, roster.rng.choice(values))

        plants(rule, f"{sheet}.{column}")(plant)


def _register_values(rule: str, where: Sequence[tuple[str, str]], values: Sequence[Any]) -> None:
    """Plant each of ``values`` in one of the columns, by chance."""
    for value in values:

        def plant(roster: Roster, value: Any = value) -> list[Mark]:
            return spoil(roster, rule, *roster.rng.choice(where), value)

        plants(rule, repr(value)[:45])(plant)


def _somewhere(rule: str, sheet: str, value: Any) -> Plant:
    def plant(roster: Roster) -> list[Mark]:
        column = roster.rng.choice(list(SHEETS[sheet].columns))
        return spoil(roster, rule, sheet, column, value)

    return plant


_register("value-missing", [at for at in _EVERY if SHEETS[at[0]].columns[at[1]].required], [None])
for _sheet in SHEETS:
    for _error in (_ERRORS[len(_sheet) % 7], _ERRORS[len(_sheet) % 5 + 1]):
        plants("cell-error", f"{_sheet} {_error}")(_somewhere("cell-error", _sheet, _error))
    _formula = ("=1+1", '="a"&"b"', "=VLOOKUP(A2,说明!A:B,2,0)")[len(_sheet) % 3]
    plants("cell-formula", f"{_sheet} {_formula}")(_somewhere("cell-formula", _sheet, _formula))
_register("code-form", _CODES, _NO_CODES)
_register_values("code-form", columns_of("code", "ref"), _NO_CODES)
_register_values("code-form", [("cameras", "code")], _NO_CAMERAS)
_register("list-unknown", columns_of("list."), _NO_ENTRIES)
for _kind, _words in _NO_WORDS.items():
    _register_values("list-unknown", columns_of(_kind), _words)
_register("reference-unknown", columns_of("ref."), ["nobody-knows-this", "9999", "360371999", "没有"])
_register("date-form", columns_of("date"), _NO_DATES)
_register_values("date-form", columns_of("date"), _NO_DATES)
_register_values("date-form", columns_of("instant"), _NO_TIMES)
_register_values("date-form", columns_of("clock"), _NO_CLOCKS)
_register("number-form", columns_of("number"), _NO_NUMBERS)
_register_values("number-form", columns_of("number"), _NO_NUMBERS)
for _at in columns_of("number"):
    for _value in _NOT_WHOLE if _at[1] in {"members", "retention", "year"} else ():
        _plant = partial(spoil, rule="number-form", sheet=_at[0], column=_at[1], value=_value)
        plants("number-form", f"{_at[0]}.{_at[1]} not whole {_value!r}")(_plant)
_register("phone-form", columns_of("phone"), _NO_PHONES)
_register_values("phone-form", columns_of("phone"), _NO_PHONES)
_register_values("stream-form", [("cameras", "stream")], _NO_STREAMS)
_register("text-long", columns_of("name"), ["名" * 101])
_register("text-long", columns_of("text"), ["文" * 2001])
for _at in columns_of("number"):
    for _number in OUTSIDE.get(_at[1], ()):
        for _value in (_number, str(_number))[len(_at[0]) % 2 :: 2]:
            _name = f"{_at[0]}.{_at[1]} {_value!r}"
            plants("number-range", _name)(
                partial(spoil, rule="number-range", sheet=_at[0], column=_at[1], value=_value)
            )
