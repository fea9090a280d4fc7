"""Sheets of a workbook into tables of the roster: names of sheets, headings, rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geo.importer.report import Findings
from geo.model import Fault
from geo.roster.cells import Reading, Unfit
from geo.roster.columns import Column, Sheet, folded, heading
from geo.roster.faults import Faults, shown
from geo.roster.rows import Roster, Row, Table
from geo.roster.sheets import SHEETS
from geo.roster.workbooks import RawSheet

#: Sheets that explain or help, by how their names begin.
SKIPPED = ("说明", "_")
_BY_TITLE = {folded(name): sheet for sheet in SHEETS for name in (sheet.name, sheet.zh)}


def read_tables(sheets: Sequence[RawSheet], reading: Reading, faults: Faults, warnings: Findings) -> Roster:
    """Understand a workbook: every cell on its own, nothing across rows.

    Returns
    -------
    Roster
        Tables in the order of the file; faults and warnings are added to those given.
    """
    tables = []
    for order, raw in enumerate(sheets):
        if raw.title.strip().startswith(SKIPPED):
            continue
        sheet = find_sheet(raw.title)
        if sheet is None:
            faults.add_sheet(raw.title, order, _unknown(raw.title))
            continue
        first = list(raw.rows.get(1, ()))
        table = find_columns(sheet, raw.title, order, first, faults, warnings)
        rows = {number: values for number, values in raw.rows.items() if number > 1}
        fill(table, rows, reading, faults)
        tables.append(table)
    return Roster(tables)


def find_sheet(title: str) -> Sheet | None:
    """The sheet that a title names, in Chinese or English."""
    return _BY_TITLE.get(folded(title))


def _unknown(title: str) -> str:
    known = "、".join(sheet.zh for sheet in SHEETS)
    return (
        f"sheet {shown(title)} is none of {known}; rename it, remove it, or let its name begin with 说明 or _"
    )


def find_columns(
    sheet: Sheet,
    title: str | None,
    order: int,
    headings: Sequence[Any],
    faults: Faults,
    warnings: Findings,
    said: Mapping[str, str] | None = None,
) -> Table:
    """Find the columns of a sheet by their headings; ``said`` names headings by column and wins."""
    table = Table(sheet, title, order, {})
    fields = _headings(sheet, said or {})
    for position, text in enumerate(headings, start=1):
        if text in {None, ""}:
            continue
        column = fields.get(heading(text))
        if column is None:
            warnings.add([_nobody_asked(table, text, position)])
        elif column.name in table.places:
            _repeated(table, column, position, faults)
        else:
            table.places[column.name] = position
    return table


def _headings(sheet: Sheet, said: Mapping[str, str]) -> dict[str, Column]:
    fields = {heading(name): column for column in sheet.columns for name in (column.name, column.zh)}
    for name, text in said.items():
        fields = {h: column for h, column in fields.items() if column.name != name}
        fields[heading(text)] = sheet.column(name)
    return fields


def _nobody_asked(table: Table, text: object, position: int) -> Fault:
    return Fault(
        None,
        "column-unknown",
        f"column {shown(text)} is not asked for and not read",
        column=str(text)[:200],
        sheet=table.title,
        cell=_heading_cell(table, position),
    )


def _repeated(table: Table, column: Column, position: int, faults: Faults) -> None:
    cell = _heading_cell(table, position)
    reason = f"two headings mean {column.zh}; keep one of the two columns"
    faults.add_heading(table, column.zh, "column-repeated", reason, cell)


def _heading_cell(table: Table, position: int) -> str | None:
    probe = Table(table.sheet, table.title, table.order, {"": position})
    return probe.cell("", 1)


def check_columns(table: Table, faults: Faults) -> None:
    """Rule ``column-missing``: every column that must be filled has a heading."""
    for column in table.sheet.columns:
        if column.required and column.name not in table.places:
            faults.add_heading(
                table,
                column.zh,
                "column-missing",
                f"no heading says {column.zh} ({column.name}), which must be filled; add the column",
            )


def fill(table: Table, rows: Mapping[int, Sequence[Any]], reading: Reading, faults: Faults) -> None:
    """Understand the rows of a table, cell by cell."""
    check_columns(table, faults)
    for number, values in rows.items():
        raw = {
            name: values[position - 1]
            for name, position in table.places.items()
            if position <= len(values) and values[position - 1] not in {None, ""}
        }
        row = Row(table, number, raw)
        for name in table.places:
            _understand(row, table.sheet.column(name), reading, faults)
        table.rows.append(row)


def _understand(row: Row, column: Column, reading: Reading, faults: Faults) -> None:
    if column.name not in row.raw:
        row.values[column.name] = None
        if column.required:
            faults.add(row, column.name, "value-missing", "is empty; it must be filled")
        return
    try:
        row.values[column.name] = reading.read(column, row.raw[column.name])
    except Unfit as unfit:
        faults.add(row, column.name, unfit.rule, unfit.reason)
