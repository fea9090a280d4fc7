"""Sheets and columns of a roster, as ``docs/administrators-people.md`` has them."""

from __future__ import annotations

from dataclasses import dataclass

#: ``english* 中文 kind`` a line; ``*`` must be filled. ``list.x``: of list x; ``ref.x``: the code of an x.
_TEXT = """
people 人员
code* 人员编号 code
name* 姓名 name
gender 性别 gender
born_on 出生日期 date
education 学历 list.educations
phone 联系电话 phone
prospering 致富能手 yes
party_org 党组织编码 ref.party_org
since 入册日期 date
until 离册日期 date

assignments 任职
person* 人员编号 ref.person
name 姓名 name
post* 岗位 list.posts
rank 主副 rank
target* 对象编码 ref.target
since* 开始日期 date
until 结束日期 date

organisations 单位
code* 单位编码 code
name* 名称 name
kind* 类别 list.organisation_kinds
parent 上级编码 ref.organisation
grid 网格编码 ref.grid
phone 电话 phone

neighbourhood_organisations 小区服务单位
neighbourhood* 小区编码 ref.neighbourhood
organisation* 单位编码 ref.organisation
since* 开始日期 date
until 结束日期 date

party_orgs 党组织
code* 党组织编码 code
name* 名称 name
kind* 类别 list.party_org_kinds
parent 上级编码 ref.party_org
grid 网格编码 ref.grid
members 党员数 number
lon 经度 number
lat 纬度 number

sites 阵地
code* 阵地编码 code
name* 名称 name
kind* 类别 list.site_kinds
address 地址 text
phone 电话 phone
building 楼栋编码 ref.building
lon* 经度 number
lat* 纬度 number

openings 开放时间
site* 阵地编码 ref.site
function* 功能 list.site_functions
weekday* 星期 weekday
opens* 开门 clock
closes* 关门 clock

teams 队伍
code* 队伍编码 code
name* 名称 name
kind* 类别 list.team_kinds
phone 电话 phone
members 人数 number
grid 网格编码 ref.grid
lon* 经度 number
lat* 纬度 number

cameras 视频点
code* 视频点编码 camera
name* 名称 name
kind* 类别 list.camera_kinds
network* 网络 list.camera_networks
state 状态 list.camera_states
direction 方向 number
angle 视角 number
range 可视距离 number
height 高度 number
organisation 管理单位编码 ref.organisation
stream 视频流地址 stream
filing 备案号 text
filed_on 备案日期 date
retention 存储天数 number
lon* 经度 number
lat* 纬度 number

duty 值班
person* 人员编号 ref.person
day* 日期 date
shift* 班次 list.duty_shifts
place* 地点编码 ref.place

leave 休假
person* 人员编号 ref.person
kind 类别 list.leave_kinds
since* 开始日期 date
until* 结束日期 date
deputy 代班人员编号 ref.person

services 服务记录
id 登记号 register
kind* 类别 list.service_kinds
at* 时间 instant
person* 人员编号 ref.person
post 岗位 list.posts
served 服务对象 text
household 户编码 ref.household
building 楼栋编码 ref.building
site 阵地编码 ref.site
project 项目 list.service_projects
resolved_at 办结时间 instant
note 内容 text

figures 村社情况
grid* 网格编码 ref.grid
fact* 指标 list.unit_facts
year* 年份 number
value* 数值 number
"""

#: Numbers just outside what a column allows, below and above.
OUTSIDE: dict[str, tuple[float, ...]] = {
    "lon": (-180.001, 180.001),
    "lat": (-90.001, 90.001),
    "direction": (-1, 360),
    "angle": (0, 360.5),
    "range": (0, 5001),
    "height": (-0.1, 300.1),
    "retention": (-1, 3651),
    "members": (-1, 100_001),
    "year": (1948, 2201),
}


@dataclass(frozen=True)
class Column:
    """A column by its English heading; ``kind`` says what its cells hold."""

    en: str
    zh: str
    kind: str
    required: bool


@dataclass(frozen=True)
class Sheet:
    """A sheet by its English name."""

    en: str
    zh: str
    columns: dict[str, Column]


def _column(line: str) -> Column:
    en, zh, kind = line.split()
    return Column(en.rstrip("*"), zh, kind, en.endswith("*"))


def _sheet(block: str) -> Sheet:
    title, *lines = block.strip().splitlines()
    en, zh = title.split()
    columns = [_column(line) for line in lines]
    return Sheet(en, zh, {column.en: column for column in columns})


SHEETS = {sheet.en: sheet for sheet in map(_sheet, _TEXT.strip().split("\n\n"))}

#: Sheets by both of their names.
BY_NAME = {name: sheet.en for sheet in SHEETS.values() for name in (sheet.en, sheet.zh)}


def columns_of(*kinds: str) -> list[tuple[str, str]]:
    """Sheet and column of every column whose kind begins with one of ``kinds``."""
    return [
        (sheet.en, column.en)
        for sheet in SHEETS.values()
        for column in sheet.columns.values()
        if column.kind.startswith(kinds)
    ]
