"""What is known is brought up to date: changed where it may be, kept where a column is not there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select, text

from geo.importer.report import ImportReport
from geo.roster import import_people
from geo.store import tables as t
from tests.geo.roster.planted.conftest import Stored
from tests.geo.roster.planted.harness import contents
from tests.geo.roster.planted.held import TABLES, held
from tests.geo.roster.planted.layout import SHEETS
from tests.geo.roster.planted.revision import revise
from tests.geo.roster.planted.sound import sound_roster
from tests.geo.roster.planted.workbook import write_workbook
from tests.people_builders import add_opening

OLD = "10000001003"
EVERY = [(sheet.en, column) for sheet in SHEETS.values() for column in sheet.columns]


def _import(stored: Stored, folder: Path, sheet: str, *lines: Sequence[Any]) -> ImportReport:
    """Commit a workbook of one sheet, given by its lines."""
    book = Workbook()
    book.active.title = sheet
    for line in lines:
        book.active.append(line)
    book.save(folder / "one.xlsx")
    report = import_people(stored.session, folder / "one.xlsx", commit=True)
    assert report.faults.kept == []
    stored.session.flush()
    return report


@pytest.mark.parametrize("seed", range(8))
def test_known_rows_are_brought_up_to_date(stored: Stored, tmp_path: Path, seed: int) -> None:
    roster = sound_roster(stored.zone, seed, size=4)
    first = write_workbook(roster, tmp_path / "1.xlsx", seed)
    import_people(stored.session, first.path, commit=True)
    before = contents(stored.session)
    revise(roster)
    again = write_workbook(roster, tmp_path / "2.xlsx", seed, needed=EVERY)
    report = import_people(stored.session, again.path, commit=True)
    assert report.faults.kept == []
    after = contents(stored.session)
    for table, (_, meant) in TABLES.items():
        if table != "party_membership":  # a new one begins, the old one ends
            assert meant(roster) - held(stored.session, table) == set(), table
            assert after[table][0] == before[table][0], table


def _person(stored: Stored, code: str = "S003") -> tuple[Any, ...]:
    p = t.Person
    columns = (p.name, p.gender, p.born_on, p.education, p.phone, func.lower(p.valid))
    return tuple(stored.session.execute(select(*columns).where(p.code == code)).one())


def test_a_column_that_is_not_there_leaves_what_is_stored(stored: Stored, tmp_path: Path) -> None:
    _import(stored, tmp_path, "people", ["code", "name"], ["S003", "新名"])
    assert _person(stored) == ("新名", "female", date(1980, 1, 1), "bachelor", OLD, date(2020, 1, 1))


def test_an_empty_cell_empties_but_the_first_day(stored: Stored, tmp_path: Path) -> None:
    headings = ["人员编号", "姓名", "性别", "出生日期", "学历", "联系电话", "入册日期"]
    _import(stored, tmp_path, "人员", headings, ["S003", "新名"])
    assert _person(stored) == ("新名", None, None, None, None, date(2020, 1, 1))


def _hours(stored: Stored, *, after: date | None) -> set[tuple[int, int, int]]:
    """Give weekdays and minutes of hours that end on a day, or never."""
    o = t.SiteOpening
    ends = func.upper(o.valid) == after if after else func.upper_inf(o.valid)
    rows = stored.session.execute(select(o.weekday, o.opens_minute, o.closes_minute).where(ends))
    return {tuple(row) for row in rows}


def test_hours_are_replaced_as_a_whole(stored: Stored, tmp_path: Path) -> None:
    add_opening(stored.session, "site-old-1", "reading", weekdays=(1, 2))
    today = stored.session.scalars(text("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date")).one()
    headings = ["阵地编码", "功能", "星期", "开门", "关门"]
    row = ["site-old-1", "图书阅览", "周二至周三", "9:00", "17:00"]
    _import(stored, tmp_path, "开放时间", headings, row)
    assert _hours(stored, after=None) == {(2, 540, 1020), (3, 540, 1020)}
    assert _hours(stored, after=today) == {(1, 540, 1020)}


def test_hours_are_replaced_twice_on_one_day(stored: Stored, tmp_path: Path) -> None:
    headings = ["阵地编码", "功能", "星期", "开门", "关门"]
    _import(stored, tmp_path, "开放时间", headings, ["site-old-1", "reading", "一", "9:00", "17:00"])
    _import(stored, tmp_path, "开放时间", headings, ["site-old-1", "reading", "一", "10:00", "24:00"])
    assert _hours(stored, after=None) == {(1, 600, 1440)}


def test_hours_of_another_function_stay(stored: Stored, tmp_path: Path) -> None:
    add_opening(stored.session, "site-old-1", "reading", weekdays=(1,))
    headings = ["阵地编码", "功能", "星期", "开门", "关门"]
    _import(stored, tmp_path, "开放时间", headings, ["site-old-1", "culture", "一", "9:00", "17:00"])
    assert len(_hours(stored, after=None)) == 1
    assert stored.session.scalar(select(func.count()).select_from(t.SiteOpening)) == 2


def test_a_known_assignment_may_end_but_keeps_its_rank(stored: Stored, tmp_path: Path) -> None:
    headings = ["人员编号", "岗位", "主副", "对象编码", "开始日期", "结束日期"]
    row = ["L000", "队长", "副", "led-0", "2020-01-01", "2026-06-30"]
    report = _import(stored, tmp_path, "任职", headings, row)
    assert [(fault.rule, fault.sheet) for fault in report.warnings.kept] == [("assignment-kept", "任职")]
    meant = ("L000", "team_leader", "primary", "team led-0", date(2020, 1, 1), date(2026, 7, 1))
    assert meant in held(stored.session, "assignment")


def test_of_a_known_service_only_its_end_may_change(stored: Stored, tmp_path: Path) -> None:
    person = stored.session.scalars(select(t.Person.id).where(t.Person.code == "S003")).one()
    headings = ["登记号", "类别", "时间", "人员编号", "办结时间", "内容"]
    first = ["登-1", "appeal", "2026-03-01 09:30", "S003", None, "漏水"]
    _import(stored, tmp_path, "服务记录", headings, first)
    changed = ["登-1", "appeal", "2026-03-01 09:30", "S003", "2026-03-02 10:00", "停电"]
    report = _import(stored, tmp_path, "服务记录", headings, changed)
    assert [fault.rule for fault in report.warnings.kept] == ["service-kept"]
    record = stored.session.execute(
        select(t.ServiceRecord.note, t.ServiceRecord.resolved_at.is_not(None)).where(
            t.ServiceRecord.person_id == person
        )
    )
    assert record.all() == [("漏水", True)]


def test_a_service_without_a_number_is_known_by_its_cells(stored: Stored, tmp_path: Path) -> None:
    headings = ["类别", "时间", "人员编号", "办结时间", "内容"]
    _import(stored, tmp_path, "服务记录", headings, ["appeal", "2026-03-01 09:30", "S003", None, "漏水"])
    for note in ("漏水", "停电"):
        row = ["appeal", "2026-03-01 09:30", "S003", "2026-03-02 10:00", note]
        _import(stored, tmp_path, "服务记录", headings, row)
    s = t.ServiceRecord
    rows = stored.session.execute(select(s.note, s.resolved_at.is_not(None)).order_by(s.id))
    assert rows.all() == [("漏水", True), ("停电", True)]


@pytest.mark.parametrize(("party", "expected"), [("party_org-old-2", ["party_org-old-2"]), (None, [])])
def test_who_is_yet_to_come_changes_party(
    stored: Stored, tmp_path: Path, party: str | None, expected: list[str]
) -> None:
    headings = ["人员编号", "姓名", "党组织编码", "入册日期"]
    _import(stored, tmp_path, "人员", headings, ["N1", "新人", "party_org-old-1", "2090-01-01"])
    _import(stored, tmp_path, "人员", headings, ["N1", "新人", party, "2090-01-01"])
    m = t.PartyMembership
    held_then = (
        select(m.party_org_code)
        .join(t.Person, t.Person.id == m.person_id)
        .where(t.Person.code == "N1", m.valid.contains(date(2090, 6, 1)))
    )
    assert stored.session.scalars(held_then).all() == expected
