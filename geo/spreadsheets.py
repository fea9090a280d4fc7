"""Workbooks that are safe to open: no text of ours or of users is ever taken for a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

_PLAIN = (bool, int, float, Decimal, date, datetime, time)


def text_cell(sheet: Worksheet, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    """Make a cell whose text stays text, whatever it begins with.

    Spreadsheets take what begins with ``=`` (some also ``+``, ``-``, ``@``) for a formula; such a cell is
    typed as text and marked so, and control characters are left out.

    Parameters
    ----------
    value
        Numbers, dates and times stay what they are; None leaves the cell empty; anything else becomes text.
    """
    if value is None or (isinstance(value, _PLAIN) and not isinstance(value, bool)):
        cell = WriteOnlyCell(sheet, value=value)
    else:
        cell = WriteOnlyCell(sheet)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:32_767]
        cell.data_type = "s"
        cell.quotePrefix = str(value)[:1] in "=+-@\t\r"
    if bold:
        cell.font = Font(bold=True)
    return cell


def write_workbook(sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    """Write tables as a workbook: each sheet a row of headings in bold, then its rows.

    Parameters
    ----------
    sheets
        Headings and rows by the name of the sheet (at most 31 characters, no ``[]:*?`` or slashes).
    """
    book = Workbook(write_only=True)
    for name, (headings, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append([text_cell(sheet, heading, bold=True) for heading in headings])
        for row in rows:
            sheet.append([text_cell(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
