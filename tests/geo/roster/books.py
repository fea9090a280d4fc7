"""Workbooks for tests: a sound roster of the toy partition, to be saved whole or spoilt first."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlalchemy.orm import Session

from tests.builders import add_building, add_neighbourhood, add_partition
from tests.people_builders import add_post_lists

GRID, OTHER_GRID = "360371001001001", "360371001001002"
COMMUNITY, VILLAGE = "360371001001", "360371001002"
VILLAGE_GRID = "360371001002001"
BUILDING = "36037100100100001"
QUARTER, GROUP = "QUARTER1", "GROUP1"
CAMERA = "36037100001320000001"

Sheets = dict[str, list[dict[str, Any]]]

_SOUND: Sheets = {
    "人员": [
        {"人员编号": "R1", "姓名": "甲一", "性别": "女", "出生日期": date(1980, 5, 1), "学历": "本科",
         "联系电话": "0799-0000001", "致富能手": "是", "党组织编码": "P2", "入册日期": "2025-01-01",
         "离册日期": None},
        {"人员编号": "R2", "姓名": "乙二", "性别": "男", "出生日期": "1990/2/3", "学历": "junior_college",
         "联系电话": "0799-0000002", "致富能手": "否", "党组织编码": None, "入册日期": "2025年1月1日",
         "离册日期": None},
        {"人员编号": "R3", "姓名": "丙三", "性别": None, "出生日期": None, "学历": None, "联系电话": None,
         "致富能手": None, "党组织编码": None, "入册日期": 20250101, "离册日期": "2027-12-31"},
    ],
    "任职": [
        {"人员编号": "R1", "姓名": "甲一", "岗位": "网格长", "主副": "主", "对象编码": GRID,
         "开始日期": "2025-01-01", "结束日期": "2026-02-28"},
        {"人员编号": "R2", "姓名": None, "岗位": "网格长", "主副": None, "对象编码": GRID,
         "开始日期": "2026-03-01", "结束日期": None},
        {"人员编号": "R2", "姓名": "乙二", "岗位": "building_head", "主副": "主", "对象编码": BUILDING,
         "开始日期": "2026-03-01", "结束日期": None},
        {"人员编号": "R3", "姓名": "丙三", "岗位": "队长", "主副": "主", "对象编码": "T1",
         "开始日期": "2026-03-01", "结束日期": None},
        {"人员编号": "R3", "姓名": "丙三", "岗位": "村民小组长", "主副": "主", "对象编码": GROUP,
         "开始日期": "2026-03-01", "结束日期": None},
    ],
    "单位": [
        {"单位编码": "O1", "名称": "示例中心", "类别": "综治中心", "上级编码": None, "网格编码": None,
         "电话": "0799-1"},
        {"单位编码": "O2", "名称": "示例物业", "类别": "物业公司", "上级编码": "O1", "网格编码": GRID,
         "电话": None},
    ],
    "小区服务单位": [
        {"小区编码": QUARTER, "单位编码": "O2", "开始日期": "2025-01-01", "结束日期": None},
    ],
    "党组织": [
        {"党组织编码": "P1", "名称": "示例党委", "类别": "党委", "上级编码": None, "网格编码": COMMUNITY,
         "党员数": 120, "经度": 113.805, "纬度": 27.605},
        {"党组织编码": "P2", "名称": "示例支部", "类别": "党支部", "上级编码": "P1", "网格编码": GRID,
         "党员数": None, "经度": None, "纬度": None},
    ],
    "阵地": [
        {"阵地编码": "S1", "名称": "示例文化中心", "类别": "综合文化服务中心", "地址": "示例路1号",
         "电话": "0799-0000003", "楼栋编码": BUILDING, "经度": 113.805, "纬度": 27.605},
        {"阵地编码": "S2", "名称": "示例书屋", "类别": "农家书屋", "地址": None, "电话": None,
         "楼栋编码": None, "经度": 113.815, "纬度": 27.605},
    ],
    "开放时间": [
        {"阵地编码": "S1", "功能": "长者食堂", "星期": "周一至周五", "开门": "11:00", "关门": "13:00"},
        {"阵地编码": "S1", "功能": "长者食堂", "星期": "周一至周五", "开门": "17:00", "关门": "24:00"},
        {"阵地编码": "S2", "功能": "图书阅览", "星期": "每天", "开门": "8:30", "关门": "17:30"},
    ],
    "队伍": [
        {"队伍编码": "T1", "名称": "示例巡逻队", "类别": "治安巡逻队", "电话": "0799-0000004", "人数": 12,
         "网格编码": None, "经度": 113.806, "纬度": 27.606},
    ],
    "视频点": [
        {"视频点编码": CAMERA, "名称": "示例路口", "类别": "枪机", "网络": "雪亮工程", "状态": "在线",
         "方向": 90, "视角": 60, "可视距离": 80, "高度": 6, "管理单位编码": "O1",
         "视频流地址": "rtsp://10.0.0.1/1", "备案号": "BA1", "备案日期": "2025-06-01", "存储天数": 30,
         "经度": 113.8049, "纬度": 27.6049},
    ],
    "值班": [
        {"人员编号": "R1", "日期": "2026-03-02", "班次": "day", "地点编码": "O1"},
        {"人员编号": "R1", "日期": "2026-03-02", "班次": "晚班", "地点编码": GRID},
    ],
    "休假": [
        {"人员编号": "R1", "类别": "休假", "开始日期": "2026-04-01", "结束日期": "2026-04-05",
         "代班人员编号": "R2"},
    ],
    "服务记录": [
        {"登记号": "F1", "类别": "收集诉求意见", "时间": "2026/3/1 9:30", "人员编号": "R1",
         "岗位": "网格长", "服务对象": "某户", "户编码": None, "楼栋编码": BUILDING, "阵地编码": None,
         "项目": None, "办结时间": None, "内容": "路灯"},
        {"登记号": None, "类别": "政策宣讲", "时间": "2026-03-02 19:00", "人员编号": "R2", "岗位": None,
         "服务对象": None, "户编码": None, "楼栋编码": None, "阵地编码": "S2", "项目": "党建234+文化",
         "办结时间": None, "内容": None},
    ],
    "村社情况": [
        {"网格编码": VILLAGE, "指标": "集体经济收入", "年份": 2025, "数值": 520000.5},
    ],
}  # fmt: skip


def sound() -> Sheets:
    """A roster without a fault, to be changed at will."""
    return deepcopy(_SOUND)


def save(folder: Path, sheets: Sheets, name: str = "roster.xlsx") -> Path:
    """Write sheets as a workbook; headings are the keys of each sheet's first row."""
    book = Workbook()
    del book["Sheet"]
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append(list(rows[0]) if rows else [])
        for row in rows:
            sheet.append(list(row.values()))
    path = folder / name
    book.save(path)
    return path


def lay_ground(owner: Session) -> None:
    """Write the toy partition with the lists, a building, a quarter and a villager group."""
    add_partition(owner)
    add_post_lists(owner)
    add_building(owner, BUILDING, grid_code=GRID)
    add_neighbourhood(owner, QUARTER, grid_code=GRID)
    add_neighbourhood(owner, GROUP, grid_code=VILLAGE_GRID, kind="villager_group")
