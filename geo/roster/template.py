"""An empty workbook of the roster: headings, explanations, drop-downs of the zone's own lists.

Examples stand on the sheet 说明, which is not read: an untouched template imports as nothing at all.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy.orm import Session

from geo.roster.columns import Column, Sheet
from geo.roster.explain import RULES, explanation
from geo.roster.look_up import LISTS
from geo.roster.sheets import SHEETS
from geo.store.roster import list_entries
from geo.zones import get_zone

LISTS_SHEET, GUIDE_SHEET = "_列表", "说明"
#: Rows that come formatted and with drop-downs.
READY_ROWS = 5_000
_FORMATS = {
    "date": "yyyy-mm-dd",
    "instant": "yyyy-mm-dd hh:mm",
    "minute": "h:mm",
    "whole": "0",
    "number": "General",
}
_MUST, _MAY = PatternFill("solid", fgColor="FFE8D5"), PatternFill("solid", fgColor="E8EEF4")


def template_workbook(session: Session) -> bytes:
    """Make the template of the zone this database serves.

    Raises
    ------
    NotFound
        The database serves no zone yet, so that there are no lists to choose from.
    """
    zone = get_zone(session)
    book = Workbook()
    _guide(book.worksheets[0], zone.name)
    lists = book.create_sheet(LISTS_SHEET)
    choices = {name: _offered(entries) for name, entries in list_entries(session, *LISTS).items()}
    choices |= {
        f"{sheet.name}.{column.name}": _words(column)
        for sheet in SHEETS
        for column in sheet.columns
        if column.words
    }
    ranges = {
        name: _fill_list(lists, place, name, entries)
        for place, (name, entries) in enumerate(choices.items(), start=1)
    }
    for sheet in SHEETS:
        _sheet(book.create_sheet(sheet.zh), sheet, ranges)
    book.move_sheet(LISTS_SHEET, len(SHEETS))
    lists.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _offered(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    return [entry["name_zh"] for entry in entries if entry["active"]]


def _words(column: Column) -> list[str]:
    return [word for word in column.words or {} if not word.isascii()]


def _fill_list(sheet: Worksheet, place: int, name: str, entries: Sequence[str]) -> str:
    """Write a list into a column and give the address its drop-downs refer to."""
    sheet.cell(1, place, name)
    for row, entry in enumerate(entries, start=2):
        cell = sheet.cell(row, place)
        cell.value, cell.data_type = entry, "s"
    letter = get_column_letter(place)
    return f"='{LISTS_SHEET}'!${letter}$2:${letter}${max(len(entries), 1) + 1}"


def _sheet(sheet: Worksheet, what: Sheet, ranges: dict[str, str]) -> None:
    sheet.freeze_panes = "A2"
    for place, column in enumerate(what.columns, start=1):
        letter = get_column_letter(place)
        head = sheet.cell(1, place, f"{column.zh}（必填）" if column.required else column.zh)
        head.font = Font(bold=True)
        head.fill = _MUST if column.required else _MAY
        head.comment = _comment(column)
        sheet.column_dimensions[letter].width = 22 if column.kind in {"code", "text", "name"} else 14
        # The style of the whole column, so that no rows need be written.
        sheet.column_dimensions[letter].number_format = _FORMATS.get(column.kind, "@")
        source = ranges.get(column.listed or "") or ranges.get(f"{what.name}.{column.name}")
        if source:
            sheet.add_data_validation(_drop_down(column, source, letter))


def _comment(column: Column) -> Comment:
    zh, en = explanation(column)
    must = "必填 required" if column.required else "可空 optional"
    comment = Comment(f"{column.name}（{must}）\n{zh}\n{en}", "wangge")
    comment.width, comment.height = 320, 110
    return comment


def _drop_down(column: Column, source: str, letter: str) -> DataValidation:
    rule = DataValidation(type="list", formula1=source, allow_blank=not column.required)
    # Codes and English names are understood too, so another entry is only questioned.
    rule.errorStyle = "warning"
    rule.errorTitle, rule.error = column.zh, "不在下拉列表中 not on the list"
    rule.showErrorMessage = True
    rule.add(f"{letter}2:{letter}{READY_ROWS + 1}")
    return rule


def _guide(sheet: Worksheet, zone: str) -> None:
    sheet.title = GUIDE_SHEET
    sheet.append([f"{zone} 人员与阵地导入模板 Roster template"])
    sheet["A1"].font = Font(bold=True, size=14)
    for zh, en in RULES:
        sheet.append([zh, None, None, None, en])
    sheet.append([])
    sheet.append(["表 sheet", "列 column", "必填 required", "填写说明", "What to write", "示例 example"])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for each in SHEETS:
        for column in each.columns:
            zh, en = explanation(column)
            must = "*" if column.required else ""
            sheet.append([each.zh, f"{column.zh} ({column.name})", must, zh, en, None])
            example = sheet.cell(sheet.max_row, 6)
            example.value, example.data_type, example.number_format = column.example, "s", "@"
    for letter, width in zip("ABCDEF", (14, 28, 10, 46, 46, 24), strict=True):
        sheet.column_dimensions[letter].width = width
        for cell in sheet[letter][len(RULES) + 2 :]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
