"""The columns of the tables, each with its definition in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from geo.statistics.table import Measure
from geo.store.statistics.entries import Entry

PERSONS = Measure(
    "persons",
    "人数",
    "persons",
    "当日在任的不同人员数；一人任多个岗位，在各岗位行各计一次，在合计中只计一次",
    "different persons who hold a post on the day; with several posts a person counts once in each row, and "
    "once in the total",
)
POSTS = Measure(
    "posts",
    "任职数",
    "posts held",
    "当日有效的任职条数；负责三栋楼的楼栋长为三条",
    "posts held on the day; a building head of three buildings holds three",
)
NEW = Measure(
    "new",
    "新任",
    "new",
    "换届日前一天未担任任何“234”岗位的人员",
    "persons who held no personnel post the day before the term began",
)
ROSTER = (
    PERSONS,
    POSTS,
    Measure("women", "女性", "women", "性别为女", "gender female", is_personal=True),
    Measure(
        "aged_35_or_under",
        "35岁及以下",
        "35 or under",
        "当日周岁年龄不超过35",
        "at most 35 completed years on the day",
        is_personal=True,
    ),
    Measure(
        "aged_36_to_45",
        "36–45岁",
        "36–45",
        "当日周岁年龄36至45",
        "36 to 45 years on the day",
        is_personal=True,
    ),
    Measure(
        "aged_46_to_55",
        "46–55岁",
        "46–55",
        "当日周岁年龄46至55",
        "46 to 55 years on the day",
        is_personal=True,
    ),
    Measure(
        "aged_56_or_over",
        "56岁及以上",
        "56 or over",
        "当日周岁年龄不小于56",
        "at least 56 years on the day",
        is_personal=True,
    ),
    Measure(
        "age_unknown", "年龄不详", "age unknown", "未登记出生日期", "no date of birth known", is_personal=True
    ),
    Measure(
        "college",
        "大专及以上",
        "junior college +",
        "学历为大专或更高；未登记学历的不计入",
        "education junior college or above; unknown education does not count",
        is_personal=True,
    ),
    Measure(
        "prospering",
        "致富能手",
        "prospering",
        "登记为致富能手",
        "registered as prospering by their own skill",
        is_personal=True,
    ),
    Measure(
        "party_members",
        "党员",
        "party members",
        "当日有党员组织关系",
        "belongs to a party organisation on the day",
        is_personal=True,
    ),
)
MOVED = Measure(
    "persons",
    "人数",
    "persons",
    "前一天与当日所任“234”岗位分组如该行所示的人员；每人只在一行",
    "persons whose groups of personnel posts the day before and on the day are those of the row; each person "
    "is in one row only",
)
COUNT = Measure("count", "服务记录", "services", "服务记录条数", "entries of the service record")
SERVICES = (
    COUNT,
    Measure(
        "resolvable",
        "需办结",
        "to be resolved",
        "类别为需办结（如收集诉求意见、便民代办）的条数",
        "entries of kinds that are resolved at some time, such as appeals and errands",
    ),
    Measure(
        "resolved",
        "已办结",
        "resolved",
        "其中至今已登记办结时间的条数",
        "of these, entries whose time of resolution is recorded by now",
    ),
    Measure(
        "resolved_share",
        "办结率",
        "share resolved",
        "已办结÷需办结；没有需办结的为空",
        "resolved / to be resolved; empty where nothing is to be resolved",
        is_share=True,
    ),
)
SITES = Measure("sites", "阵地", "sites", "当日存在的服务阵地", "service sites there are on the day")
TEAMS = Measure("teams", "队伍", "teams", "当日存在的队伍", "teams there are on the day")
PARTY_ORGS = Measure(
    "party_orgs",
    "党组织",
    "party organisations",
    "当日存在的党组织",
    "party organisations there are on the day",
)
MEMBERS = (
    Measure(
        "declared_members",
        "上报人数",
        "members declared",
        "上报的成员数之和；未上报的计为零；上级党组织已计入的，不重复计其下级",
        "sum of members as reported, zero where nothing is; an organisation below one counted in the same "
        "row is not counted again",
    ),
    Measure(
        "roster_members",
        "名册人数",
        "members in the roster",
        "名册中当日属于它的人数",
        "persons of the roster who belong to it on the day",
    ),
)
UNITS = (
    Measure("units", "村社数", "units", "当日的二级网格", "second-level grids in force on the day"),
    Measure(
        "grids", "三级网格", "third-level grids", "当日的三级网格", "third-level grids in force on the day"
    ),
    Measure("buildings", "楼栋", "buildings", "当日存在的楼栋", "buildings that stand on the day"),
    Measure(
        "households", "户数", "households", "楼栋登记户数之和", "sum of households registered in buildings"
    ),
    Measure(
        "persons",
        "“234”人员",
        "234 personnel",
        "当日在任“234”岗位的不同人员数",
        "different persons who hold a personnel post on the day",
    ),
    SITES,
    TEAMS,
    PARTY_ORGS,
)


def per_entry(prefix: str, entries: Sequence[Entry], of: Measure) -> tuple[Measure, ...]:
    """One column for each entry of a list: what of ``of`` is of that kind."""
    return tuple(
        Measure(
            f"{prefix}.{entry.code}",
            entry.zh,
            entry.en,
            f"其中：{of.zh}为“{entry.zh}”",
            f"of these, {of.en}: {entry.en}",
        )
        for entry in entries
    )
