"""What the tables of people and places refuse, and what each database role may do with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from geo.store import tables
from tests.builders import acting_as, add_building, add_neighbourhood, add_partition
from tests.people_builders import (
    add_assignment,
    add_camera,
    add_duty,
    add_leave,
    add_opening,
    add_organisation,
    add_party_org,
    add_person,
    add_post_lists,
    add_service,
    add_site,
    add_team,
)

GRID, OTHER = "360371001001001", "360371001001002"


@pytest.fixture
def zone(owner_session: Session) -> Session:
    add_partition(owner_session)
    add_post_lists(owner_session)
    return owner_session


def refused(session: Session, what: str, action: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=what), session.begin_nested():
        action()


def test_a_single_post_has_one_primary_holder_at_a_time(zone: Session) -> None:
    ann, ben = add_person(zone, "A"), add_person(zone, "B")
    add_assignment(zone, ann, "grid_head", GRID, until=date(2026, 3, 1))
    refused(zone, "ex_assignment_single", lambda: add_assignment(zone, ben, "grid_head", GRID))
    add_assignment(zone, ben, "grid_head", GRID, rank="deputy")
    add_assignment(zone, ben, "grid_head", OTHER)


def test_several_may_hold_a_post_that_is_not_single(zone: Session) -> None:
    for code in "ABC":
        add_assignment(zone, add_person(zone, code), "grid_worker", GRID)


def test_nobody_holds_the_same_post_twice_for_the_same(zone: Session) -> None:
    ann = add_person(zone)
    add_assignment(zone, ann, "grid_worker", GRID, until=date(2026, 3, 1))
    again = {"since": date(2026, 2, 28)}
    refused(zone, "ex_assignment_once", lambda: add_assignment(zone, ann, "grid_worker", GRID, **again))
    add_assignment(zone, ann, "grid_worker", GRID, since=date(2026, 3, 1))


def test_making_a_post_single_reaches_its_assignments(zone: Session) -> None:
    for code in "AB":
        add_assignment(zone, add_person(zone, code), "grid_worker", GRID)
    single = update(tables.Post).where(tables.Post.code == "grid_worker").values(is_single=True)
    refused(zone, "ex_assignment_single", lambda: zone.execute(single))


def test_an_assignment_has_exactly_one_target(zone: Session) -> None:
    values = {
        "person_id": add_person(zone),
        "post": "grid_worker",
        "is_single": False,
        "valid": Range(date(2026, 1, 1), None),
    }
    team = add_team(zone)
    for targets in ({}, {"grid_code": GRID, "team_code": team}):
        statement = insert(tables.Assignment).values(values | targets)
        refused(zone, "ck_assignment_one_target", lambda each=statement: zone.execute(each))


def test_nobody_is_on_duty_twice_at_once(zone: Session) -> None:
    ann = add_person(zone)
    nine, noon, five = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 12, 17))
    add_duty(zone, ann, nine, noon, grid_code=GRID)
    refused(zone, "ex_duty_once", lambda: add_duty(zone, ann, nine, five, grid_code=OTHER))
    add_duty(zone, ann, noon, five, grid_code=OTHER)


def test_leave_ends_and_nobody_stands_in_for_themselves(zone: Session) -> None:
    ann = add_person(zone)
    march, april = date(2026, 3, 1), date(2026, 4, 1)
    refused(zone, "deputy_is_another", lambda: add_leave(zone, ann, march, april, deputy_id=ann))
    refused(zone, "ck_leave_ends", lambda: add_leave(zone, ann, march, None))  # type: ignore[arg-type]
    add_leave(zone, ann, march, april)
    refused(zone, "ex_leave_once", lambda: add_leave(zone, ann, date(2026, 3, 31), date(2026, 4, 3)))


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("ck_camera_code", {"code": "12345"}),
        ("ck_camera_direction", {"direction_deg": 360.0, "angle_deg": 60.0}),
        ("ck_camera_angle", {"angle_deg": 0.0, "direction_deg": 1.0}),
        ("ck_camera_all_round_has_no_direction", {"angle_deg": 90.0}),
        ("ck_camera_stream", {"stream_url": "javascript:alert(1)"}),
        ("ck_camera_retention", {"retention_days": -1}),
        ("fk_camera_network", {"network": "nowhere"}),
    ],
)
def test_what_a_camera_may_not_be(zone: Session, constraint: str, change: dict) -> None:
    refused(zone, constraint, lambda: add_camera(zone, **change))


def test_what_else_is_refused(zone: Session) -> None:
    ann = add_person(zone)
    add_site(zone)
    late = {"at": datetime(2026, 3, 2, tzinfo=UTC), "resolved_at": datetime(2026, 3, 1, tzinfo=UTC)}
    refused(zone, "resolved_after", lambda: add_service(zone, ann, "appeal", **late))
    refused(zone, "ck_site_opening_minutes", lambda: add_opening(zone, opens=600, closes=600))
    add_opening(zone)
    refused(zone, "ex_site_opening_valid", lambda: add_opening(zone, opens=1019, closes=1080))
    add_opening(zone, opens=1020, closes=1080)
    refused(zone, "ck_site_opening_weekday", lambda: add_opening(zone, weekdays=(8,)))
    refused(zone, "uq_person_code", lambda: add_person(zone))
    refused(zone, "ck_person_gender", lambda: add_person(zone, "X", gender="x"))
    refused(zone, "fk_team_kind", lambda: add_team(zone, kind="army"))
    refused(zone, "parent_is_another", lambda: add_party_org(zone, "P", parent_code="P"))


def test_who_drafts_a_renewal_does_not_decide_it(zone: Session) -> None:
    values = {"kind": "renewal", "title": "换届", "effective_on": date(2026, 3, 1), "made_as": "甲"}
    decided = values | {"state": "applied", "applied_at": datetime(2026, 3, 1, tzinfo=UTC)}
    table = tables.RosterChange
    zone.execute(insert(table).values(values))
    refused(zone, "four_eyes", lambda: zone.execute(insert(table).values(decided | {"decided_as": "甲"})))
    zone.execute(insert(table).values(decided | {"decided_as": "乙"}))


def test_the_planner_reads_no_names_and_no_words(zone: Session) -> None:
    ann = add_person(zone)
    add_assignment(zone, ann, "grid_worker", GRID)
    add_service(zone, ann, note="私事", served="某居民")
    for columns, table in (
        ("name", "person"),
        ("note", "service_record"),
        ("served", "service_record"),
        ("household_code", "service_record"),
        ("stream_url", "camera"),
        ("statement", "appraisal"),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), acting_as(zone, "wangge_planner"):
            zone.execute(text(f"SELECT {columns} FROM {table}"))
    with acting_as(zone, "wangge_planner"):
        assert zone.execute(text("SELECT person_id, target FROM assignment")).one() == (ann, f"grid {GRID}")
        assert zone.execute(text("SELECT kind, grid_code FROM service_record")).one() == ("policy_talk", None)


def test_nobody_deletes_people_or_their_record(zone: Session) -> None:
    names = "person assignment duty leave party_membership service_record appraisal roster_change camera team"
    for role in ("wangge_app", "wangge_loader", "wangge_planner"):
        for table in names.split():
            with pytest.raises(ProgrammingError, match="permission denied"), acting_as(zone, role):
                zone.execute(text(f"DELETE FROM {table}"))


def test_the_application_deletes_nothing_and_the_loader_only_ground_it_draws(owner_session: Session) -> None:
    query = """SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'
        AND table_type = 'BASE TABLE' AND has_table_privilege(:role, table_name::text, 'DELETE, TRUNCATE')"""
    for role, tables_ in (("app", set()), ("loader", {"road", "water", "land_use"}), ("planner", set())):
        found = set(owner_session.scalars(text(query), {"role": f"wangge_{role}"}))
        assert found == tables_, role


@pytest.mark.parametrize(
    ("post", "add"),
    [
        ("grid_head", lambda zone: GRID),
        ("quarter_council_head", add_neighbourhood),
        ("building_head", lambda zone: add_building(zone, grid_code=GRID)),
        ("unit_head", lambda zone: add_unit(zone, add_building(zone, grid_code=GRID))),
        ("site_keeper", add_site),
        ("team_leader", add_team),
        ("party_org_secretary", add_party_org),
        ("department_head", add_organisation),
    ],
)
def test_a_target_of_every_kind_is_assigned_once(
    zone: Session, post: str, add: Callable[[Session], str]
) -> None:
    target, ann, ben = add(zone), add_person(zone, "A"), add_person(zone, "B")
    assert add_assignment(zone, ann, post, target)
    refused(zone, "ex_assignment_once", lambda: add_assignment(zone, ann, post, target, rank="deputy"))
    if post == "site_keeper":  # no post for sites has one holder only
        zone.execute(update(tables.Post).where(tables.Post.code == post).values(is_single=True))
    refused(zone, "ex_assignment_single", lambda: add_assignment(zone, ben, post, target))


def add_unit(session: Session, building: str) -> str:
    values = {"code": f"{building}01", "building_code": building, "name": "1单元"}
    session.execute(insert(tables.Unit).values(values))
    return values["code"]
