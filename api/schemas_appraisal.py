"""The shapes of appraisal on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas import Out
from geo.appraisal import Evidence, Sheet, SheetRow
from geo.masking import Sight
from geo.statistics.periods import write_period

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class OpenIn(BaseModel):
    """For whom to open sheets."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"unit": "360371001001", "period": "2026"}]}
    )

    unit: str = Field(description="Code of a second-level grid", max_length=40)
    period: str = Field(description="2026, 2026-Q1 or 2026-03", max_length=10)


class OpenedOut(Out):
    """How many sheets there are now."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [{"opened": 46, "had_one": 0}]}
    )

    opened: int
    had_one: int = Field(description="Holders of posts who have a sheet in these days already")


class StatementIn(BaseModel):
    """述职: what the person says."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"statement": "全年入户宣讲二十余次，调解邻里纠纷三起。"}]},
    )

    statement: Words


class OpinionIn(BaseModel):
    """What a level says."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"level": 3, "grade": "good", "comment": "工作踏实，群众认可。"}]},
    )

    level: int = Field(ge=1, le=3, description="3 speaks first, 1 last")
    grade: Literal["excellent", "good", "fair", "poor"]
    comment: Words = ""


class SheetOut(BaseModel):
    """A sheet in a list, without its figures: sheets are not compared."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 7,
                    "person_code": "R0012",
                    "person_name": "张**",
                    "unit": "360371001001",
                    "unit_name": "玉湖社区",
                    "period": "2026",
                    "since": "2026-01-01",
                    "until": "2027-01-01",
                    "state": "open",
                    "has_statement": True,
                    "levels": [3],
                }
            ]
        }
    )

    id: int
    person_code: str
    person_name: str | None
    unit: str
    unit_name: str
    period: str
    since: date
    until: date = Field(description="First day after the period")
    state: str = Field(description="open, closed")
    has_statement: bool
    levels: list[int] = Field(description="Levels that have given their opinion")

    @classmethod
    def of(cls, row: SheetRow, sight: Sight) -> SheetOut:
        """The answer for a sheet, with as much of the name as the asker may see."""
        return cls.model_validate(_row_values(row, sight))


class SheetPage(BaseModel):
    """Sheets by unit and number of the person."""

    appraisals: list[SheetOut]
    numberReturned: int  # noqa: N815 - as OGC API Features calls it
    numberMatched: int  # noqa: N815


class KindCountOut(Out):
    """How many services of a kind the sheet counts."""

    kind: str
    zh: str
    en: str
    count: int


class OpinionOut(BaseModel):
    """What a level says."""

    level: int
    grade: str
    comment: str
    by: str | None
    at: datetime


class AppraisalOut(SheetOut):
    """A sheet with all that stands on it."""

    posts: list[tuple[str, str]] = Field(description="Names of the posts held, Chinese and English")
    statement: str
    figures: list[KindCountOut] = Field(description="Live while open, fixed when closed")
    opinions: list[OpinionOut]
    next_level: int | None = Field(description="Level whose opinion is due")
    closed_at: datetime | None
    evidence: str = Field(description="Address of the entries counted; add `?kind=` for one kind")

    @classmethod
    def of_sheet(cls, sheet: Sheet, sight: Sight) -> AppraisalOut:
        """The answer for a whole sheet."""
        opinions = [
            {"level": each.level, "grade": each.grade, "comment": each.comment, "by": sight.name(each.by)}
            | {"at": each.at}
            for each in sheet.opinions
        ]
        return cls.model_validate(
            _row_values(sheet.row, sight)
            | {
                "posts": sheet.posts,
                "statement": sheet.row.statement,
                "figures": [KindCountOut.model_validate(figure) for figure in sheet.figures],
                "opinions": opinions,
                "next_level": sheet.next_level,
                "closed_at": sheet.row.closed_at,
                "evidence": f"/appraisals/{sheet.row.id}/evidence",
            }
        )


class RecordOut(Out):
    """An entry of the service record, without whom it served."""

    id: int
    kind: str
    at: datetime
    post: str | None
    project: str | None
    grid: str | None
    grid_name: str | None
    building: str | None
    site: str | None
    resolved_at: datetime | None
    note: str | None = Field(description="Null for roles that do not read what was written")


class EvidencePage(BaseModel):
    """The entries a sheet counts, newest first."""

    appraisal: int
    kind: str | None
    counted: int = Field(description="What the sheet says; fixed when it was closed")
    numberMatched: int = Field(  # noqa: N815
        description="Entries there are now; more than counted when some were written after closing"
    )
    numberReturned: int  # noqa: N815
    records: list[RecordOut]
    next: str | None = Field(description="Address of the next page")

    @classmethod
    def of(
        cls, evidence: Evidence, *, kind: str | None, following: str | None, with_notes: bool
    ) -> EvidencePage:
        """The answer for a page of evidence."""
        records = [RecordOut.model_validate(record) for record in evidence.records]
        if not with_notes:
            records = [record.model_copy(update={"note": None}) for record in records]
        return cls(
            appraisal=evidence.row.id,
            kind=kind,
            counted=evidence.counted,
            numberMatched=evidence.found,
            numberReturned=len(records),
            records=records,
            next=following,
        )


def _row_values(row: SheetRow, sight: Sight) -> dict[str, object]:
    same = ("id", "person_code", "unit", "unit_name", "since", "until", "state")
    return {name: getattr(row, name) for name in same} | {
        "person_name": sight.name(row.person_name),
        "period": write_period(row.since, row.until),
        "has_statement": bool(row.statement),
        "levels": list(row.levels),
    }
