"""The shapes of statistics on the wire."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import Out
from geo.statistics import Table


class MeasureOut(Out):
    """A column and what it counts."""

    key: str
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    is_personal: bool = Field(description="Not shown of groups of fewer than five persons to every role")
    is_share: bool = Field(description="A share between 0 and 1")


class RowOut(Out):
    """A row; `code` is null for what belongs to none of the others, and in the total."""

    code: str | None
    zh: str
    en: str
    group: str | None = Field(description="What it belongs to: kind of a unit, group of a post …")
    starts: date | None = Field(description="First day of the period, in tables by period")
    is_suppressed: bool = Field(description="Personal attributes are left out")
    figures: dict[str, int | float | None]


class NoteOut(Out):
    """A sentence to be printed beneath the table."""

    zh: str
    en: str


_EXAMPLE: dict[str, Any] = {
    "subject": "roster",
    "by": "group",
    "filters": {"as_of": "2026-03-01", "who": "personnel"},
    "measures": [
        {
            "key": "persons",
            "zh": "人数",
            "en": "persons",
            "definition_zh": "当日在任的不同人员数",
            "definition_en": "different persons who hold a post on the day",
            "is_personal": False,
            "is_share": False,
        }
    ],
    "rows": [
        {
            "code": "four_officers",
            "zh": "四员",
            "en": "four officers",
            "group": None,
            "starts": None,
            "is_suppressed": False,
            "figures": {"persons": 402},
        }
    ],
    "total": {
        "code": None,
        "zh": "合计",
        "en": "total",
        "group": None,
        "starts": None,
        "is_suppressed": False,
        "figures": {"persons": 1357},
    },
    "notes": [],
}


class TableOut(BaseModel):
    """Figures with their definitions; no name of a person is ever among them."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [_EXAMPLE]})

    subject: str
    by: str
    filters: dict[str, str] = Field(description="What was asked for, and the day or year it became")
    measures: list[MeasureOut]
    rows: list[RowOut]
    total: RowOut
    notes: list[NoteOut]

    @classmethod
    def of(cls, table: Table) -> TableOut:
        """The answer for a table."""
        return cls.model_validate(table)


#: What the files are said to be.
FILES: dict[str, dict[str, Any]] = {
    "xlsx": {
        "content": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {}},
        "description": "Workbook: the figures, and a sheet of definitions, filters, who exported and when",
    },
    "csv": {"content": {"text/csv": {}}, "description": "UTF-8 with a byte order mark, as Excel reads it"},
}
