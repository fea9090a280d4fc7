"""The words of the appraisal pages, in Chinese and English."""

from __future__ import annotations

_WORDS: dict[str, tuple[str, str]] = {
    "appraisals": ("逐级考核", "Appraisal"),
    "about": (
        "一述、二考、三挂钩：本人述职，三级、二级、一级依次评议，考核结束后数据固定。数据来自服务记录，不作排名。",
        "The person states what was done, the third, second and first level give their opinions in this "
        "order, closing fixes the figures. Figures come from the service record; persons are not ranked.",
    ),
    "unit": ("村、社区", "Unit"),
    "period": ("考核期", "Period"),
    "period_hint": ("如 2026、2026-Q1、2026-03", "such as 2026, 2026-Q1, 2026-03"),
    "all": ("全部", "all"),
    "apply": ("应用", "Apply"),
    "open": ("建立考核表", "Open sheets"),
    "open_about": (
        "为该村（社区）在考核期末（或今日）在任的全部“234”人员建立考核表；已有的不重复建立。",
        "For all who hold a personnel post of the unit at the period's end, or today; nobody gets two.",
    ),
    "person": ("人员", "Person"),
    "number": ("编号", "Number"),
    "posts": ("岗位", "Posts"),
    "statement": ("述职", "Statement"),
    "opinions": ("评议", "Opinions"),
    "state": ("状态", "State"),
    "state.open": ("进行中", "open"),
    "state.closed": ("已结束", "closed"),
    "given": ("已述职", "given"),
    "not_given": ("未述职", "not given"),
    "none": ("没有您可查看的考核表。", "There are no sheets you may see."),
    "more": (
        "共 {count} 份，显示前 {shown} 份；请选择村（社区）。",
        "{count} sheets, the first {shown} shown; choose a unit.",
    ),
    "figures": ("服务记录数据", "From the service record"),
    "live": ("实时统计", "counted now"),
    "fixed": ("结束时固定", "fixed when closed"),
    "evidence": ("查看记录", "See the entries"),
    "kind": ("类别", "Kind"),
    "count": ("条数", "Entries"),
    "sum": ("合计", "Total"),
    "level.3": ("三级（网格）", "Third level"),
    "level.2": ("二级（村、社区）", "Second level"),
    "level.1": ("一级（片区）", "First level"),
    "grade": ("等次", "Grade"),
    "grade.excellent": ("优秀", "excellent"),
    "grade.good": ("称职", "good"),
    "grade.fair": ("基本称职", "fair"),
    "grade.poor": ("不称职", "poor"),
    "comment": ("意见", "Why"),
    "by": ("评议人", "By"),
    "at": ("时间", "When"),
    "due": ("待评议", "due"),
    "later": ("尚未轮到", "not yet its turn"),
    "save": ("保存", "Save"),
    "give": ("提交评议", "Give the opinion"),
    "close": ("结束考核", "Close the sheet"),
    "close_about": (
        "结束后数据、述职和评议不再更改。",
        "Afterwards figures, statement and opinions stand as they are.",
    ),
    "back": ("返回考核表", "Back to the sheet"),
    "back_list": ("返回列表", "Back to the list"),
    "evidence_title": ("计入考核的服务记录", "Entries counted"),
    "late": (
        "考核结束后又补录了 {count} 条，不计入考核。",
        "{count} entries were written after the sheet was closed and are not counted.",
    ),
    "grid": ("网格", "Grid"),
    "post": ("任职岗位", "Served as"),
    "project": ("项目", "Project"),
    "resolved": ("办结", "Resolved"),
    "note": ("内容", "What was done"),
    "next": ("下一页", "Next page"),
    "no_entries": ("没有记录。", "No entries."),
    "fault.401": ("登录已失效，请重新登录。", "You are signed out; sign in again."),
    "fault.403": (
        "您不能执行此项：不能评议或结束本人的考核表，一人只能评议一级，且只限本人负责的网格。",
        "This is not yours to do: nobody judges or closes their own sheet or speaks for two levels, and "
        "heads speak for their own grids only.",
    ),
    "fault.404": ("没有这份考核表或村（社区）。", "There is no such sheet or unit."),
    "fault.409": (
        "现在不能执行：请按三级、二级、一级的顺序评议；全部评议且考核期结束后才能结束；已评议的述职不能更改。",
        "Not now: opinions go from the third level up; a sheet closes when all have spoken and the period is "
        "over; a judged statement stands.",
    ),
    "fault.422": ("填写有误，请检查考核期和内容。", "Something is not filled in as it must be."),
    "fault.else": ("操作没有成功，请稍后重试。", "It did not work; try again later."),
}


def say(lang: str, key: str, **values: object) -> str:
    """Return the words for ``key`` with ``values`` filled in.

    >>> say("en", "late", count=2)
    '2 entries were written after the sheet was closed and are not counted.'
    """
    text = _WORDS[key][0 if lang == "zh" else 1]
    return text.format(**values) if values else text


def faults(lang: str) -> dict[str, str]:
    """What a page says of a refusal, by HTTP status."""
    return {key.partition(".")[2]: say(lang, key) for key in _WORDS if key.startswith("fault.")}
