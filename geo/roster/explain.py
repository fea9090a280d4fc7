"""What a person is told of a column: in the comment on its heading and on the sheet 说明."""

from __future__ import annotations

from geo.roster.columns import Column

#: What is to be written, by kind of column, in Chinese and English.
_KINDS = {
    "code": ("编码，按文本填写", "code, as text"),
    "name": ("不超过100字", "at most 100 characters"),
    "text": ("不超过2000字", "at most 2,000 characters"),
    "phone": ("数字、空格、+ - ( ) ,", "digits, blanks, + - ( ) ,"),
    "stream": (
        "rtsp://、rtsps://、http://、https:// 或 webrtc:// 开头",
        "rtsp://, rtsps://, http://, https:// or webrtc://",
    ),
    "list": ("从下拉列表中选", "choose from the list"),
    "word": ("从下拉列表中选", "choose from the list"),
    "date": ("日期，如 2026-03-01", "a day such as 2026-03-01"),
    "instant": ("日期和时间，如 2026-03-01 09:30", "day and time such as 2026-03-01 09:30"),
    "minute": ("时刻，如 8:30", "time of day such as 8:30"),
    "weekdays": ("星期", "weekdays"),
    "number": ("数字", "a number"),
    "whole": ("整数", "a whole number"),
}


def explanation(column: Column) -> tuple[str, str]:
    """What to write into a column, in Chinese and English.

    >>> from geo.roster.sheets import CAMERAS
    >>> explanation(CAMERAS.column("retention"))[1]
    'a whole number; 0 ≤ n ≤ 3650'
    """
    zh, en = _KINDS[column.kind]
    bounds = "" if column.range is None else str(column.range)
    return "；".join(filter(None, (zh, bounds, column.note[0]))), "; ".join(
        filter(None, (en, bounds, column.note[1]))
    )


#: Rules that hold for every sheet, in the words of the guide.
RULES = (
    (
        "带 * 的列必填；整张表可以不填，列的次序不限。",
        "Columns with * must be filled; sheets may be left empty.",
    ),
    (
        "编码是文本：超过15位的数字在 Excel 中会丢失末位。",
        "Codes are text: Excel loses digits after the 15th.",
    ),
    (
        "已有的编码按新内容更新，没有的新增；不删除任何内容。",
        "Known codes are brought up to date; nothing is deleted.",
    ),
    (
        "任职以人员、岗位、对象和开始日期为准，只有结束日期可以改。",
        "Of a known assignment only the last day may change.",
    ),
    (
        "名称以“说明”或“_”开头的表不读入；示例只在本表，不会导入。",
        "This sheet and its examples are not read.",
    ),
)
