"""What passes from one person to another, and what keeps it from passing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import Conflict, InvalidInput, NotFound
from geo.roster import hand_over
from geo.store import tables
from tests.builders import acting_as
from tests.geo.roster.books import BUILDING, GRID, OTHER_GRID
from tests.geo.roster.test_import import counts
from tests.people_builders import add_assignment, add_duty, add_organisation, add_person, add_service

DAY = date(2026, 12, 1)
BEFORE, ON = datetime(2026, 11, 30, 9, tzinfo=UTC), datetime(2026, 12, 1, 9, tzinfo=UTC)
NOON, EVENING = datetime(2026, 12, 1, 12, tzinfo=UTC), datetime(2026, 12, 1, 17, tzinfo=UTC)


@pytest.fixture
def people(ground: Session) -> dict[str, int]:
    return {code: add_person(ground, code, name=f"某{code}") for code in ("R1", "R2", "R3")}


@pytest.fixture
def app(ground: Session, people: dict[str, int]) -> Session:
    """R1 is grid head of a grid and head of a building, on duty, with an open appeal."""
    add_assignment(ground, people["R1"], "grid_head", GRID)
    add_assignment(ground, people["R1"], "building_head", BUILDING, until=date(2027, 3, 1))
    add_assignment(ground, people["R1"], "grid_worker", OTHER_GRID, until=date(2026, 6, 1))
    add_organisation(ground, "CENTRE", kind="centre")
    add_duty(ground, people["R1"], BEFORE, BEFORE.replace(hour=12), organisation_code="CENTRE")
    add_duty(ground, people["R1"], ON, NOON, organisation_code="CENTRE")
    add_service(ground, people["R1"], "appeal")
    add_service(ground, people["R1"], "policy_talk")
    return ground


@pytest.fixture
def as_app(app: Session) -> Iterator[Session]:
    with acting_as(app, "wangge_app"):
        yield app


def held(session: Session) -> set[tuple[str, str, date, date | None]]:
    table, person = tables.Assignment, tables.Person
    rows = session.execute(
        select(person.code, table.post, table.valid).join(person, person.id == table.person_id)
    )
    return {(code, post, valid.lower, valid.upper) for code, post, valid in rows}


def test_a_plan_lists_and_writes_nothing(as_app: Session) -> None:
    before = counts(as_app)
    plan = hand_over(as_app, "R1", "R2", on=DAY)
    assert [each.post for each in plan.assignments] == ["building_head", "grid_head"]
    assert [duty["day"] for duty in plan.duties] == [DAY]
    assert [service["kind"] for service in plan.services] == ["appeal"]
    assert plan.refusals == ()
    assert plan.change_id is None
    assert counts(as_app) == before


def test_what_is_handed_over_ends_and_begins(as_app: Session, people: dict[str, int]) -> None:
    plan = hand_over(as_app, "R1", "R2", on=DAY, commit=True, by="张三")
    old = date(2020, 1, 1)
    assert held(as_app) == {
        ("R1", "grid_head", old, DAY),
        ("R2", "grid_head", DAY, None),
        ("R1", "building_head", old, DAY),
        ("R2", "building_head", DAY, date(2027, 3, 1)),
        ("R1", "grid_worker", old, date(2026, 6, 1)),
    }
    duty = tables.Duty
    assert dict(as_app.execute(select(duty.day, duty.person_id)).all()) == {
        BEFORE.date(): people["R1"],
        DAY: people["R2"],
    }
    assert set(as_app.scalars(select(tables.ServiceRecord.person_id))) == {people["R1"]}
    change = as_app.get(tables.RosterChange, plan.change_id)
    assert change is not None
    assert (change.kind, change.state, change.made_as, change.effective_on) == (
        "hand_over",
        "applied",
        "张三",
        DAY,
    )
    item = tables.RosterChangeItem
    actions = as_app.execute(select(item.action, item.person_id).order_by(item.number)).all()
    assert [tuple(row) for row in actions] == [("end", people["R1"])] * 2 + [("begin", people["R2"])] * 2
    assignment = tables.Assignment
    begun = select(assignment.id).where(assignment.change_id == plan.change_id)
    ended = select(assignment.id).where(assignment.end_change_id == plan.change_id)
    assert (len(as_app.scalars(begun).all()), len(as_app.scalars(ended).all())) == (2, 2)


def refused(session: Session, reason: str, giver: str = "R1", taker: str = "R2", on: date = DAY) -> None:
    """The plan says the reason, the writing is refused with it and leaves every table as it was."""
    before, present = counts(session), held(session)
    assert any(reason in each for each in hand_over(session, giver, taker, on=on).refusals)
    with pytest.raises(Conflict, match=reason):
        hand_over(session, giver, taker, on=on, commit=True)
    assert counts(session) == before
    assert held(session) == present


def test_nobody_takes_what_they_hold_already(app: Session, people: dict[str, int]) -> None:
    add_assignment(app, people["R2"], "grid_head", GRID, rank="deputy")
    refused(app, "R2 is grid_head for 360371001001001 from 2020-01-01 already")


def test_nobody_takes_a_duty_while_they_are_on_another(app: Session, people: dict[str, int]) -> None:
    add_duty(app, people["R2"], NOON.replace(hour=11), EVENING, grid_code=GRID)
    refused(app, "R2 is on duty on 2026-12-01")


def test_duties_that_only_touch_are_taken(app: Session, people: dict[str, int]) -> None:
    add_duty(app, people["R2"], NOON, EVENING, grid_code=GRID)
    assert hand_over(app, "R1", "R2", on=DAY, commit=True).change_id


def test_what_has_not_begun_cannot_end_before(app: Session, people: dict[str, int]) -> None:
    add_assignment(app, people["R1"], "party_committee_member", "360371001001", since=DAY)
    refused(app, "only on 2026-12-01, so that it cannot end")


def test_the_taker_is_in_the_roster(app: Session) -> None:
    refused(app, "R2 is not in the roster on 2019-12-31", on=date(2019, 12, 31))


def test_unknown_people_and_oneself_are_refused(as_app: Session) -> None:
    with pytest.raises(NotFound, match="no person 'R9'"):
        hand_over(as_app, "R1", "R9", on=DAY)
    with pytest.raises(InvalidInput, match="themselves"):
        hand_over(as_app, "R1", "R1", on=DAY)
