"""Workbooks in which nothing a user wrote is a formula."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from geo.spreadsheets import write_workbook

HOSTILE = ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")']


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_text_stays_text(value: str) -> None:
    sheet = load_workbook(io.BytesIO(write_workbook({"表": (["头"], [[value]])})))["表"]
    cell = sheet["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    # Excel's own way of storing a line feed may change the blank it begins with; the words stay.
    assert str(cell.value).strip() == value.strip()


def test_numbers_and_dates_stay_what_they_are() -> None:
    rows = [[1, 2.5, date(2026, 3, 1), None, True, "a\x00b"]]
    sheet = load_workbook(io.BytesIO(write_workbook({"表": (list("abcdef"), rows)})))["表"]
    values = [cell.value for cell in sheet[2]]
    assert values[:2] == [1, 2.5]
    assert values[2].date() == date(2026, 3, 1)
    assert values[3:] == [None, "True", "ab"]
    assert sheet["A1"].font.bold
