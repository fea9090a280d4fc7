"""A change of what is stored must not let it overlap with what else is stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from geo.importer.report import ImportReport
from geo.roster import import_people
from tests.geo.roster.planted.conftest import Stored
from tests.geo.roster.planted.harness import contents

HEADINGS = {
    "任职": ["人员编号", "岗位", "对象编码", "开始日期", "结束日期"],
    "休假": ["人员编号", "开始日期", "结束日期"],
    "小区服务单位": ["小区编码", "单位编码", "开始日期", "结束日期"],
    "值班": ["人员编号", "日期", "班次", "地点编码"],
}
LEADER = ("队长", "team-old-1")
QUARTER = ("quarter-0", "organisation-old-2")

#: Sheet, rows stored first, rows that come after, and the cells and rules to be reported.
FAULTY: dict[str, tuple[str, list[Sequence[Any]], list[Sequence[Any]], set[tuple[str, str]]]] = {
    "a holder stays into the time of the next one": (
        "任职",
        [("S003", *LEADER, "2022-01-01", "2022-12-31"), ("S005", *LEADER, "2023-01-01", None)],
        [("S003", *LEADER, "2022-01-01", None)],
        {("B2", "post-single")},
    ),
    "a holder stays for a day into the own next term": (
        "任职",
        [("S003", *LEADER, "2022-01-01", "2022-12-31"), ("S003", *LEADER, "2023-01-01", None)],
        [("S003", *LEADER, "2022-01-01", "2023-01-01")],
        {("B2", "assignment-repeated")},
    ),
    "a leave is made longer than up to the next": (
        "休假",
        [("S005", "2026-01-01", "2026-01-05"), ("S005", "2026-01-06", "2026-01-10")],
        [("S005", "2026-01-01", "2026-01-06")],
        {("B2", "leave-overlap")},
    ),
    "a company stays into its own next term": (
        "小区服务单位",
        [(*QUARTER, "2022-01-01", "2022-12-31"), (*QUARTER, "2023-01-01", None)],
        [(*QUARTER, "2022-01-01", None)],
        {("C2", "service-overlap")},
    ),
}

#: Sheet, rows stored first, rows that come after and are sound beside them.
SOUND: dict[str, tuple[str, list[Sequence[Any]], list[Sequence[Any]]]] = {
    "the next holder comes sooner, in a row above": (
        "任职",
        [("S003", *LEADER, "2022-01-01", None)],
        [("S005", *LEADER, "2023-01-01", None), ("S003", *LEADER, "2022-01-01", "2022-12-31")],
    ),
    "a leave is cut for another kind of leave": (
        "休假",
        [("S005", "2026-01-01", "2026-01-10")],
        [("S005", "2026-01-06", "2026-01-10"), ("S005", "2026-01-01", "2026-01-05")],
    ),
    "one leave gives a day to the other": (
        "休假",
        [("S005", "2026-01-01", "2026-01-05"), ("S005", "2026-01-08", "2026-01-10")],
        [("S005", "2026-01-01", "2026-01-07"), ("S005", "2026-01-08", "2026-01-20")],
    ),
    "a company comes back": (
        "小区服务单位",
        [(*QUARTER, "2022-01-01", None)],
        [(*QUARTER, "2024-01-01", None), (*QUARTER, "2022-01-01", "2022-12-31")],
    ),
    "two move to each other's place of duty": (
        "值班",
        [("S003", "2026-01-01", "day", "site-old-1"), ("S005", "2026-01-01", "day", "360371001001")],
        [("S003", "2026-01-01", "day", "360371001001"), ("S005", "2026-01-01", "day", "site-old-1")],
    ),
}


def _import(stored: Stored, path: Path, sheet: str, rows: list[Sequence[Any]]) -> ImportReport:
    book = Workbook()
    book.active.title = sheet
    for row in (HEADINGS[sheet], *rows):
        book.active.append(row)
    book.save(path)
    return import_people(stored.session, path, commit=True)


@pytest.mark.parametrize("name", FAULTY)
def test_what_would_overlap_is_reported(stored: Stored, tmp_path: Path, name: str) -> None:
    sheet, first, later, expected = FAULTY[name]
    assert _import(stored, tmp_path / "1.xlsx", sheet, first).faults.kept == []
    before = contents(stored.session)
    report = _import(stored, tmp_path / "2.xlsx", sheet, later)
    assert {(fault.cell, fault.rule) for fault in report.faults.kept} == expected
    assert contents(stored.session) == before


@pytest.mark.parametrize("name", SOUND)
def test_what_only_passes_through_an_overlap_is_written(stored: Stored, tmp_path: Path, name: str) -> None:
    sheet, first, later = SOUND[name]
    assert _import(stored, tmp_path / "1.xlsx", sheet, first).faults.kept == []
    report = _import(stored, tmp_path / "2.xlsx", sheet, later)
    assert report.faults.kept == []
    assert report.is_written
