"""A sound workbook goes in whole, and changes nothing the second time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import Conflict
from geo.roster import RosterImport, import_people
from geo.store import tables
from tests.database import TestDatabase, disposed
from tests.geo.roster.books import (
    BUILDING,
    CAMERA,
    GRID,
    OTHER_GRID,
    VILLAGE_GRID,
    lay_ground,
    save,
    sound,
)


def counts(session: Session) -> dict[str, int]:
    """Rows of every table."""
    names = sorted(tables.metadata.tables)
    select_all = "SELECT count(*) FROM "
    return {
        name: session.scalar(text(f'{select_all}"{name}"')) or 0
        for name in names
        if session.scalar(text("SELECT has_table_privilege(:name, 'SELECT')"), {"name": name})
    }


def test_a_sound_workbook_goes_in_and_the_second_time_changes_nothing(
    loader: Session, tmp_path: Path
) -> None:
    file = save(tmp_path, sound())
    before = counts(loader)
    dry = import_people(loader, file)
    assert not dry.faults, dry.faults.kept
    assert counts(loader) == before
    report = import_people(loader, file, commit=True)
    assert not report.faults, report.faults.kept
    assert report.is_written
    after = counts(loader)
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown == {
        "person": 3, "party_membership": 1, "assignment": 5, "organisation": 2,
        "neighbourhood_organisation": 1, "party_organisation": 2, "service_site": 2, "site_opening": 17,
        "team": 1, "camera": 1, "duty": 2, "leave": 1, "service_record": 2, "unit_figure": 1,
        "import_run": 1, "roster_change": 1,
    }  # fmt: skip
    again = import_people(loader, file, commit=True)
    assert again.rows_to_write == 0, (again.figures, again.warnings.kept)
    assert not again.is_written
    assert counts(loader) == after


def test_one_fault_keeps_every_table_as_it_is(loader: Session, tmp_path: Path) -> None:
    sheets = sound()
    sheets["村社情况"][0]["年份"] = 1900
    before = counts(loader)
    report = import_people(loader, save(tmp_path, sheets), commit=True)
    assert [fault.rule for fault in report.faults.kept] == ["number-range"]
    assert not report.is_written
    assert counts(loader) == before


def test_what_the_database_refuses_leaves_every_table_as_it_is(
    new_database: Callable[[], TestDatabase], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when somebody else writes between check and writing: the rules see nothing, a constraint does."""
    database = new_database()
    with disposed(database.urls.owner) as engine, Session(engine) as owner, owner.begin():
        lay_ground(owner)
    sheets = sound()
    sheets["值班"].append({**sheets["值班"][0], "班次": "whole_day"})
    file = save(tmp_path, sheets)
    monkeypatch.setattr("geo.roster.importing.check", lambda scene: None)
    with disposed(database.urls.loader) as engine:
        before = _counted(engine)
        with Session(engine) as session, pytest.raises(Conflict, match="ex_duty_once"):
            import_people(session, file, commit=True)
        assert _counted(engine) == before


def _counted(engine: Engine) -> dict[str, int]:
    with Session(engine) as session:
        return counts(session)


def one(session: Session, column: object, **where: object) -> object:
    """A column of the one row that answers."""
    table = column.class_  # type: ignore[attr-defined]
    return session.execute(select(column).filter_by(**where).select_from(table)).scalar_one()  # type: ignore[call-overload]


def test_rows_are_filed_by_place_and_dated(loader: Session, tmp_path: Path) -> None:
    assert import_people(loader, save(tmp_path, sound()), commit=True).is_written
    site, camera, record, person = tables.ServiceSite, tables.Camera, tables.ServiceRecord, tables.Person
    assert (one(loader, site.grid_code, code="S1"), one(loader, site.grid_code, code="S2")) == (
        GRID,
        OTHER_GRID,
    )
    assert one(loader, camera.grid_code, code=CAMERA) == GRID
    assert one(loader, record.grid_code, external_id="F1") == GRID
    place = func.ST_Equals(record.geom, tables.Building.label_point)
    query = select(place).join(tables.Building, tables.Building.code == BUILDING)
    assert loader.scalar(query.where(record.external_id == "F1"))
    assert one(loader, record.grid_code, kind="policy_talk") == OTHER_GRID
    valid = one(loader, person.valid, code="R3")
    assert (valid.lower, valid.upper) == (date(2025, 1, 1), date(2028, 1, 1))  # type: ignore[attr-defined]
    assert VILLAGE_GRID not in set(loader.scalars(select(site.grid_code)))


def test_assignments_refer_to_the_import(loader: Session, tmp_path: Path) -> None:
    report = import_people(loader, save(tmp_path, sound()), commit=True)
    change = loader.scalars(select(tables.RosterChange)).one()
    assert (change.kind, change.state, change.title) == ("import", "applied", "导入 roster.xlsx")
    assert set(loader.scalars(select(tables.Assignment.change_id))) == {change.id}
    assert set(loader.scalars(select(tables.Person.import_id))) == {report.import_id}
    run = loader.get(tables.ImportRun, report.import_id)
    assert run is not None
    assert (run.subject, run.rows_read, run.rows_written) == (
        "people",
        report.rows_read,
        report.rows_to_write,
    )


def test_known_rows_are_brought_up_to_date_and_absent_columns_left(loader: Session, tmp_path: Path) -> None:
    assert import_people(loader, save(tmp_path, sound()), commit=True).is_written
    sheets = sound()
    service = {key: sheets["服务记录"][0][key] for key in ("登记号", "类别", "时间", "人员编号")}
    camera = {
        key: sheets["视频点"][0][key]
        for key in ("视频点编码", "名称", "类别", "网络", "视角", "经度", "纬度")
    }
    changed = {
        "人员": [
            {"人员编号": "R1", "姓名": "甲一一", "联系电话": "079****0001", "学历": None},
            {"人员编号": "R9", "姓名": "新来", "联系电话": "138****0000", "学历": None},
        ],
        "任职": [{**sheets["任职"][1], "主副": "副", "结束日期": "2026-12-31"}],
        "视频点": [{**camera, "方向": 180}],
        "服务记录": [{**service, "办结时间": "2026-03-02 10:00", "内容": "别的"}],
    }
    file = save(tmp_path, changed)
    report = import_people(loader, file, commit=True)
    term = Range(date(2026, 3, 1), date(2027, 1, 1))
    assert not report.faults.kept
    assert [warning.rule for warning in report.warnings.kept] == [
        "phone-masked", "assignment-kept", "service-kept"
    ]  # fmt: skip
    person = tables.Person
    assert one(loader, person.name, code="R1") == "甲一一"
    assert one(loader, person.phone, code="R1") == "0799-0000001"
    assert one(loader, person.education, code="R1") is None
    assert one(loader, person.gender, code="R1") == "female"
    assert one(loader, person.phone, code="R9") is None
    assert one(loader, tables.Camera.direction_deg, code=CAMERA) == 180
    assert one(loader, tables.Camera.stream_url, code=CAMERA) == "rtsp://10.0.0.1/1"
    assert one(loader, tables.ServiceRecord.note, external_id="F1") == "路灯"
    assert one(loader, tables.ServiceRecord.resolved_at, external_id="F1") is not None
    assert one(loader, tables.Assignment.rank, post="grid_head", valid=term) == "primary"


def test_hours_are_replaced_as_a_whole(loader: Session, tmp_path: Path) -> None:
    assert import_people(loader, save(tmp_path, sound()), commit=True).is_written
    loader.execute(text("UPDATE site_opening SET valid = '[2025-01-01,)'"))
    lunch = {"阵地编码": "S1", "功能": "长者食堂", "星期": "每天", "开门": "11:30", "关门": "13:30"}
    report = import_people(loader, save(tmp_path, {"开放时间": [lunch]}), commit=True)
    assert report.figures["opening hours"] == "7 new, 10 changed, 0 as stored"
    opening = tables.SiteOpening
    of = select(func.count()).where(opening.site_code == "S1", func.upper_inf(opening.valid))
    assert loader.scalar(of) == 7
    assert import_people(loader, save(tmp_path, {"开放时间": [lunch]}), commit=True).rows_to_write == 0


def test_hours_of_today_are_replaced_from_tomorrow(loader: Session, tmp_path: Path) -> None:
    assert import_people(loader, save(tmp_path, sound()), commit=True).is_written
    other = {"阵地编码": "S2", "功能": "图书阅览", "星期": "每天", "开门": "9:00", "关门": "17:30"}
    assert import_people(loader, save(tmp_path, {"开放时间": [other]}), commit=True).is_written
    opening = tables.SiteOpening
    rows = loader.execute(select(opening.opens_minute, opening.valid).where(opening.site_code == "S2")).all()
    first = {row.valid.upper for row in rows if row.opens_minute == 510}
    then = {row.valid.lower for row in rows if row.opens_minute == 540}
    assert len(first) == 1
    assert first == then


def test_coordinates_are_taken_in_the_crs_declared(loader: Session, tmp_path: Path) -> None:
    assert import_people(loader, save(tmp_path, sound()), RosterImport(crs="GCJ-02"), commit=True).is_written
    x = loader.scalar(select(func.ST_X(tables.Team.geom)))
    assert x is not None
    assert 0.004 < 113.806 - x < 0.006


def test_a_large_roster_goes_in_whole(loader: Session, tmp_path: Path) -> None:
    """1,500 people and 5,000 assignments; how long it takes stands in the measurements, not here."""
    posts = "政策宣传员 信息收集员 维稳调解员 创业指导员".split()
    people = [
        {
            "人员编号": f"R{i:04d}",
            "姓名": f"甲{i}",
            "性别": "男",
            "出生日期": date(1970, 1, 1),
            "入册日期": "2025-01-01",
        }
        for i in range(1_500)
    ]
    held = [
        {"人员编号": f"R{i % 1_500:04d}", "姓名": f"甲{i % 1_500}", "岗位": posts[i // 1_500],
         "对象编码": (GRID, OTHER_GRID)[i % 2], "开始日期": "2025-01-01", "结束日期": None}
        for i in range(5_000)
    ]  # fmt: skip
    report = import_people(loader, save(tmp_path, {"人员": people, "任职": held}), commit=True)
    assert not report.faults.kept
    assert loader.scalar(select(func.count()).select_from(tables.Person)) == 1_500
    assert loader.scalar(select(func.count()).select_from(tables.Assignment)) == 5_000


def test_a_camera_that_is_turned_loses_its_surveyed_view(loader: Session, tmp_path: Path) -> None:
    sheets = sound()
    assert import_people(loader, save(tmp_path, sheets), commit=True).is_written
    loader.execute(text("UPDATE camera SET view = ST_Buffer(geom, 0.0005)"))
    assert import_people(loader, save(tmp_path, sheets), commit=True).rows_to_write == 0
    sheets["视频点"][0]["方向"] = 180
    report = import_people(loader, save(tmp_path, sheets), commit=True)
    assert [warning.rule for warning in report.warnings.kept] == ["view-dropped"]
    assert one(loader, tables.Camera.view, code=CAMERA) is None


def test_a_kept_last_day_is_not_passed_over(loader: Session, tmp_path: Path) -> None:
    assert import_people(loader, save(tmp_path, sound()), commit=True).is_written
    later = {"人员": [{"人员编号": "R3", "姓名": "丙三", "入册日期": "2028-01-01"}]}
    report = import_people(loader, save(tmp_path, later))
    assert [(fault.rule, fault.cell) for fault in report.faults.kept] == [("date-order", "C2")]


@pytest.mark.parametrize(("since", "until"), [("2020-01-01", "2021-12-31"), ("2199-01-01", None)])
def test_members_who_left_or_are_to_come_are_members_once(
    loader: Session, tmp_path: Path, since: str, until: str | None
) -> None:
    sheets = {"党组织": sound()["党组织"], "人员": sound()["人员"][:1]}
    sheets["人员"][0] |= {"入册日期": since, "离册日期": until}
    file = save(tmp_path, sheets)
    assert import_people(loader, file, commit=True).is_written
    assert import_people(loader, file, commit=True).rows_to_write == 0
    member = one(loader, tables.PartyMembership.valid)
    assert member.lower == date.fromisoformat(since)  # type: ignore[attr-defined]
    sheets["人员"][0]["党组织编码"] = "P1"
    assert import_people(loader, save(tmp_path, sheets), commit=True).is_clean
    expected = "P2" if until else "P1"
    assert one(loader, tables.PartyMembership.party_org_code) == expected
