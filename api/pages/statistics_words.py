"""The words of the statistics pages, in Chinese and English."""

from __future__ import annotations

_WORDS: dict[str, tuple[str, str]] = {
    "statistics": ("统计", "Statistics"),
    "section.roster": ("人员队伍", "Roster"),
    "section.services": ("服务记录", "Service record"),
    "section.places": ("阵地与村社", "Places and units"),
    "appraisals": ("逐级考核", "Appraisal"),
    "by": ("按", "By"),
    "by.unit": ("村、社区", "unit"),
    "by.grid": ("三级网格", "third-level grid"),
    "by.area": ("片区", "first-level grid"),
    "by.post": ("岗位", "post"),
    "by.group": ("岗位分组", "group of posts"),
    "by.kind": ("类别", "kind"),
    "by.roster.kind": ("村、社区两类", "village or community"),
    "by.unit_kind": ("村、社区两类", "village or community"),
    "by.project": ("项目", "project"),
    "by.period": ("月份", "month"),
    "by.function": ("功能", "function"),
    "by.band": ("收入档", "band of income"),
    "by.change": ("变动", "change"),
    "as_of": ("日期", "Day"),
    "since": ("换届日", "Term began"),
    "who": ("人员范围", "Who"),
    "who.personnel": ("“234”人员", "234 personnel"),
    "who.all": ("全部任职人员", "all holders of posts"),
    "unit": ("村、社区", "Unit"),
    "group": ("岗位分组", "Group of posts"),
    "kind": ("类别", "Kind"),
    "all": ("全部", "all"),
    "from": ("从", "From"),
    "to": ("至", "to"),
    "period": ("时间", "Period"),
    "period.12m": ("近12个月", "12 months"),
    "period.year": ("今年", "This year"),
    "period.last_year": ("去年", "Last year"),
    "period.all": ("全部", "All"),
    "apply": ("应用", "Apply"),
    "filters": ("筛选", "Filters"),
    "print": ("打印", "Print"),
    "copy_table": ("复制表格", "Copy table"),
    "copied": ("已复制，可粘贴到 Excel", "Copied; paste it into Excel"),
    "select_hint": ("已选中，按 Ctrl+C 复制到 Excel", "Selected; press Ctrl+C and paste into Excel"),
    "xlsx": ("下载 Excel", "Excel"),
    "csv": ("下载 CSV", "CSV"),
    "definitions": ("指标口径", "Definitions"),
    "name": ("名称", "Name"),
    "nothing": ("没有符合条件的数据。", "Nothing matches."),
    "suppressed": ("不足5人，不显示", "Fewer than five persons; not shown"),
    "title.roster": ("人员统计", "Persons in posts"),
    "title.moves": ("换届岗位变动", "Moves between groups of posts"),
    "title.services": ("服务记录", "Service record"),
    "title.months": ("按月服务记录", "Services by month"),
    "title.sites": ("服务阵地", "Service sites"),
    "title.functions": ("阵地功能", "What sites offer"),
    "title.teams": ("队伍", "Teams"),
    "title.party_orgs": ("党组织", "Party organisations"),
    "title.units": ("村、社区情况", "Villages and communities"),
    "title.bands": ("集体经济收入分档", "Units by band of collective income"),
    "of_total": ("占{share}", "{share}"),
    "drill": ("查看该村（社区）的三级网格", "See the third-level grids of this unit"),
    "sort": ("点击表头排序", "Click a heading to sort"),
    "chart": ("图：{title}（数据见表）", "Chart: {title}; the table has the numbers"),
}


def say(lang: str, key: str, **values: object) -> str:
    """Return the words for ``key`` with ``values`` filled in.

    >>> say("en", "of_total", share="35%")
    '35%'
    """
    text = _WORDS[key][0 if lang == "zh" else 1]
    return text.format(**values) if values else text


def say_by(lang: str, subject: str, by: str) -> str:
    """What the rows of a table are."""
    own = f"by.{subject}.{by}"
    return say(lang, own if own in _WORDS else f"by.{by}")
