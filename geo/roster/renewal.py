"""Renewal of a term: the whole new term as one draft, reviewed and applied by another person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from geo.errors import Conflict, FaultsFound
from geo.importer.report import Findings
from geo.model import Fault, Zone
from geo.roster.checks import Scene, check
from geo.roster.faults import Faults
from geo.roster.importing import DEFAULT_CRS
from geo.roster.look_up import held, look_up, make_reading
from geo.roster.rows import Row
from geo.roster.sheets import ASSIGNMENTS
from geo.roster.stored import Held, overlap
from geo.roster.tables import find_sheet, read_tables
from geo.roster.workbooks import read_workbook
from geo.store import roster as store
from geo.store import roster_changes, roster_writing
from geo.store.partition import wait_for_turn
from geo.zones import get_zone

Place = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Begin:
    """An assignment that begins with the term."""

    person: str
    post: str
    rank: str
    target_kind: str
    target: str


@dataclass(frozen=True)
class Renewal:
    """What a new term changes.

    Attributes
    ----------
    posts
        Posts that the workbook names; only these are renewed.
    ends, stays
        Assignments in force that are not, or are, in the new term.
    change_id
        The draft; None while it is only a plan.
    """

    on: date
    posts: tuple[str, ...]
    ends: tuple[Held, ...]
    begins: tuple[Begin, ...]
    stays: tuple[Held, ...]
    warnings: tuple[Fault, ...] = ()
    change_id: int | None = field(default=None)


def plan_renewal(
    session: Session, path: str | Path, *, on: date, by: str, title: str | None = None, commit: bool = False
) -> Renewal:
    """Compare the new term in the sheet 任职 with the roster, and keep it as a draft when asked to.

    Everybody in it holds office from ``on``, whatever first day stands beside them; a row that ends before
    is none of the new term. People and targets must be stored already.

    Parameters
    ----------
    on
        First day of the term.
    by
        Name of who drafts it; another person must apply it.
    commit
        True: keep the draft. The caller commits.

    Raises
    ------
    InvalidFile
        The file is no workbook that can be read.
    FaultsFound
        Rows break rules of the roster.
    Conflict
        It names no post, or somebody begins later than the term what the term would end.
    """
    if commit:
        wait_for_turn(session)
    zone = get_zone(session)
    rows, warnings = _read_term(session, zone, path, on)
    posts = tuple(sorted({row["post"] for row in rows}))
    if not posts:
        raise Conflict(f"{Path(path).name} names no assignment from {on} on; fill the sheet 任职")
    plan = _compare(session, rows, posts, on)
    _refuse_later(session, plan)
    change = _draft(session, plan, title or f"{on} 换届（{Path(path).name}）", by) if commit else None
    return Renewal(on, posts, plan.ends, plan.begins, plan.stays, tuple(warnings.kept), change)


def _read_term(session: Session, zone: Zone, path: str | Path, on: date) -> tuple[list[Row], Findings]:
    faults, warnings = Faults(), Findings()
    sheets = [raw for raw in read_workbook(path) if find_sheet(raw.title) is ASSIGNMENTS]
    everything = read_tables(sheets, make_reading(session, zone, DEFAULT_CRS), faults, warnings)
    for table in everything.tables:
        table.rows = [row for row in table.rows if row.end is None or row.end > on]
        for row in table.rows:
            if row["since"] is not None:
                row.values["since"] = on
    # What is stored of these posts is what the term replaces: the rows are held against each other only.
    stored = replace(look_up(session, zone, everything), held=())
    scene = Scene(everything, stored, faults, on)
    check(scene)
    found = faults.ordered()
    if found:
        raise FaultsFound(f"{len(found)} faults; nothing is drafted: {_listed(found)}", found)
    return everything.of("assignments"), warnings


def _listed(faults: Sequence[Fault]) -> str:
    shown = [f"{fault.sheet}!{fault.cell} {fault.rule}: {fault.message}" for fault in faults[:10]]
    return "; ".join(shown) + (" …" if len(faults) > len(shown) else "")


def _compare(session: Session, rows: Sequence[Row], posts: tuple[str, ...], on: date) -> Renewal:
    kinds = {code: post["target"] for code, post in store.posts_by_code(session).items()}
    wanted = {
        (row["person"], row["post"], row["rank"] or "primary", kinds[row["post"]], row["target"]): row
        for row in rows
    }
    now = [held(row) for row in roster_changes.assignments_from(session, posts, on)]
    in_force = {_place(each): each for each in now if each.since <= on}
    return Renewal(
        on,
        posts,
        tuple(each for place, each in in_force.items() if place not in wanted),
        tuple(Begin(*place) for place in wanted if place not in in_force),
        tuple(each for place, each in in_force.items() if place in wanted),
    )


def _place(each: Held) -> Place:
    return each.person, each.post, each.rank, each.target_kind, each.target


def _refuse_later(session: Session, plan: Renewal) -> None:
    """Refuse where an assignment begins on the first day of the term, or later beside one that begins."""
    reasons = [
        f"{each.person} begins as {each.post} for {each.target} on {each.since} and cannot end the day before"
        for each in plan.ends
        if each.since >= plan.on
    ]
    later = [
        held(row)
        for row in roster_changes.assignments_from(session, plan.posts, plan.on)
        if row["since"] > plan.on
    ]
    reasons += _meeting(session, plan.begins, later, plan.on)
    if reasons:
        raise Conflict(f"the term cannot begin on {plan.on}: {'; '.join(reasons)}; choose another day")


def _meeting(session: Session, begins: Iterable[Begin], others: Sequence[Held], on: date) -> list[str]:
    """Which assignments that begin would break a constraint beside others, in words."""
    posts = store.posts_by_code(session)
    reasons = []
    for begin in begins:
        for other in others:
            same_post = (begin.post, begin.target) == (other.post, other.target)
            if not same_post or not overlap(on, None, other.since, other.until):
                continue
            single = posts[begin.post]["is_single"] and begin.rank == other.rank == "primary"
            if single or begin.person == other.person:
                reasons.append(
                    f"{begin.person} cannot begin as {begin.post} for {begin.target}: {other.person} does "
                    f"from {other.since}"
                )
    return reasons


def _draft(session: Session, plan: Renewal, title: str, by: str) -> int:
    people = roster_writing.person_ids(session)
    ends = [_item("end", each, people, each.id) for each in plan.ends]
    begins = [_item("begin", each, people, None) for each in plan.begins]
    return roster_writing.add_change(
        session,
        {
            "kind": "renewal",
            "title": title,
            "effective_on": plan.on,
            "made_as": by,
            "made_at": roster_writing.clock(session),
        },
        [*ends, *begins],
    )


def _item(action: str, each: Held | Begin, people: dict[str, int], assignment: int | None) -> dict[str, Any]:
    return {
        "action": action,
        "assignment_id": assignment,
        "person_id": people[each.person],
        "post": each.post,
        "rank": each.rank,
        "target_kind": each.target_kind,
        "target_code": each.target,
    }
