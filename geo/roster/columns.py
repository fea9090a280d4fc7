"""What a sheet of the roster is made of: its columns, what they hold and what is allowed in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "code", "name", "text", "phone", "stream", "list", "word", "date", "instant", "minute", "weekdays",
    "number", "whole",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds of a number, both included unless said otherwise."""

    low: float
    high: float
    without_low: bool = False
    without_high: bool = False

    def holds(self, value: float) -> bool:
        """Whether a number lies within.

        >>> Range(0, 360, without_high=True).holds(360), Range(0, 360, without_low=True).holds(360)
        (False, True)
        """
        above = value > self.low if self.without_low else value >= self.low
        below = value < self.high if self.without_high else value <= self.high
        return above and below

    def __str__(self) -> str:
        low = "<" if self.without_low else "≤"
        high = "<" if self.without_high else "≤"
        return f"{self.low:g} {low} n {high} {self.high:g}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet.

    Attributes
    ----------
    name, zh
        Its heading in English and in Chinese.
    listed
        Zone list its entries are from.
    words
        Value by word, for the few words that are on no list.
    refers
        Kinds of things a code may name, as in ``geo.roster.stored``.
    range
        Bounds of a number.
    digits
        How many digits a code is made of; None when it may hold anything.
    note
        What a person should know, in Chinese and in English.
    """

    name: str
    zh: str
    kind: Kind
    required: bool = False
    listed: str | None = None
    words: Mapping[str, str | bool] | None = None
    refers: tuple[str, ...] = ()
    range: Range | None = None
    digits: int | None = None
    note: tuple[str, str] = ("", "")
    example: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook.

    Attributes
    ----------
    brings
        Kind of thing whose codes stand in its first column; None when it brings no codes.
    """

    name: str
    zh: str
    columns: tuple[Column, ...]
    brings: str | None = None

    def column(self, name: str) -> Column:
        """The column of a name."""
        return next(column for column in self.columns if column.name == name)

    def has(self, name: str) -> bool:
        """Whether there is a column of this name."""
        return any(column.name == name for column in self.columns)


def folded(heading: object) -> str:
    """A heading or entry without what people write differently: width, case, blanks.

    >>> folded(" 人员编号 "), folded("Ｎａｍｅ")
    ('人员编号', 'name')
    """
    plain = unicodedata.normalize("NFKC", str(heading)).casefold()
    return "".join(plain.split())


def heading(text: object) -> str:
    """What counts in a heading: the text before a bracket, without a star.

    >>> heading("姓名（必填）"), heading("Code *")
    ('姓名', 'code')
    """
    return folded(text).partition("(")[0].strip("*")
