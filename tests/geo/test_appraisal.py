"""Appraisal: counted from the record, judged level by level, by others, and fixed when closed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.accounts import add_account
from geo.appraisal import (
    close_appraisal,
    get_appraisal,
    get_evidence,
    list_appraisals,
    open_appraisals,
    record_opinion,
    record_statement,
)
from geo.errors import Conflict, InvalidInput, NotAllowed, NotFound
from geo.model import Actor
from geo.permissions import Role
from geo.statistics.periods import read_period
from tests.builders import Partition, acting_as, add_partition
from tests.people_builders import add_assignment, add_person, add_post_lists, add_service

SOUTH, NORTH = "360371001001", "360371001002"
PERIOD = "2026-Q1"


@pytest.fixture
def zone(owner_session: Session) -> Partition:
    partition = add_partition(owner_session)
    add_post_lists(owner_session)
    return partition


def sign_up(session: Session, name: str, role: Role, person: int | None = None) -> Actor:
    """An account, perhaps that of a person in the roster."""
    add_account(session, name, name, [role])
    number = session.scalar(text("SELECT id FROM account WHERE username = :name"), {"name": name})
    if person is not None:
        session.execute(
            text("UPDATE person SET account_id = :account WHERE id = :id"), {"account": number, "id": person}
        )
    return Actor(int(number or 0), name, name, frozenset({role.value}))


def head_of(session: Session, name: str, post: str, grid: str) -> Actor:
    person = add_person(session, f"H-{name}")
    add_assignment(session, person, post, grid)
    return sign_up(session, name, Role.GRID_HEAD, person)


@pytest.fixture
def centre(owner_session: Session, zone: Partition) -> Actor:
    return sign_up(owner_session, "centre", Role.CENTRE_HEAD)


@pytest.fixture
def ann(owner_session: Session, zone: Partition) -> int:
    """A policy publicist of the south with three services in the quarter and two around it."""
    person = add_person(owner_session, "R0001", name="张三丰")
    add_assignment(owner_session, person, "policy_publicist", SOUTH)
    times = [
        ("policy_talk", "2025-12-31T15:59:59Z"),  # the last second of the year in the zone
        ("policy_talk", "2025-12-31T16:00:00Z"),
        ("policy_talk", "2026-02-10T04:00:00Z"),
        ("mediation", "2026-03-31T15:59:59Z"),
        ("mediation", "2026-03-31T16:00:00Z"),
    ]
    for kind, at in times:
        add_service(owner_session, person, kind, at=datetime.fromisoformat(at), note=f"{kind} {at}")
    return person


@pytest.fixture
def sheet(owner_session: Session, centre: Actor, ann: int) -> int:
    assert open_appraisals(owner_session, centre, unit=SOUTH, period=PERIOD).opened == 1
    _, (row,) = list_appraisals(owner_session, centre)
    return row.id


@pytest.fixture
def heads(owner_session: Session, sheet: int, zone: Partition) -> dict[int, Actor]:
    """A grid head of each level who answers for the south."""
    return {
        3: head_of(owner_session, "third", "grid_head", zone.third[0]),
        2: head_of(owner_session, "second", "second_level_grid_head", SOUTH),
        1: head_of(owner_session, "first", "first_level_grid_head", zone.first[0]),
    }


def counts(figures: Any) -> dict[str, int]:
    return {figure.kind: figure.count for figure in figures if figure.count}


def judged(session: Session, sheet: int, heads: dict[int, Actor]) -> None:
    for level, head in heads.items():
        record_opinion(session, head, sheet, level=level, grade="good")


def test_all_holders_of_personnel_posts_of_the_unit_get_a_sheet(
    owner_session: Session, centre: Actor, ann: int, zone: Partition
) -> None:
    for number, (post, target) in enumerate(
        [("grid_head", zone.third[1]), ("policy_publicist", NORTH), ("grid_worker", zone.third[0])]
    ):
        add_assignment(owner_session, add_person(owner_session, f"R1{number}"), post, target)
    left = add_person(owner_session, "R20")
    add_assignment(owner_session, left, "policy_publicist", SOUTH, until=date(2026, 3, 31))
    opened = open_appraisals(owner_session, centre, unit=SOUTH, period=PERIOD)
    assert (opened.opened, opened.had_one) == (2, 0)
    _, rows = list_appraisals(owner_session, centre, unit=SOUTH)
    assert [row.person_code for row in rows] == ["R0001", "R10"]
    again = open_appraisals(owner_session, centre, unit=SOUTH, period=PERIOD)
    assert (again.opened, again.had_one) == (0, 2)


def test_nobody_gets_two_sheets_for_a_day(owner_session: Session, centre: Actor, sheet: int) -> None:
    assert open_appraisals(owner_session, centre, unit=SOUTH, period="2026-03").opened == 0
    assert open_appraisals(owner_session, centre, unit=SOUTH, period="2026-04").opened == 1


def test_figures_are_live_and_of_the_zones_days(
    owner_session: Session, centre: Actor, sheet: int, ann: int
) -> None:
    found = get_appraisal(owner_session, centre, sheet)
    assert counts(found.figures) == {"policy_talk": 2, "mediation": 1}
    assert found.posts == (("政策宣传员", "policy publicist"),)
    add_service(owner_session, ann, "errand", at=datetime(2026, 3, 1, tzinfo=UTC))
    assert counts(get_appraisal(owner_session, centre, sheet).figures)["errand"] == 1


def test_the_evidence_is_what_was_counted(owner_session: Session, centre: Actor, sheet: int) -> None:
    for figure in get_appraisal(owner_session, centre, sheet).figures:
        evidence = get_evidence(owner_session, centre, sheet, kind=figure.kind)
        assert len(evidence.records) == evidence.counted == evidence.found == figure.count
        assert {record.kind for record in evidence.records} <= {figure.kind}
    everything = get_evidence(owner_session, centre, sheet)
    assert [record.note for record in everything.records] == [
        "mediation 2026-03-31T15:59:59Z",
        "policy_talk 2026-02-10T04:00:00Z",
        "policy_talk 2025-12-31T16:00:00Z",
    ]


def test_evidence_comes_in_pages(owner_session: Session, centre: Actor, sheet: int) -> None:
    seen, after = [], None
    for _ in range(3):
        page = get_evidence(owner_session, centre, sheet, limit=1, after=after)
        seen += [record.id for record in page.records]
        after = page.next_after
    assert after is None
    assert seen == [record.id for record in get_evidence(owner_session, centre, sheet).records]


def test_levels_speak_in_order_and_closing_fixes_the_figures(
    owner_session: Session, centre: Actor, sheet: int, heads: dict[int, Actor], ann: int
) -> None:
    session = owner_session
    record_statement(session, centre, sheet, "宣讲两次")
    with pytest.raises(Conflict, match="level 3's turn"):
        record_opinion(session, heads[2], sheet, level=2, grade="good")
    with pytest.raises(Conflict, match="level 3 has not"):
        close_appraisal(session, centre, sheet)
    judged(session, sheet, heads)
    closed = close_appraisal(session, centre, sheet)
    assert (closed.row.state, closed.next_level) == ("closed", None)
    assert [(opinion.level, opinion.by) for opinion in closed.opinions] == [
        (3, "third"),
        (2, "second"),
        (1, "first"),
    ]
    add_service(session, ann, "mediation", at=datetime(2026, 3, 1, tzinfo=UTC))
    assert counts(get_appraisal(session, centre, sheet).figures) == {"policy_talk": 2, "mediation": 1}
    late = get_evidence(session, centre, sheet, kind="mediation")
    assert (late.counted, late.found) == (1, 2)


def test_a_closed_sheet_stands(
    owner_session: Session, centre: Actor, sheet: int, heads: dict[int, Actor]
) -> None:
    judged(owner_session, sheet, heads)
    close_appraisal(owner_session, centre, sheet)
    for change in (
        lambda: record_statement(owner_session, centre, sheet, "more"),
        lambda: record_opinion(owner_session, centre, sheet, level=1, grade="poor"),
        lambda: close_appraisal(owner_session, centre, sheet),
    ):
        with pytest.raises(Conflict, match="was closed"):
            change()


def test_a_statement_once_judged_stands(
    owner_session: Session, centre: Actor, sheet: int, heads: dict[int, Actor]
) -> None:
    record_statement(owner_session, centre, sheet, "宣讲一次")
    record_statement(owner_session, centre, sheet, "宣讲两次")
    record_opinion(owner_session, heads[3], sheet, level=3, grade="good")
    with pytest.raises(Conflict, match="level 3 has judged"):
        record_statement(owner_session, centre, sheet, "宣讲三次")
    assert get_appraisal(owner_session, centre, sheet).row.statement == "宣讲两次"


def test_nobody_judges_or_closes_their_own_sheet(
    owner_session: Session, centre: Actor, zone: Partition
) -> None:
    session = owner_session
    person = add_person(session, "R9")
    add_assignment(session, person, "grid_head", zone.third[0])
    own = sign_up(session, "own", Role.GRID_HEAD, person)
    open_appraisals(session, centre, unit=SOUTH, period=PERIOD)
    _, (row,) = list_appraisals(session, own)
    record_statement(session, own, row.id, "我的述职")
    with pytest.raises(NotAllowed, match="your own sheet"):
        record_opinion(session, own, row.id, level=3, grade="excellent")
    judged(session, row.id, {3: centre, 2: head_of(session, "second", "second_level_grid_head", SOUTH)})
    duty = sign_up(session, "duty", Role.DUTY_LEADER)
    record_opinion(session, duty, row.id, level=1, grade="good")
    with pytest.raises(NotAllowed, match="your own sheet"):
        close_appraisal(session, own, row.id)


def test_one_person_speaks_for_one_level(owner_session: Session, centre: Actor, sheet: int) -> None:
    record_opinion(owner_session, centre, sheet, level=3, grade="good")
    with pytest.raises(NotAllowed, match="another person"):
        record_opinion(owner_session, centre, sheet, level=2, grade="good")


def test_heads_speak_for_their_own_level_and_unit(
    owner_session: Session, sheet: int, heads: dict[int, Actor], zone: Partition
) -> None:
    with pytest.raises(NotAllowed, match="opinion of level 3"):
        record_opinion(owner_session, heads[1], sheet, level=3, grade="good")
    stranger = head_of(owner_session, "stranger", "second_level_grid_head", NORTH)
    untied = sign_up(owner_session, "untied", Role.GRID_HEAD)
    for actor in (stranger, untied):
        with pytest.raises(NotFound, match="among yours"):
            get_appraisal(owner_session, actor, sheet)
        assert list_appraisals(owner_session, actor) == (0, [])
        with pytest.raises(NotAllowed, match="head a grid in"):
            open_appraisals(owner_session, actor, unit=SOUTH, period="2026-Q2")


def test_administrators_keep_sheets_and_judge_nobody(owner_session: Session, sheet: int) -> None:
    keeper = sign_up(owner_session, "keeper", Role.ADMINISTRATOR)
    record_statement(owner_session, keeper, sheet, "代记")
    with pytest.raises(NotAllowed, match="opinion of level 3"):
        record_opinion(owner_session, keeper, sheet, level=3, grade="good")


def test_a_head_who_also_administers_still_speaks_for_their_level_only(
    owner_session: Session, sheet: int, heads: dict[int, Actor]
) -> None:
    both = Actor(heads[2].account_id, "second", "second", frozenset({"grid_head", "administrator"}))
    with pytest.raises(NotAllowed, match="opinion of level 3"):
        record_opinion(owner_session, both, sheet, level=3, grade="good")


def test_workers_see_and_write_their_own_sheet_only(
    owner_session: Session, centre: Actor, sheet: int, ann: int
) -> None:
    session = owner_session
    worker = sign_up(session, "ann", Role.GRID_WORKER, ann)
    other = add_person(session, "R2")
    add_assignment(session, other, "policy_publicist", SOUTH)
    open_appraisals(session, centre, unit=SOUTH, period=PERIOD)
    count, rows = list_appraisals(session, worker)
    assert (count, [row.person_code for row in rows]) == (1, ["R0001"])
    assert list_appraisals(session, worker, unit=NORTH) == (0, [])
    record_statement(session, worker, sheet, "我的述职")
    _, all_rows = list_appraisals(session, centre)
    with pytest.raises(NotFound):
        record_statement(session, worker, all_rows[1].id, "别人的")


def test_a_period_that_runs_is_counted_but_not_closed(
    owner_session: Session, centre: Actor, ann: int, zone: Partition
) -> None:
    this_year = str(zone.zone.today().year)
    open_appraisals(owner_session, centre, unit=SOUTH, period=this_year)
    _, (row,) = list_appraisals(owner_session, centre)
    heads = {
        3: centre,
        2: sign_up(owner_session, "two", Role.DUTY_LEADER),
        1: sign_up(owner_session, "one", Role.DUTY_LEADER),
    }
    judged(owner_session, row.id, heads)
    with pytest.raises(Conflict, match="runs to"):
        close_appraisal(owner_session, centre, row.id)


def test_what_cannot_be_opened(owner_session: Session, centre: Actor) -> None:
    later = str(date.today().year + 2)  # noqa: DTZ011 - any year to come
    with pytest.raises(InvalidInput, match="has not begun"):
        open_appraisals(owner_session, centre, unit=SOUTH, period=later)
    with pytest.raises(InvalidInput, match="no year, quarter or month"):
        open_appraisals(owner_session, centre, unit=SOUTH, period="2026-Q5")
    with pytest.raises(NotFound, match="second-level grid"):
        open_appraisals(owner_session, centre, unit="360371001", period=PERIOD)


def test_lists_are_narrowed_by_period(owner_session: Session, centre: Actor, sheet: int) -> None:
    assert [
        list_appraisals(owner_session, centre, period=text)[0] for text in ("2026", "2026-Q1", "2025")
    ] == [1, 1, 0]


def test_the_application_role_may_do_all_of_it(
    owner_session: Session, centre: Actor, sheet: int, heads: dict[int, Actor]
) -> None:
    with acting_as(owner_session, "wangge_app"):
        record_statement(owner_session, centre, sheet, "述职")
        judged(owner_session, sheet, heads)
        assert close_appraisal(owner_session, centre, sheet).row.state == "closed"


@pytest.mark.parametrize("text", ["2026-13", "26", "2026-Q0", "0001", "2026-3", "2026-01-01"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(InvalidInput, match="no year"):
        read_period(text)
