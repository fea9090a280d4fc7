"""The code lists of a zone: those that come with the program, and what a ZONE.toml adds or renames."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from geo.errors import InvalidFile

#: Rows of code lists by the name of the list, in the order in which they refer to each other.
Lists = Mapping[str, list[dict[str, Any]]]

LISTS_FILE = Path(__file__).parent / "code_lists.toml"

Target = Literal["grid", "neighbourhood", "building", "unit", "site", "team", "party_org", "organisation"]


class ListRow(BaseModel):
    """A row of a list of codes with names in two languages."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(pattern=r"^[^\x00-\x20\x7f]{1,60}$")
    name_zh: str = Field(default="", max_length=200)
    name_en: str = Field(default="", max_length=200)
    sort: int | None = Field(default=None, ge=0, le=1_000_000)
    active: bool = True

    def columns(self, place: int) -> dict[str, Any]:
        """The row as the table has it; names default to the code, the order to that of the file."""
        return self.model_dump() | {
            "name_zh": self.name_zh or self.code,
            "name_en": self.name_en or self.code,
            "sort": place if self.sort is None else self.sort,
        }


class CategoryRow(ListRow):
    """A category of incidents; a service kind has no parent."""

    parent_code: str | None = Field(default=None, alias="parent")


class PostRow(ListRow):
    """A post: what it is held for, where it is required, when its holder is overloaded."""

    post_group: str = Field(alias="group")
    unit_kind: str | None = None
    target: Target
    grid_level: int | None = Field(default=None, ge=1, le=3)
    is_single: bool = Field(default=False, alias="single")
    is_personnel: bool = Field(default=False, alias="personnel")
    is_required: bool = Field(default=False, alias="required")
    required_kinds: list[str] | None = None
    most_targets: int | None = Field(default=None, ge=1)
    most_households: int | None = Field(default=None, ge=1)
    role: str | None = None


class ShiftRow(ListRow):
    """A shift by the time it starts and the hours it lasts."""

    starts_minute: int = Field(ge=0, le=1439)
    minutes: int = Field(ge=1, le=1440)


class ServiceKindRow(ListRow):
    """A kind of service; appeals are resolved at some time, talks are not."""

    is_resolvable: bool = Field(default=False, alias="resolvable")


class FactRow(ListRow):
    """A fact of a unit, with the unit of its figures."""

    unit_zh: str = ""
    unit_en: str = ""


#: Every editable list with the shape of its rows; a list comes after those its rows refer to.
ROWS: Mapping[str, type[ListRow]] = {
    "grid_kinds": ListRow,
    "neighbourhood_kinds": ListRow,
    "building_kinds": ListRow,
    "road_kinds": ListRow,
    "water_kinds": ListRow,
    "land_use_kinds": ListRow,
    "incident_categories": CategoryRow,
    "incident_sources": ListRow,
    "educations": ListRow,
    "post_groups": ListRow,
    "posts": PostRow,
    "organisation_kinds": ListRow,
    "party_org_kinds": ListRow,
    "site_kinds": ListRow,
    "site_functions": ListRow,
    "team_kinds": ListRow,
    "camera_kinds": ListRow,
    "camera_networks": ListRow,
    "camera_states": ListRow,
    "duty_shifts": ShiftRow,
    "leave_kinds": ListRow,
    "service_kinds": ServiceKindRow,
    "service_projects": ListRow,
    "unit_facts": FactRow,
}


def merge_lists(extra: Mapping[str, list[dict[str, Any]]]) -> Lists:
    """Give the lists that come with the program, with a zone's own rows added or put in their place.

    Raises
    ------
    InvalidFile
        There is no such list, or a row breaks a rule.
    """
    unknown = sorted(set(extra) - set(ROWS))
    if unknown:
        raise InvalidFile(f"[lists] names {unknown}, which are none of {sorted(ROWS)}")
    base = _own_lists()
    merged = {}
    for name, shape in ROWS.items():
        added = _validated(name, shape, extra.get(name, []))
        rows = {row.code: row for row in (*base[name], *added)}
        merged[name] = [row.columns(place) for place, row in enumerate(rows.values())]
    merged["incident_categories"] = _kinds_first(merged["incident_categories"])
    _check_posts(merged)
    return merged


@lru_cache(maxsize=1)
def _own_lists() -> dict[str, list[ListRow]]:
    content = tomllib.loads(LISTS_FILE.read_text(encoding="utf-8"))
    return {name: _validated(name, shape, content.get(name, [])) for name, shape in ROWS.items()}


def _validated(name: str, shape: type[ListRow], rows: list[dict[str, Any]]) -> list[ListRow]:
    try:
        return TypeAdapter(list[shape]).validate_python(rows)  # type: ignore[valid-type]
    except ValidationError as error:
        faults = "; ".join(f"lists.{name}.{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise InvalidFile(faults) from error


def _kinds_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Order categories after their service kinds; refuse a parent that is none: there are two levels."""
    by_code = {row["code"]: row for row in rows}
    for row in rows:
        parent = by_code.get(row["parent_code"] or "")
        if row["parent_code"] is not None and (parent is None or parent["parent_code"] is not None):
            raise InvalidFile(
                f"[lists] incident_categories: the parent {row['parent_code']!r} of {row['code']!r} is no "
                "service kind (a row of incident_categories without a parent); name one, or leave it out"
            )
    return sorted(rows, key=lambda row: row["parent_code"] is not None)


def _check_posts(lists: Lists) -> None:
    """Refuse posts of a group, or of a kind of unit, that is on no list."""
    for row in lists["posts"]:
        for column, name in (("post_group", "post_groups"), ("unit_kind", "grid_kinds")):
            value = row[column]
            if value is not None and value not in {each["code"] for each in lists[name]}:
                raise InvalidFile(
                    f"[lists] posts: {column} {value!r} of {row['code']!r} is not on the list {name}; "
                    "add it there"
                )
