"""Every rule provoked in an otherwise sound workbook: exactly the fault named, at exactly the cell named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import get_column_letter
from sqlalchemy.orm import Session

from geo.roster import import_people
from geo.roster.faults import RULES
from tests.geo.roster.books import BUILDING, GRID, OTHER_GRID, QUARTER, Sheets, save, sound

Spoil = Callable[[Sheets], None]


def put(sheet: str, row: int, **cells: Any) -> Spoil:
    """Change cells of a row, counted as Excel does: the first under the headings is 2."""
    return lambda sheets: sheets[sheet][row - 2].update(cells)


def more(sheet: str, like: int, **cells: Any) -> Spoil:
    """Add a row like another one but for some cells."""
    return lambda sheets: sheets[sheet].append({**sheets[sheet][like - 2], **cells})


def both(*spoils: Spoil) -> Spoil:
    def spoil(sheets: Sheets) -> None:
        for each in spoils:
            each(sheets)

    return spoil


def without(sheet: str, column: str) -> Spoil:
    """Leave a column out."""

    def spoil(sheets: Sheets) -> None:
        for row in sheets[sheet]:
            del row[column]

    return spoil


def twice(sheet: str, heading: str) -> Spoil:
    """Add another heading for a column there is."""

    def spoil(sheets: Sheets) -> None:
        for row in sheets[sheet]:
            row[heading] = None

    return spoil


def at(sheet: str, column: str, row: int) -> tuple[str, str]:
    """Sheet and cell of a column in the sound workbook."""
    headings = list(sound()[sheet][0])
    return sheet, f"{get_column_letter(headings.index(column) + 1)}{row}"


def case(rule: str, sheet: str, column: str, row: int, spoil: Spoil) -> Any:
    return pytest.param(rule, [at(sheet, column, row)], spoil, id=f"{rule}-{sheet}-{column}")


def one(rule: str, sheet: str, row: int, column: str, value: Any) -> Any:
    """A case of one cell changed."""
    spoil = put(sheet, row, **{column: value})
    return pytest.param(
        rule, [at(sheet, column, row)], spoil, id=f"{rule}-{sheet}-{column}-{str(value)[:12]}"
    )


CASES = [
    pytest.param(
        "sheet-unknown",
        [("人员名单", "A1")],
        lambda s: s.update({"人员名单": [{"姓名": "x"}]}),
        id="sheet-unknown",
    ),
    pytest.param("column-missing", [("人员", "A1")], without("人员", "姓名"), id="column-missing"),
    pytest.param(
        "column-missing",
        [("阵地", "A1")] * 2,
        both(without("阵地", "经度"), without("阵地", "纬度")),
        id="column-missing-twice",
    ),
    pytest.param("column-repeated", [("人员", "K1")], twice("人员", "name（姓名）"), id="column-repeated"),
    one("value-missing", "人员", 3, "姓名", None),
    one("value-missing", "任职", 2, "对象编码", "  "),
    one("value-missing", "阵地", 2, "经度", None),
    one("cell-error", "人员", 2, "学历", "#REF!"),
    one("cell-error", "阵地", 3, "经度", "#N/A"),
    one("cell-formula", "人员", 2, "联系电话", "=1+1"),
    case("code-form", "单位", "单位编码", 4, more("单位", 3, 单位编码="O 3")),
    one("code-form", "党组织", 3, "网格编码", 3600371001001001),
    one("code-form", "视频点", 2, "视频点编码", "3603710000132000001"),
    one("code-form", "服务记录", 2, "登记号", "F" * 41),
    case("code-repeated", "队伍", "队伍编码", 3, more("队伍", 2)),
    case("code-repeated", "视频点", "视频点编码", 3, more("视频点", 2)),
    case("code-repeated", "服务记录", "登记号", 4, more("服务记录", 2)),
    one("text-long", "人员", 4, "姓名", "长" * 101),
    one("text-long", "服务记录", 2, "内容", "长" * 2001),
    one("list-unknown", "人员", 2, "性别", "不详"),
    one("list-unknown", "任职", 3, "主副", "正"),
    one("list-unknown", "任职", 3, "岗位", "街长"),
    one("list-unknown", "开放时间", 2, "星期", "周八"),
    one("list-unknown", "开放时间", 2, "功能", "游泳"),
    one("list-unknown", "值班", 2, "班次", "早班"),
    one("reference-unknown", "人员", 2, "党组织编码", "P9"),
    one("reference-unknown", "任职", 4, "人员编号", "R9"),
    one("reference-unknown", "任职", 5, "对象编码", "T9"),
    one("reference-unknown", "值班", 2, "地点编码", "T1"),
    one("reference-unknown", "服务记录", 2, "楼栋编码", "B9"),
    one("reference-unknown", "服务记录", 2, "登记号", "id:999999999"),
    one("reference-unknown", "单位", 3, "网格编码", "999"),
    one("date-form", "人员", 2, "出生日期", "2026-02-30"),
    one("date-form", "人员", 2, "出生日期", "1899-12-31"),
    one("date-form", "任职", 2, "开始日期", "2201-01-01"),
    one("date-form", "人员", 2, "出生日期", 46082.5),
    one("date-form", "服务记录", 2, "时间", "2026-03-01 25:00"),
    one("date-form", "开放时间", 2, "开门", "8点半"),
    one("date-form", "开放时间", 3, "关门", "24:30"),
    one("date-order", "任职", 2, "结束日期", "2024-12-31"),
    one("date-order", "人员", 2, "离册日期", "2024-12-31"),
    one("date-order", "开放时间", 2, "关门", "10:59"),
    one("date-order", "开放时间", 2, "关门", "11:00"),
    one("date-order", "休假", 2, "结束日期", "2026-03-31"),
    one("date-order", "服务记录", 2, "办结时间", "2026-03-01 09:29"),
    one("number-form", "党组织", 2, "党员数", "十二"),
    one("number-form", "党组织", 2, "党员数", 1.5),
    one("number-form", "村社情况", 2, "数值", "nan"),
    one("number-range", "视频点", 2, "方向", 360),
    one("number-range", "视频点", 2, "可视距离", 0),
    one("number-range", "视频点", 2, "高度", 301),
    one("number-range", "视频点", 2, "存储天数", 3651),
    one("number-range", "阵地", 2, "经度", 181),
    one("number-range", "阵地", 2, "纬度", -91),
    one("number-range", "村社情况", 2, "年份", 1948),
    one("number-range", "队伍", 2, "人数", 100_001),
    one("phone-form", "人员", 2, "联系电话", "电话0799"),
    one("phone-form", "单位", 2, "电话", "12"),
    one("stream-form", "视频点", 2, "视频流地址", "ftp://x"),
    one("post-target", "任职", 2, "对象编码", BUILDING),
    one("post-target", "任职", 3, "对象编码", "360371001001"),
    one("post-unit", "任职", 6, "对象编码", QUARTER),
    one("post-unit", "任职", 2, "对象编码", "360371001002001"),
    case("post-single", "任职", "岗位", 7, more("任职", 2, 人员编号="R3", 姓名=None, 开始日期="2026-02-28")),
    case("assignment-repeated", "任职", "岗位", 7, more("任职", 4, 开始日期="2026-05-01")),
    one("name-differs", "任职", 2, "姓名", "甲二"),
    case("coordinates-half", "党组织", "纬度", 3, put("党组织", 3, 经度=113.8)),
    pytest.param(
        "parent-circle",
        [at("单位", "上级编码", 2), at("单位", "上级编码", 3)],
        put("单位", 2, 上级编码="O2"),
        id="parent-circle",
    ),
    one("parent-circle", "党组织", 2, "上级编码", "P1"),
    case(
        "opening-overlap", "开放时间", "开门", 5, more("开放时间", 2, 星期="三", 开门="12:00", 关门="14:00")
    ),
    case("duty-overlap", "值班", "日期", 4, more("值班", 2, 班次="whole_day", 地点编码="S1")),
    case(
        "leave-overlap", "休假", "开始日期", 3, more("休假", 2, 开始日期="2026-04-05", 结束日期="2026-04-06")
    ),
    one("deputy-self", "休假", 2, "代班人员编号", "R1"),
    case("camera-view", "视频点", "方向", 2, put("视频点", 2, 视角=None)),
    one("camera-view", "视频点", 2, "方向", None),
    case("service-overlap", "小区服务单位", "开始日期", 3, more("小区服务单位", 2, 开始日期="2026-01-01")),
    case("figure-repeated", "村社情况", "年份", 3, more("村社情况", 2, 数值=1)),
]


@pytest.mark.parametrize(("rule", "places", "spoil"), CASES)
def test_a_fault_is_reported_once_at_its_cell(
    loader: Session, tmp_path: Path, rule: str, places: list[tuple[str, str]], spoil: Spoil
) -> None:
    sheets = sound()
    spoil(sheets)
    report = import_people(loader, save(tmp_path, sheets), commit=True)
    found = [(fault.rule, (fault.sheet, fault.cell)) for fault in report.faults.kept]
    assert found == [(rule, place) for place in places]
    assert not report.is_written
    assert all(fault.message for fault in report.faults.kept)


def test_every_rule_is_provoked() -> None:
    assert {each.values[0] for each in CASES} == set(RULES)


SOUND = [
    pytest.param(
        put("开放时间", 3, 开门=time(17, 0), 关门=datetime.fromisoformat("1900-01-01")), id="excel-times"
    ),
    pytest.param(
        put("开放时间", 3, 开门=timedelta(hours=17), 关门=timedelta(hours=24)), id="excel-durations"
    ),
    pytest.param(put("开放时间", 4, 星期=7), id="weekday-number"),
    pytest.param(put("任职", 2, 姓名="甲 一", 岗位="grid head"), id="blanks-and-english"),
    pytest.param(put("视频点", 2, 方向=None, 视角=360), id="all-round"),
    pytest.param(put("视频点", 2, 方向=0), id="north"),
    pytest.param(put("党组织", 2, 党员数="1,200"), id="thousands"),
    pytest.param(more("任职", 2, 人员编号="R3", 姓名=None, 主副="副"), id="deputy-beside-primary"),
    pytest.param(more("任职", 3, 人员编号="R3", 对象编码=OTHER_GRID), id="another-grid"),
    pytest.param(more("小区服务单位", 2, 单位编码="O1"), id="another-organisation"),
    pytest.param(more("值班", 2, 人员编号="R3"), id="two-on-one-shift"),
    pytest.param(put("服务记录", 2, 时间="2026年3月1日 9:30", 办结时间="2026-03-01T09:30+08:00"), id="times"),
    pytest.param(lambda s: s.update({"说明文字": [{"x": "y"}], "_列表": [{"x": "y"}]}), id="skipped-sheets"),
    pytest.param(lambda s: s.update({"people": s.pop("人员")}), id="english-sheet"),
    pytest.param(lambda s: s["人员"].insert(1, dict.fromkeys(s["人员"][0])), id="empty-row"),
]


@pytest.mark.parametrize("change", SOUND)
def test_what_is_no_fault(loader: Session, tmp_path: Path, change: Spoil) -> None:
    sheets = sound()
    change(sheets)
    report = import_people(loader, save(tmp_path, sheets), commit=True)
    assert not report.faults.kept
    assert report.is_written


def test_faults_come_together_and_name_value_and_cure(loader: Session, tmp_path: Path) -> None:
    sheets = sound()
    put("人员", 2, 性别="不详")(sheets)
    put("任职", 5, 对象编码="T9")(sheets)
    put("视频点", 2, 方向=400)(sheets)
    report = import_people(loader, save(tmp_path, sheets))
    assert [f.rule for f in report.faults.kept] == ["list-unknown", "reference-unknown", "number-range"]
    for fault, value in zip(report.faults.kept, ["不详", "T9", "400"], strict=True):
        assert fault.value == value
        assert value in fault.message
        assert ";" in fault.message
    assert report.rows_read == sum(map(len, sheets.values()))


def test_what_is_stored_counts_too(loader: Session, tmp_path: Path) -> None:
    assert import_people(loader, save(tmp_path, sound()), commit=True).is_written
    people = [row for row in sound()["人员"] if row["人员编号"] == "R3"]
    grid_head = {**sound()["任职"][1], "人员编号": "R3", "姓名": "丙三", "开始日期": "2026-06-01"}
    again = {**sound()["任职"][2], "开始日期": "2026-06-01"}
    duty = {"人员编号": "R1", "日期": "2026-03-02", "班次": "whole_day", "地点编码": "S1"}
    leave = {**sound()["休假"][0], "开始日期": "2026-04-02"}
    served = {**sound()["小区服务单位"][0], "开始日期": "2026-01-01"}
    sheets = {
        "人员": people,
        "任职": [grid_head, again],
        "值班": [duty],
        "休假": [leave],
        "小区服务单位": [served],
    }
    report = import_people(loader, save(tmp_path, sheets))
    assert [(f.rule, f.cell) for f in report.faults.kept] == [
        ("post-single", "C2"),
        ("assignment-repeated", "C3"),
        ("duty-overlap", "B2"),
        ("leave-overlap", "C2"),
        ("service-overlap", "C2"),
    ]


def test_a_stored_holder_who_ends_in_the_same_file_makes_room(loader: Session, tmp_path: Path) -> None:
    assert import_people(loader, save(tmp_path, sound()), commit=True).is_written
    ends = {**sound()["任职"][1], "结束日期": "2026-05-31"}
    begins = {**ends, "人员编号": "R3", "姓名": "丙三", "开始日期": "2026-06-01", "结束日期": None}
    report = import_people(loader, save(tmp_path, {"任职": [begins, ends]}), commit=True)
    assert not report.faults.kept
    assert report.figures["assignments"] == "1 new, 1 changed, 0 as stored"


def test_a_fault_of_a_key_column_is_not_told_at_every_place_that_names_it(
    loader: Session, tmp_path: Path
) -> None:
    sheets = sound()
    without("人员", "人员编号")(sheets)
    report = import_people(loader, save(tmp_path, sheets))
    assert [(f.rule, f.sheet) for f in report.faults.kept] == [("column-missing", "人员")]


def test_codes_are_the_same_as_text_and_as_number(loader: Session, tmp_path: Path) -> None:
    sheets = sound()
    put("单位", 3, 网格编码=int(GRID))(sheets)
    assert not import_people(loader, save(tmp_path, sheets)).faults.kept
