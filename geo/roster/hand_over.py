"""Hand over from one person to another: everything that passes on, listed first and then written as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from geo.errors import Conflict, InvalidInput, NotFound
from geo.roster.look_up import held
from geo.roster.stored import Held, overlap
from geo.store import roster as store
from geo.store import roster_changes, roster_writing
from geo.store.partition import wait_for_turn
from geo.zones import get_zone


@dataclass(frozen=True)
class HandOver:
    """What passes from one person to another on a day.

    Attributes
    ----------
    giver, taker
        Code and name.
    assignments
        Of the giver, in force on the day before; they end, the taker's begin on the day.
    duties
        From the day on; the taker is put in the giver's place.
    services
        Of the record, not resolved yet: the taker sees to them, the record keeps who took them in.
    refusals
        Why it cannot be done, in words; empty when it can.
    change_id
        The change that wrote it; None while it is a plan.
    """

    giver: tuple[str, str]
    taker: tuple[str, str]
    on: date
    assignments: tuple[Held, ...] = ()
    duties: tuple[Mapping[str, Any], ...] = ()
    services: tuple[Mapping[str, Any], ...] = ()
    refusals: tuple[str, ...] = ()
    change_id: int | None = field(default=None)


def hand_over(
    session: Session, giver: str, taker: str, *, on: date, commit: bool = False, by: str = "wangge roster"
) -> HandOver:
    """List everything that passes from one person to another, and write it when asked to.

    Parameters
    ----------
    giver, taker
        Codes of two people.
    on
        First day of the taker.
    commit
        False: list only. The caller commits.
    by
        Name of who does it.

    Raises
    ------
    NotFound
        There is no such person.
    InvalidInput
        Giver and taker are the same.
    Conflict
        It was to be written and cannot be: the message says every reason.
    """
    if commit:
        wait_for_turn(session)
    people = {code: _person(session, code) for code in (giver, taker)}
    if giver == taker:
        raise InvalidInput(f"{giver} cannot hand over to themselves; name another person with --to")
    plan = _plan(session, people[giver], people[taker], on)
    if not commit:
        return plan
    if plan.refusals:
        raise Conflict(f"{giver} cannot hand over to {taker}: {'; '.join(plan.refusals)}")
    change = _write(session, plan, people, by)
    return HandOver(
        plan.giver, plan.taker, on, plan.assignments, plan.duties, plan.services, change_id=change
    )


def _person(session: Session, code: str) -> Mapping[str, Any]:
    found = store.things_by_code(session, "person", [code]).get(code)
    if found is None:
        raise NotFound(f"there is no person {code!r} in the roster; see `wangge export people`")
    return found


def _plan(session: Session, giver: Mapping[str, Any], taker: Mapping[str, Any], on: date) -> HandOver:
    given = [held(row) for row in roster_changes.assignments_of(session, giver["code"], on)]
    taken = [held(row) for row in roster_changes.assignments_of(session, taker["code"], on)]
    duties = store.duties(session, [giver["code"]], since=on)
    others = store.duties(session, [taker["code"]])
    refusals = [
        *_not_in_roster(taker, on),
        *_too_late(given, on),
        *_held_already(given, taken, on),
        *_on_duty_already(duties, others),
    ]
    return HandOver(
        (giver["code"], giver["name"]),
        (taker["code"], taker["name"]),
        on,
        tuple(each for each in given if each.since < on),
        tuple(duties),
        tuple(store.services(session, [giver["code"]], open_only=True)),
        tuple(refusals),
    )


def _not_in_roster(taker: Mapping[str, Any], on: date) -> list[str]:
    if taker["since"] <= on and (taker["until"] is None or taker["until"] > on):
        return []
    return [f"{taker['code']} is not in the roster on {on}; choose somebody who is, or another day"]


def _too_late(given: list[Held], on: date) -> list[str]:
    """What begins on the day or later cannot end the day before it."""
    return [
        f"{each.person} begins as {each.post} for {each.target} only on {each.since}, so that it cannot end "
        f"before {on}; hand over later, or end it by an import"
        for each in given
        if each.since >= on
    ]


def _held_already(given: list[Held], taken: list[Held], on: date) -> list[str]:
    """Nobody holds the same post for the same target twice at a time."""
    return [
        f"{theirs.person} is {each.post} for {each.target} from {theirs.since} already; end that one first"
        for each in given
        for theirs in taken
        if (each.post, each.target_kind, each.target) == (theirs.post, theirs.target_kind, theirs.target)
        and overlap(on, each.until, theirs.since, theirs.until)
    ]


def _on_duty_already(duties: list[dict[str, Any]], others: list[dict[str, Any]]) -> list[str]:
    """Nobody is on duty at two places at once."""
    return [
        f"{theirs['person']} is on duty on {theirs['day']} ({theirs['shift']}) already; give that shift to "
        "somebody else first"
        for each in duties
        for theirs in others
        if each["begins"] < theirs["ends"] and theirs["begins"] < each["ends"]
    ]


def _write(session: Session, plan: HandOver, people: Mapping[str, Mapping[str, Any]], by: str) -> int:
    giver, taker = people[plan.giver[0]]["id"], people[plan.taker[0]]["id"]
    now = roster_writing.clock(session)
    change = roster_writing.add_change(
        session,
        {
            "kind": "hand_over",
            "title": f"{plan.giver[1]}（{plan.giver[0]}）移交 {plan.taker[1]}（{plan.taker[0]}）",
            "effective_on": plan.on,
            "state": "applied",
            "made_as": by,
            "made_at": now,
            "decided_as": by,
            "applied_at": now,
        },
        _items(plan, giver, taker),
    )
    posts = store.posts_by_code(session)
    begins = [
        {
            "person_id": taker,
            "post": each.post,
            "is_single": posts[each.post]["is_single"],
            "rank": each.rank,
            "target_kind": each.target_kind,
            "target": each.target,
            "since": plan.on,
            "until": each.until,
            "change_id": change,
        }
        for each in plan.assignments
    ]
    with roster_writing.conflicts():
        ending = [each.id for each in plan.assignments]
        roster_changes.end_assignments(session, ending, plan.on, change)
        srid = get_zone(session).storage_srid
        roster_writing.add_rows(session, "assignment", begins, srid=srid, people={})
        roster_changes.pass_duties(session, [duty["id"] for duty in plan.duties], taker)
    return change


def _items(plan: HandOver, giver: int, taker: int) -> list[dict[str, Any]]:
    def item(action: str, each: Held) -> dict[str, Any]:
        return {
            "action": action,
            "assignment_id": each.id if action == "end" else None,
            "person_id": giver if action == "end" else taker,
            "post": each.post,
            "rank": each.rank,
            "target_kind": each.target_kind,
            "target_code": each.target,
        }

    return [item(action, each) for action in ("end", "begin") for each in plan.assignments]
