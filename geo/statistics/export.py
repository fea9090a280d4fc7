"""Tables as files that spreadsheets open safely: workbooks with their definitions, and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from geo.spreadsheets import write_workbook
from geo.statistics.suppression import FEWEST
from geo.statistics.table import Figure, Row, Table

Lang = Literal["zh", "en"]

#: What begins with one of these is a formula to some spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
SUPPRESSED = "＊"

_TITLES = {
    "roster": ("人员统计", "roster"),
    "moves": ("岗位变动", "moves"),
    "services": ("服务记录统计", "services"),
    "places": ("阵地队伍统计", "places"),
    "units": ("村社统计", "units"),
}
_WORDS = {
    "code": ("编码", "code"),
    "name": ("名称", "name"),
    "period": ("期间", "period from"),
    "about": ("说明", "about"),
    "item": ("项目", "item"),
    "text": ("内容", "text"),
    "zone": ("辖区", "zone"),
    "by": ("按", "by"),
    "who": ("导出人", "exported by"),
    "when": ("导出时间", "exported at"),
    "filter": ("筛选条件：", "filter: "),
    "note": ("注", "note"),
    "suppressed": (
        f"{SUPPRESSED} 表示不足{FEWEST}人的分组或为保护其而隐去的数据",
        f"{SUPPRESSED}: left out to protect a group of fewer than {FEWEST} persons",
    ),
}
#: Words of the address that rows and filters are named by.
_TERMS = {
    "unit": "村、社区",
    "grid": "三级网格",
    "area": "一级网格",
    "post": "岗位",
    "group": "岗位分组",
    "kind": "类别",
    "project": "项目",
    "period": "时间段",
    "function": "功能",
    "unit_kind": "村或社区",
    "band": "收入分档",
    "as_of": "日期",
    "on": "变动日期",
    "who": "人员范围",
    "since": "从",
    "until": "至（不含）",
    "of": "对象",
    "fact": "指标",
    "year": "年份",
    "bands": "分档",
    "personnel": "“234”人员",
    "all": "全部",
    "month": "月",
    "quarter": "季度",
    "sites": "阵地",
    "teams": "队伍",
    "party_orgs": "党组织",
    "village": "村",
    "community": "社区",
}


@dataclass(frozen=True, slots=True)
class Exported:
    """Who takes a table away, when, and from which zone.

    Attributes
    ----------
    at
        With the zone's time zone.
    """

    zone: str
    who: str
    at: datetime


def title(table: Table, lang: Lang) -> str:
    """What the table is called."""
    return _TITLES[table.subject][_place(lang)]


def write_xlsx(table: Table, exported: Exported, lang: Lang = "zh") -> bytes:
    """Write a workbook: the figures, and a sheet that says what they are.

    No text in it is a formula, whatever names of grids or persons begin with.
    """
    return write_workbook(
        {
            title(table, lang): (_headings(table, lang), _lines(table, lang)),
            _say("about", lang): ((_say("item", lang), _say("text", lang)), _about(table, exported, lang)),
        }
    )


def write_csv(table: Table, lang: Lang = "zh") -> bytes:
    """Write the figures as CSV in UTF-8 with a byte order mark, so that Excel reads Chinese.

    Text that begins like a formula gets an apostrophe in front.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(map(_harmless, _headings(table, lang)))
    writer.writerows([*map(_harmless, line)] for line in _lines(table, lang))
    return buffer.getvalue().encode("utf-8-sig")


def _headings(table: Table, lang: Lang) -> list[str]:
    names = [getattr(measure, lang) for measure in table.measures]
    period = [_say("period", lang)] if _has_periods(table) else []
    return [*period, _say("code", lang), _say("name", lang), *names]


def _lines(table: Table, lang: Lang) -> Iterator[Sequence[Any]]:
    for row in [*table.rows, table.total]:
        period = [row.starts] if _has_periods(table) else []
        figures = [_shown(row, row.figures[m.key], is_personal=m.is_personal) for m in table.measures]
        yield [*period, row.code, getattr(row, lang), *figures]


def _has_periods(table: Table) -> bool:
    """Whether rows are split by period, beside what they are of."""
    return table.by != "period" and any(row.starts for row in table.rows)


def _shown(row: Row, figure: Figure, *, is_personal: bool) -> Figure | str:
    return SUPPRESSED if row.is_suppressed and is_personal else figure


def _about(table: Table, exported: Exported, lang: Lang) -> Iterator[Sequence[Any]]:
    yield _say("zone", lang), exported.zone
    yield _say("by", lang), _term(table.by, lang)
    for name, value in table.filters.items():
        yield _say("filter", lang) + _term(name, lang), _term(value, lang)
    for measure in table.measures:
        yield getattr(measure, lang), getattr(measure, f"definition_{lang}")
    for note in table.notes:
        yield _say("note", lang), getattr(note, lang)
    if any(row.is_suppressed for row in [*table.rows, table.total]):
        yield _say("note", lang), _say("suppressed", lang)
    yield _say("who", lang), exported.who
    yield _say("when", lang), f"{exported.at:%Y-%m-%d %H:%M:%S %z}"


def _harmless(value: Any) -> Any:
    """Text as it is, with an apostrophe in front of what a spreadsheet takes for a formula.

    >>> _harmless("=1+1"), _harmless("北村"), _harmless(-3), _harmless(None)
    ("'=1+1", '北村', -3, None)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _say(key: str, lang: Lang) -> str:
    return _WORDS[key][_place(lang)]


def _term(word: Any, lang: Lang) -> Any:
    """A word of the address in Chinese; codes and days as they are."""
    return _TERMS.get(word, word) if lang == "zh" and isinstance(word, str) else word


def _place(lang: Lang) -> int:
    return 0 if lang == "zh" else 1
