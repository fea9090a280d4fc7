"""The words around the maps and of the home page, in Chinese and English."""

from __future__ import annotations

_WORDS: dict[str, tuple[str, str]] = {
    "home": ("首页", "Home"),
    "coverage": ("网格覆盖", "Coverage"),
    "density": ("事件密度", "Case density"),
    "statistics": ("统计", "Statistics"),
    "period": ("时间", "Period"),
    "period.24h": ("近24小时", "24 hours"),
    "period.7d": ("近7天", "7 days"),
    "period.30d": ("近30天", "30 days"),
    "period.year": ("今年", "This year"),
    "period.all": ("全部", "All"),
    "from": ("从", "From"),
    "to": ("至", "to"),
    "category": ("类别", "Category"),
    "all_categories": ("全部类别", "All categories"),
    "as_of": ("日期", "Day"),
    "at": ("时间", "Time"),
    "function": ("阵地功能", "Site function"),
    "all_functions": ("任意功能", "Any function"),
    "now": ("今天此刻", "Now"),
    "gaps": ("缺口 {n} 处", "{n} gaps"),
    "source": ("数据来源：{name}网格系统", "Data: grid system of {name}"),
    "scheme": ("分级", "Classes"),
    "apply": ("应用", "Apply"),
    "filters": ("筛选", "Filters"),
    "total": ("共 {n} 件", "{n} cases"),
    "counted": ("网格内 {n} 件", "{n} in grids"),
    "outside": ("网格外 {n} 件", "{n} outside every grid"),
    "unplaced": ("无坐标 {n} 件", "{n} without a place"),
    "superseded": ("原网格 {n} 件", "{n} in grids no longer in force"),
    "future": ("未来时间 {n} 件（未计入）", "{n} dated in the future (left out)"),
    "households": ("户数", "households"),
    "buildings": ("楼栋", "buildings"),
    "cases_24h": ("近24小时事件", "cases in 24 hours"),
    "cases_30d": ("近30天事件", "cases in 30 days"),
    "coverage_about": (
        "各级网格的负担、人员、阵地、视频、队伍与值班，覆盖缺口清单，点击任一处查看谁负责",
        "Load, staffing, sites, cameras, teams and duty of every grid, what is missing, who answers where",
    ),
    "density_about": (
        "各级网格的事件数、每千户事件数、每平方公里事件数与热力图",
        "Cases of each grid, per 1,000 households and per km², and a heat map",
    ),
    "open_map": ("打开地图", "Open the map"),
    "api_docs": ("接口文档", "API documentation"),
}


def say(lang: str, key: str, **values: object) -> str:
    """Return the words for ``key`` with ``values`` filled in.

    >>> say("en", "total", n=12)
    '12 cases'
    """
    text = _WORDS[key][0 if lang == "zh" else 1]
    return text.format(**values) if values else text
