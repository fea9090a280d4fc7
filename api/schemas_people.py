"""The shapes of answers about people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from api.schemas import Out


class TargetOut(Out):
    """What a post is held for."""

    kind: str = Field(description="grid, neighbourhood, building, unit, organisation", examples=["building"])
    code: str
    name: str = Field(examples=["3栋"])
    level: int | None = Field(description="Level of a grid")


class HolderOut(Out):
    """A person who answers, and the reason: the post, for what, since when."""

    target: TargetOut
    post: str = Field(examples=["building_head"])
    post_zh: str = Field(examples=["楼栋长"])
    post_en: str = Field(examples=["building head"])
    post_group: str = Field(examples=["three_heads"])
    rank: Literal["primary", "deputy"]
    since: date
    name: str | None = Field(description="Null for roles that may not see names")
    phone: str | None = Field(description="Masked unless the role needs it", examples=["100****0001"])
    away: bool = Field(description="On leave that day")
    stand_in: str | None = Field(description="Who answers while they are away")
    stand_in_phone: str | None
    on_duty: bool = Field(description="On the rota now (at noon when as_of is another day), and not away")


class VacantPostOut(Out):
    """A post that is required for a target and that nobody holds."""

    target: TargetOut
    post: str = Field(examples=["building_head"])
    post_zh: str = Field(examples=["楼栋长"])
    post_en: str = Field(examples=["building head"])


class ResponsibilityOut(Out):
    """Everybody who answers for a place, closest first."""

    as_of: date
    place: TargetOut
    holders: list[HolderOut]
    vacant: list[VacantPostOut] = Field(description="Required posts that nobody holds, closest first")


class OnDutyOut(Out):
    """One person's duty at the moment asked for."""

    place_kind: Literal["organisation", "site", "grid"]
    place_code: str
    place_name: str | None
    shift_zh: str = Field(examples=["白班 8:30–17:30"])
    shift_en: str
    starts_at: datetime
    ends_at: datetime
    name: str | None = Field(description="Null for roles that may not see names")
    phone: str | None = Field(description="Masked unless the role needs it")
    away: bool = Field(description="On leave that day: the stand-in is there, or nobody")
    stand_in: str | None
    stand_in_phone: str | None


class HoldingsOut(Out):
    """What a building or a neighbourhood holds on a day."""

    as_of: date
    buildings: int
    households: int
    residents: int | None = Field(description="Null where none are known")
    cases: int = Field(description="Incidents of the year up to and including the day")
