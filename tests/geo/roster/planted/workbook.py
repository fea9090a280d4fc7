"""Writes a roster as a workbook in one of the ways allowed, and knows which cell came out where."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.utils.cell import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from tests.geo.roster.planted.layout import SHEETS
from tests.geo.roster.planted.roster import Roster, Row
from tests.geo.roster.planted.spelling import Saved, heading, spell

_CELL_OF_FORMULA = re.compile(r'<c r="(\w+)"([^>]*)><f>(.*?)</f><v ?/?>(?:</v>)?</c>')


@dataclass
class Written:
    """A workbook: names of its sheets, cells by row and column, values by sheet and cell."""

    path: Path
    titles: dict[str, str] = field(default_factory=dict)
    cells: dict[tuple[Row, str], str] = field(default_factory=dict)
    headings: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    values: dict[tuple[str, str], Any] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    @property
    def saved(self) -> dict[tuple[str, str], str]:
        """Values saved with formulas."""
        return {at: value.value for at, value in self.values.items() if isinstance(value, Saved)}


def write_workbook(
    roster: Roster, path: Path, seed: int, *, needed: Iterable[tuple[str, str]] = (), plain: bool = False
) -> Written:
    """Write a roster; ``needed`` columns have a heading even where all their cells are empty.

    ``plain`` leaves out sheets and columns that are none of the roster's, and empty rows.
    """
    rng, book, written = Random(seed), Workbook(), Written(path)
    book.remove(book.active)
    if rng.random() < 0.2:
        book.epoch = CALENDAR_MAC_1904
    names = [name for name in SHEETS if roster.rows[name]]
    for name in rng.sample(names, len(names)):
        sheet = book.create_sheet(rng.choice((SHEETS[name].en, SHEETS[name].zh, SHEETS[name].zh)))
        written.titles[name] = sheet.title
        _Page(roster, sheet, name, rng, written).write(set(needed), plain)
    _write_others(book, roster.strangers + ([] if plain else ["说明", "说明（值班）", "_lists"]))
    book.save(path)
    _save_values(path, book, written.saved)
    return written


@dataclass
class _Page:
    """One sheet while it is written."""

    roster: Roster
    sheet: Worksheet
    name: str
    rng: Random
    written: Written

    def write(self, needed: set[tuple[str, str]], plain: bool) -> None:
        columns = self._columns(needed, plain)
        for number, column in enumerate(columns, 1):
            self._head(number, column)
        line = 2
        for row in sorted(self.roster.rows[self.name], key=lambda row: row.key):
            line += 0 if plain else self.rng.choice((0, 0, 0, 1, 2))
            self._row(line, row, columns)
            line += 1

    def _columns(self, needed: set[tuple[str, str]], plain: bool) -> list[str | None]:
        """Give the columns in their order; None is a column nobody asked for."""
        chosen: list[str | None] = [
            column.en
            for column in SHEETS[self.name].columns.values()
            if (self.name, column.en) not in self.roster.missing
            and (column.required or (self.name, column.en) in needed or self._is_used(column.en))
        ]
        strange = [] if plain or self.rng.random() < 0.7 else [None]
        again = [column for sheet, column in self.roster.repeated if sheet == self.name]
        columns = chosen + strange + again
        return self.rng.sample(columns, len(columns))

    def _is_used(self, column: str) -> bool:
        used = any(row.cells.get(column) is not None for row in self.roster.rows[self.name])
        return used or self.rng.random() < 0.5

    def _head(self, number: int, column: str | None) -> None:
        at = f"{get_column_letter(number)}1"
        if column is None:
            self._put(at, "备注列")
            self.written.unknown.append(self.name)
            return
        known = SHEETS[self.name].columns[column]
        self._put(at, heading(known.zh, known.en, self.rng))
        self.written.headings.setdefault((self.name, column), []).append(at)

    def _row(self, line: int, row: Row, columns: list[str | None]) -> None:
        for number, column in enumerate(columns, 1):
            at = f"{get_column_letter(number)}{line}"
            if column is None:
                self._put(at, "随便写的")
                continue
            value = row.cells.get(column)
            self._put(at, spell(SHEETS[self.name].columns[column].kind, value, self.rng))
            self.written.cells.setdefault((row, column), at)

    def _put(self, at: str, value: Any) -> None:
        if value is not None:
            self.sheet[at] = f'="{value.value}"' if isinstance(value, Saved) else value
            self.written.values[self.sheet.title, at] = value


def _write_others(book: Workbook, titles: Iterable[str]) -> None:
    for title in titles:
        sheet = book.create_sheet(title)
        sheet.append(["姓名", "怎样填写"])
        sheet.append(["=1/0", 42])


def _save_values(path: Path, book: Workbook, saved: dict[tuple[str, str], str]) -> None:
    """Put the values of formulas beside them, as spreadsheets do and openpyxl cannot."""
    parts = {f"xl/worksheets/sheet{n}.xml": title for n, title in enumerate(book.sheetnames, 1)}
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    for part, title in parts.items():
        values = {at: value for (sheet, at), value in saved.items() if sheet == title}
        content[part] = _with_values(content[part].decode(), values).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def _with_values(xml: str, values: dict[str, str]) -> str:
    def replaced(match: re.Match[str]) -> str:
        at, attributes, formula = match.groups()
        if at not in values:
            return match[0]
        return f'<c r="{at}"{attributes} t="str"><f>{formula}</f><v>{escape(values[at])}</v></c>'

    return _CELL_OF_FORMULA.sub(replaced, xml)
