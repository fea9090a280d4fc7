"""The sheets of the roster and their columns, in the order of the template."""

from __future__ import annotations

from functools import partial

from geo.roster.columns import Column, Range, Sheet

TARGETS = ("grid", "neighbourhood", "building", "unit", "site", "team", "party_org", "organisation")
DUTY_PLACES = ("grid", "site", "organisation")

_name = partial(Column, "name", required=True, kind="name")
_kind = partial(Column, "kind", "类别", "list", required=True)
_code = partial(Column, "code", kind="code", required=True)
_person = partial(Column, "person", "人员编号", "code", required=True, refers=("person",), example="R0012")
_phone = partial(Column, "phone", kind="phone", example="0799-0000000")
_since = partial(Column, "since", "开始日期", "date", required=True, example="2026-03-01")
_until = partial(
    Column,
    "until",
    "结束日期",
    "date",
    note=("最后一天，含当天；空为未定", "last day, included; empty: open"),
)
_grid = partial(
    Column,
    "grid",
    "网格编码",
    "code",
    refers=("grid",),
    note=("任一级网格；空为全区", "grid of any level; empty: whole zone"),
    example="360371001001",
)
_lon = partial(Column, "lon", "经度", "number", range=Range(-180, 180), example="113.85")
_lat = partial(Column, "lat", "纬度", "number", range=Range(-90, 90), example="27.62")
_members = partial(Column, "members", kind="whole", range=Range(0, 100_000), example="12")

GENDERS = {"男": "male", "女": "female", "male": "male", "female": "female"}
YES_NO = {"是": True, "否": False, "yes": True, "no": False}
RANKS = {"主": "primary", "副": "deputy", "primary": "primary", "deputy": "deputy"}

PEOPLE = Sheet(
    "people",
    "人员",
    (
        _code(zh="人员编号", note=("不重复，永不改", "unique, never changed"), example="R0012"),
        _name(zh="姓名", example="张示例"),
        Column("gender", "性别", "word", words=GENDERS, example="女"),
        Column("born_on", "出生日期", "date", example="1980-05-01"),
        Column("education", "学历", "list", listed="educations", example="本科"),
        _phone(zh="联系电话", note=("带 * 的不改动已存号码", "one with * leaves the stored one as it is")),
        Column("prospering", "致富能手", "word", words=YES_NO, example="否"),
        Column("party_org", "党组织编码", "code", refers=("party_org",), example="DZ001"),
        Column("since", "入册日期", "date", note=("空为今天", "empty: today"), example="2026-03-01"),
        Column("until", "离册日期", "date", note=("最后一天，含当天", "last day, included")),
    ),
    brings="person",
)
ASSIGNMENTS = Sheet(
    "assignments",
    "任职",
    (
        _person(),
        Column("name", "姓名", "name", note=("用于核对", "checked against the person"), example="张示例"),
        Column("post", "岗位", "list", required=True, listed="posts", example="网格员"),
        Column("rank", "主副", "word", words=RANKS, note=("空为主", "empty: primary"), example="主"),
        Column(
            "target",
            "对象编码",
            "code",
            required=True,
            refers=TARGETS,
            note=("岗位所管对象的编码", "code of what the post is held for"),
            example="360371001001001",
        ),
        _since(),
        _until(),
    ),
)
ORGANISATIONS = Sheet(
    "organisations",
    "单位",
    (
        _code(zh="单位编码", example="DW001"),
        _name(zh="名称", example="示例综治中心"),
        _kind(listed="organisation_kinds", example="综治中心"),
        Column("parent", "上级编码", "code", refers=("organisation",)),
        _grid(),
        _phone(zh="电话"),
    ),
    brings="organisation",
)
NEIGHBOURHOOD_ORGANISATIONS = Sheet(
    "neighbourhood_organisations",
    "小区服务单位",
    (
        Column(
            "neighbourhood", "小区编码", "code", required=True, refers=("neighbourhood",), example="QUARTER1"
        ),
        Column("organisation", "单位编码", "code", required=True, refers=("organisation",), example="DW001"),
        _since(),
        _until(),
    ),
)
PARTY_ORGS = Sheet(
    "party_orgs",
    "党组织",
    (
        _code(zh="党组织编码", example="DZ001"),
        _name(zh="名称", example="示例党支部"),
        _kind(listed="party_org_kinds", example="党支部"),
        Column("parent", "上级编码", "code", refers=("party_org",)),
        _grid(),
        _members(zh="党员数"),
        _lon(),
        _lat(),
    ),
    brings="party_org",
)
SITES = Sheet(
    "sites",
    "阵地",
    (
        _code(zh="阵地编码", example="ZD001"),
        _name(zh="名称", example="示例文化中心"),
        _kind(listed="site_kinds", example="综合文化服务中心"),
        Column("address", "地址", "text", example="示例路1号"),
        _phone(zh="电话"),
        Column("building", "楼栋编码", "code", refers=("building",)),
        _lon(required=True),
        _lat(required=True),
    ),
    brings="site",
)
OPENINGS = Sheet(
    "openings",
    "开放时间",
    (
        Column("site", "阵地编码", "code", required=True, refers=("site",), example="ZD001"),
        Column("function", "功能", "list", required=True, listed="site_functions", example="长者食堂"),
        Column(
            "weekday",
            "星期",
            "weekdays",
            required=True,
            note=("一至日、1 至 7、周一至周五、每天", "一 … 日, 1 … 7, 周一至周五 or 每天"),
            example="周一至周五",
        ),
        Column("opens", "开门", "minute", required=True, example="8:30"),
        Column(
            "closes",
            "关门",
            "minute",
            required=True,
            note=("24:00 为午夜", "24:00: midnight"),
            example="17:30",
        ),
    ),
)
TEAMS = Sheet(
    "teams",
    "队伍",
    (
        _code(zh="队伍编码", example="TD001"),
        _name(zh="名称", example="示例志愿队"),
        _kind(listed="team_kinds", example="志愿服务队"),
        _phone(zh="电话"),
        _members(zh="人数"),
        _grid(),
        _lon(required=True),
        _lat(required=True),
    ),
    brings="team",
)
CAMERAS = Sheet(
    "cameras",
    "视频点",
    (
        _code(zh="视频点编码", digits=20, note=("20 位数字", "20 digits"), example="36037100001320000001"),
        _name(zh="名称", example="示例路口"),
        _kind(listed="camera_kinds", example="枪机"),
        Column("network", "网络", "list", required=True, listed="camera_networks", example="雪亮工程"),
        Column("state", "状态", "list", listed="camera_states", example="在线"),
        Column(
            "direction",
            "方向",
            "number",
            range=Range(0, 360, without_high=True),
            note=("度，自正北顺时针；全景空着", "degrees clockwise from north; empty when it sees all round"),
            example="90",
        ),
        Column(
            "angle",
            "视角",
            "number",
            range=Range(0, 360, without_low=True),
            note=("度；空为 360", "degrees; empty: 360"),
            example="60",
        ),
        Column(
            "range",
            "可视距离",
            "number",
            range=Range(0, 5000, without_low=True),
            note=("米；空为 50", "metres; empty: 50"),
            example="50",
        ),
        Column("height", "高度", "number", range=Range(0, 300), note=("米", "metres"), example="6"),
        Column("organisation", "管理单位编码", "code", refers=("organisation",), example="DW001"),
        Column("stream", "视频流地址", "stream"),
        Column("filing", "备案号", "text"),
        Column("filed_on", "备案日期", "date", example="2026-03-01"),
        Column("retention", "存储天数", "whole", range=Range(0, 3650), example="30"),
        _lon(required=True),
        _lat(required=True),
    ),
    brings="camera",
)
DUTY = Sheet(
    "duty",
    "值班",
    (
        _person(),
        Column("day", "日期", "date", required=True, example="2026-03-01"),
        Column("shift", "班次", "list", required=True, listed="duty_shifts", example="day"),
        Column(
            "place",
            "地点编码",
            "code",
            required=True,
            refers=DUTY_PLACES,
            note=("网格、阵地或单位的编码", "code of a grid, site or organisation"),
            example="DW001",
        ),
    ),
)
LEAVE = Sheet(
    "leave",
    "休假",
    (
        _person(),
        Column("kind", "类别", "list", listed="leave_kinds", example="休假"),
        _since(),
        _until(required=True, example="2026-03-05"),
        Column("deputy", "代班人员编号", "code", refers=("person",), example="R0345"),
    ),
)
SERVICES = Sheet(
    "services",
    "服务记录",
    (
        Column("id", "登记号", "code", example="F2026-0001"),
        _kind(listed="service_kinds", example="收集诉求意见"),
        Column("at", "时间", "instant", required=True, example="2026-03-01 09:30"),
        _person(),
        Column("post", "岗位", "list", listed="posts", example="网格员"),
        Column("served", "服务对象", "text"),
        Column("household", "户编码", "code", refers=("household",)),
        Column("building", "楼栋编码", "code", refers=("building",)),
        Column("site", "阵地编码", "code", refers=("site",)),
        Column("project", "项目", "list", listed="service_projects"),
        Column("resolved_at", "办结时间", "instant", example="2026-03-03 16:00"),
        Column("note", "内容", "text"),
    ),
)
FIGURES = Sheet(
    "figures",
    "村社情况",
    (
        Column("grid", "网格编码", "code", required=True, refers=("grid",), example="360371001001"),
        Column("fact", "指标", "list", required=True, listed="unit_facts", example="集体经济收入"),
        Column("year", "年份", "whole", required=True, range=Range(1949, 2200), example="2025"),
        Column("value", "数值", "number", required=True, example="520000"),
    ),
)

SHEETS: tuple[Sheet, ...] = (
    PEOPLE,
    ASSIGNMENTS,
    ORGANISATIONS,
    NEIGHBOURHOOD_ORGANISATIONS,
    PARTY_ORGS,
    SITES,
    OPENINGS,
    TEAMS,
    CAMERAS,
    DUTY,
    LEAVE,
    SERVICES,
    FIGURES,
)
BY_NAME = {sheet.name: sheet for sheet in SHEETS}
#: Sheets of located things that also come from CSV and vector files, by the word of the command line.
PLACES = {"sites": SITES, "cameras": CAMERAS, "teams": TEAMS, "party-orgs": PARTY_ORGS}
