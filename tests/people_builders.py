"""Builders of people and places with defaults, beside those of ``tests.builders``.

add_partition(owner_session)
add_post_lists(owner_session)                 # the lists that come with the program
ann = add_person(owner_session)
add_assignment(owner_session, ann, "grid_worker", "360371001001001")
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.store import tables
from geo.store.zones import save_code_list
from geo.zone_lists import merge_lists
from tests.builders import FOREVER, middle

#: Lists a test of people and places needs; grid and neighbourhood kinds come first, posts name them.
_LISTS = (
    "grid_kinds neighbourhood_kinds building_kinds educations post_groups posts organisation_kinds "
    "party_org_kinds site_kinds site_functions team_kinds camera_kinds camera_networks camera_states "
    "duty_shifts leave_kinds service_kinds service_projects unit_facts"
).split()


def add_post_lists(session: Session) -> None:
    """Write the lists of posts, kinds and functions that come with the program."""
    lists = merge_lists({})
    for name in _LISTS:
        save_code_list(session, name, lists[name])


def add_person(session: Session, code: str = "R0001", **columns: Any) -> int:
    """Write a person and give the id."""
    values = {
        "code": code,
        "name": "测试甲",
        "gender": "female",
        "born_on": date(1980, 1, 1),
        "education": "bachelor",
        "phone": "10000000001",
        "valid": Range(FOREVER, None),
    }
    table = tables.Person
    return int(session.scalar(insert(table).values(values | columns).returning(table.id)) or 0)


def add_assignment(
    session: Session,
    person_id: int,
    post: str,
    target: str,
    *,
    rank: str = "primary",
    since: date = FOREVER,
    until: date | None = None,
) -> int:
    """Let a person hold a post for what ``target`` names by code; the kind of target is the post's."""
    kind, single = session.execute(
        select(tables.Post.target, tables.Post.is_single).where(tables.Post.code == post)
    ).one()
    table = tables.Assignment
    values = {
        "person_id": person_id,
        "post": post,
        "is_single": single,
        "rank": rank,
        tables.TARGETS[kind]: target,
        "valid": Range(since, until),
    }
    return int(session.scalar(insert(table).values(values).returning(table.id)) or 0)


def add_site(session: Session, code: str = "SITE1", **columns: Any) -> str:
    """Write a service site in the middle of the first cell; ``at`` is (lon, lat)."""
    values = {"code": code, "kind": "culture_centre", "name": "测试文化中心", "valid": Range(FOREVER, None)}
    session.execute(insert(tables.ServiceSite).values(values | _placed(session, columns)))
    return code


def add_opening(
    session: Session,
    site_code: str = "SITE1",
    function: str = "culture",
    *,
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5),
    opens: int = 540,
    closes: int = 1020,
) -> None:
    """Let a site offer a function on weekdays between two minutes of the day."""
    rows = [
        {
            "site_code": site_code,
            "function": function,
            "weekday": weekday,
            "opens_minute": opens,
            "closes_minute": closes,
            "valid": Range(FOREVER, None),
        }
        for weekday in weekdays
    ]
    session.execute(insert(tables.SiteOpening), rows)


def add_team(session: Session, code: str = "TEAM1", **columns: Any) -> str:
    """Write a team that musters in the middle of the first cell; ``at`` is (lon, lat)."""
    values = {"code": code, "kind": "volunteers", "name": "测试志愿队", "valid": Range(FOREVER, None)}
    session.execute(insert(tables.Team).values(values | _placed(session, columns)))
    return code


def add_camera(session: Session, code: str = "36037100001320000001", **columns: Any) -> str:
    """Write a panoramic camera without a surveyed view in the middle of the first cell."""
    values = {
        "code": code,
        "kind": "panoramic",
        "network": "bright",
        "state": "online",
        "name": "测试视频点",
        "angle_deg": 360.0,
        "range_m": 50.0,
        "valid": Range(FOREVER, None),
    }
    session.execute(insert(tables.Camera).values(values | _placed(session, columns)))
    return code


def add_party_org(session: Session, code: str = "PARTY1", **columns: Any) -> str:
    """Write a party organisation without a place."""
    values = {"code": code, "kind": "branch", "name": "测试党支部", "valid": Range(FOREVER, None)}
    session.execute(insert(tables.PartyOrganisation).values(values | columns))
    return code


def add_organisation(session: Session, code: str = "ORG1", **columns: Any) -> str:
    """Write an organisation."""
    values = {"code": code, "kind": "department", "name": "测试部门", "valid": Range(FOREVER, None)}
    session.execute(insert(tables.Organisation).values(values | columns))
    return code


def add_duty(session: Session, person_id: int, start: datetime, end: datetime, **columns: Any) -> int:
    """Put a person on duty in the centre, or where ``grid_code`` or ``site_code`` says."""
    if not {"grid_code", "site_code", "organisation_code"} & set(columns):
        columns["organisation_code"] = add_organisation(session, "CENTRE", kind="centre")
    values = {
        "person_id": person_id,
        "day": start.date(),
        "shift": "day",
        "during": Range(start, end),
    }
    table = tables.Duty
    return int(session.scalar(insert(table).values(values | columns).returning(table.id)) or 0)


def add_leave(session: Session, person_id: int, since: date, until: date, **columns: Any) -> int:
    """Let a person be away on the days [since, until)."""
    values = {"person_id": person_id, "kind": "annual", "valid": Range(since, until)}
    table = tables.Leave
    return int(session.scalar(insert(table).values(values | columns).returning(table.id)) or 0)


def add_service(session: Session, person_id: int, kind: str = "policy_talk", **columns: Any) -> int:
    """Write an entry of the service record."""
    values = {"kind": kind, "person_id": person_id, "at": datetime(2026, 3, 10, 4, tzinfo=UTC)}
    table = tables.ServiceRecord
    return int(session.scalar(insert(table).values(values | columns).returning(table.id)) or 0)


def _placed(session: Session, columns: dict[str, Any]) -> dict[str, Any]:
    zone = session.get(tables.Zone, 1)
    assert zone is not None, "call add_partition first"
    at = columns.pop("at", middle())
    return {"geom": from_shape(shapely.Point(at), zone.storage_srid), **columns}
