"""A new term: drafted from a workbook, applied by another person, refused when the roster has changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import Conflict, FaultsFound, NotAllowed, NotFound
from geo.roster import (
    apply_draft,
    discard_draft,
    get_draft,
    hand_over,
    import_people,
    list_changes,
    plan_renewal,
)
from geo.store import tables
from tests.geo.roster.books import GRID, OTHER_GRID, save
from tests.geo.roster.test_hand_over import held
from tests.geo.roster.test_import import counts
from tests.people_builders import add_assignment, add_person

DAY = date(2026, 3, 1)
OLD = date(2020, 1, 1)


@pytest.fixture
def roster(ground: Session) -> Session:
    """R1 and R2 are grid heads, R3 is an officer; R4 is new."""
    people = {code: add_person(ground, code, name=f"某{code}") for code in ("R1", "R2", "R3", "R4")}
    add_assignment(ground, people["R1"], "grid_head", GRID)
    add_assignment(ground, people["R2"], "grid_head", OTHER_GRID)
    add_assignment(ground, people["R3"], "policy_publicist", GRID)
    add_assignment(ground, people["R1"], "grid_worker", GRID)
    return ground


def term(folder: Path, *rows: tuple[str, str, str], since: str = "2026-03-01", **cells: Any) -> Path:
    """A workbook of (person, post, target)."""
    lines = [
        {"人员编号": person, "岗位": post, "主副": None, "对象编码": target, "开始日期": since, **cells}
        for person, post, target in rows
    ]
    return save(folder, {"任职": lines}, "term.xlsx")


NEW = (("R1", "网格长", GRID), ("R3", "网格长", OTHER_GRID), ("R4", "政策宣传员", GRID))


def drafted(session: Session, folder: Path) -> int:
    plan = plan_renewal(session, term(folder, *NEW), on=DAY, by="张三", commit=True)
    assert plan.change_id is not None
    return plan.change_id


def test_a_plan_says_who_ends_begins_and_stays(roster: Session, tmp_path: Path) -> None:
    before = counts(roster)
    plan = plan_renewal(roster, term(tmp_path, *NEW), on=DAY, by="张三")
    assert plan.posts == ("grid_head", "policy_publicist")
    assert [(each.person, each.target) for each in plan.ends] == [("R2", OTHER_GRID), ("R3", GRID)]
    assert [(each.person, each.post) for each in plan.begins] == [
        ("R3", "grid_head"),
        ("R4", "policy_publicist"),
    ]
    assert [(each.person, each.since) for each in plan.stays] == [("R1", OLD)]
    assert counts(roster) == before


def test_a_draft_changes_nothing_until_another_person_applies_it(roster: Session, tmp_path: Path) -> None:
    before = held(roster)
    change = drafted(roster, tmp_path)
    assert held(roster) == before
    draft = get_draft(roster, change)
    assert [(item["action"], item["person"]) for item in draft.items] == [
        ("end", "R2"),
        ("end", "R3"),
        ("begin", "R3"),
        ("begin", "R4"),
    ]
    assert draft.stale is None
    with pytest.raises(NotAllowed, match="another person"):
        apply_draft(roster, change, by=" 张 三 ")
    assert held(roster) == before
    assert apply_draft(roster, change, by="李四").change["state"] == "applied"
    assert held(roster) == {
        ("R1", "grid_head", OLD, None),
        ("R2", "grid_head", OLD, DAY),
        ("R3", "grid_head", DAY, None),
        ("R3", "policy_publicist", OLD, DAY),
        ("R4", "policy_publicist", DAY, None),
        ("R1", "grid_worker", OLD, None),
    }
    with pytest.raises(Conflict, match="applied already, by 李四"):
        apply_draft(roster, change, by="王五")
    assert [(row["id"], row["ends"], row["begins"]) for row in list_changes(roster)] == [(change, 2, 2)]


def test_a_draft_that_is_discarded_leaves_the_roster(roster: Session, tmp_path: Path) -> None:
    before = held(roster)
    change = drafted(roster, tmp_path)
    with pytest.raises(NotAllowed):
        discard_draft(roster, change, by="张三")
    assert discard_draft(roster, change, by="李四").change["state"] == "discarded"
    assert held(roster) == before
    assert list_changes(roster, "draft") == []
    with pytest.raises(Conflict, match="discarded already"):
        apply_draft(roster, change, by="李四")


def stale(session: Session, change: int, reason: str) -> None:
    present = held(session)
    assert reason in (get_draft(session, change).stale or "")
    with pytest.raises(Conflict, match=reason):
        apply_draft(session, change, by="李四")
    assert held(session) == present


def test_a_hand_over_since_makes_a_draft_stale(roster: Session, tmp_path: Path) -> None:
    change = drafted(roster, tmp_path)
    hand_over(roster, "R2", "R4", on=date(2026, 2, 1), commit=True)
    stale(roster, change, "the roster has changed since it was drafted")


def test_an_import_since_makes_a_draft_stale(roster: Session, tmp_path: Path) -> None:
    change = drafted(roster, tmp_path)
    file = term(tmp_path, ("R4", "网格员", OTHER_GRID), since="2026-01-01")
    assert import_people(roster, file, commit=True).is_written
    stale(roster, change, "the roster has changed since it was drafted")


def test_a_person_who_left_makes_a_draft_stale(roster: Session, tmp_path: Path) -> None:
    change = drafted(roster, tmp_path)
    person = tables.Person
    roster.execute(update(person).where(person.code == "R4").values(valid=Range(OLD, date(2026, 2, 1))))
    stale(roster, change, "R4 is not in the roster on 2026-03-01")


def test_an_assignment_that_ended_or_began_otherwise_makes_a_draft_stale(
    roster: Session, tmp_path: Path
) -> None:
    change = drafted(roster, tmp_path)
    assignment, person = tables.Assignment, tables.Person
    of = roster.query(person.id).filter(person.code == "R2").scalar_subquery()
    roster.execute(
        update(assignment).where(assignment.person_id == of).values(valid=Range(OLD, date(2026, 2, 1)))
    )
    stale(roster, change, "R2 no longer holds grid_head")


def test_an_empty_place_taken_meanwhile_makes_a_draft_stale(roster: Session, tmp_path: Path) -> None:
    file = term(tmp_path, *NEW[:2], ("R4", "党组织书记", "360371001001"))
    change = plan_renewal(roster, file, on=DAY, by="张三", commit=True).change_id
    assert change is not None
    add_assignment(roster, add_person(roster, "R5"), "party_secretary", "360371001001")
    stale(roster, change, "R5 holds party_secretary")


def test_faults_of_the_term_are_named_and_nothing_is_kept(roster: Session, tmp_path: Path) -> None:
    file = term(tmp_path, ("R1", "网格长", GRID), ("R2", "网格长", GRID), ("R9", "网格长", OTHER_GRID))
    before = counts(roster)
    with pytest.raises(FaultsFound) as found:
        plan_renewal(roster, file, on=DAY, by="张三", commit=True)
    assert [(fault.rule, fault.cell) for fault in found.value.faults] == [
        ("post-single", "B3"),
        ("reference-unknown", "A4"),
    ]
    assert counts(roster) == before


def test_what_begins_later_is_not_passed_over(roster: Session, tmp_path: Path) -> None:
    add_assignment(roster, add_person(roster, "R6"), "grid_head", "360371001001002", rank="deputy", since=DAY)
    with pytest.raises(Conflict, match="R6 begins as grid_head"):
        plan_renewal(roster, term(tmp_path, *NEW), on=DAY, by="张三")


def test_a_term_without_assignments_is_none(roster: Session, tmp_path: Path) -> None:
    file = term(tmp_path, *NEW, 结束日期="2026-02-28", since="2025-01-01")
    with pytest.raises(Conflict, match="names no assignment from 2026-03-01 on"):
        plan_renewal(roster, file, on=DAY, by="张三")
    with pytest.raises(NotFound):
        get_draft(roster, 999_999)
