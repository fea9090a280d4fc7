"""Drafted changes of the roster: look at them, apply them by another name than the author's, discard them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from geo.errors import Conflict, InvalidInput, NotAllowed, NotFound
from geo.roster.columns import folded
from geo.roster.stored import overlap
from geo.store import roster as store
from geo.store import roster_changes as changes
from geo.store import roster_writing
from geo.store.partition import wait_for_turn
from geo.zones import get_zone

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Draft:
    """A change with its items.

    Attributes
    ----------
    change
        Columns of table ``roster_change``.
    items
        Columns of table ``roster_change_item``, with the person's code and name.
    stale
        Why it can no longer be applied; None while it can.
    """

    change: Row
    items: Sequence[Row]
    stale: str | None = None


def list_changes(session: Session, state: str | None = None) -> list[Row]:
    """Changes of the roster, the newest first: imports, hand-overs, renewals."""
    return list(changes.changes(session, state))


def get_draft(session: Session, change_id: int, *, for_update: bool = False) -> Draft:
    """A change by its id, with its items; a draft says whether it is still up to date.

    Raises
    ------
    NotFound
        There is none.
    """
    change = changes.find_change(session, change_id, for_update=for_update)
    if change is None:
        raise NotFound(f"there is no change {change_id} of the roster; see `wangge roster changes`")
    items = changes.items(session, change_id)
    stale = _stale(session, change, items) if change["state"] == "draft" else None
    return Draft(change, items, stale)


def apply_draft(session: Session, change_id: int, *, by: str) -> Draft:
    """Apply a draft: what ends ends the day before, what begins begins on the day; all or nothing.

    Parameters
    ----------
    by
        Name of who applies it; not the author's.

    Raises
    ------
    NotFound, Conflict, NotAllowed, InvalidInput
        No such change; decided already, or the roster has changed since; the author's own; no name.
    """
    draft = _undecided(session, change_id, by)
    if draft.stale:
        raise Conflict(f"change {change_id} can no longer be applied: {draft.stale}; draft it again")
    day = draft.change["effective_on"]
    with roster_writing.conflicts():
        ends = [item["assignment_id"] for item in draft.items if item["action"] == "end"]
        changes.end_assignments(session, ends, day, change_id)
        srid = get_zone(session).storage_srid
        roster_writing.add_rows(session, "assignment", _begins(session, draft), srid=srid, people={})
    now = roster_writing.clock(session)
    roster_writing.set_change(
        session, change_id, {"state": "applied", "decided_as": by.strip(), "applied_at": now}
    )
    return get_draft(session, change_id)


def discard_draft(session: Session, change_id: int, *, by: str) -> Draft:
    """Discard a draft; nothing of the roster changes.

    Raises
    ------
    NotFound, Conflict, NotAllowed, InvalidInput
        No such change; decided already; the author's own; no name.
    """
    _undecided(session, change_id, by)
    roster_writing.set_change(session, change_id, {"state": "discarded", "decided_as": by.strip()})
    return get_draft(session, change_id)


def _undecided(session: Session, change_id: int, by: str) -> Draft:
    """A draft that this person may decide; until the transaction ends nobody else does."""
    wait_for_turn(session)
    if not by.strip():
        raise InvalidInput("it must be known who decides; give a name with --by")
    draft = get_draft(session, change_id, for_update=True)
    if draft.change["state"] != "draft":
        raise Conflict(
            f"change {change_id} is {draft.change['state']} already, by {draft.change['decided_as']}"
        )
    if folded(by) == folded(draft.change["made_as"]):
        raise NotAllowed(
            f"{by} drafted change {change_id}; let another person decide: nobody does on their own"
        )
    return draft


def _stale(session: Session, change: Row, items: Sequence[Row]) -> str | None:
    """Why a draft no longer fits the roster, if so."""
    others = changes.changes_applied_since(session, change)
    if others:
        named = ", ".join(f"{other['id']} ({other['title']})" for other in others[:3])
        return f"the roster has changed since it was drafted, by change {named}"
    day = change["effective_on"]
    held = changes.assignments_by_id(
        session, [item["assignment_id"] for item in items if item["action"] == "end"]
    )
    gone = [a for a in held.values() if a["since"] >= day or (a["until"] is not None and a["until"] <= day)]
    if gone:
        return f"{gone[0]['person']} no longer holds {gone[0]['post']} for {gone[0]['target']} on {day}"
    return _left(session, change, items) or _taken(session, change, items, set(held))


def _left(session: Session, change: Row, items: Sequence[Row]) -> str | None:
    """Somebody who is to begin is not in the roster."""
    day = change["effective_on"]
    codes = [item["person"] for item in items if item["action"] == "begin"]
    for code, person in store.things_by_code(session, "person", codes).items():
        if person["since"] > day or (person["until"] is not None and person["until"] <= day):
            return f"{code} is not in the roster on {day}"
    return None


def _taken(session: Session, change: Row, items: Sequence[Row], ending: set[int]) -> str | None:
    """Somebody else holds a single post that is to begin, or the same person holds it already."""
    day = change["effective_on"]
    posts = store.posts_by_code(session)
    begins = [item for item in items if item["action"] == "begin"]
    others: dict[tuple[str, str], list[Row]] = {}
    for row in changes.assignments_from(session, {item["post"] for item in begins}, day):
        if row["id"] not in ending:
            others.setdefault((row["post"], row["target"]), []).append(row)
    for item in begins:
        for held in others.get((item["post"], item["target_code"]), []):
            primaries = item["rank"] == held["rank"] == "primary"
            clash = (posts[item["post"]]["is_single"] and primaries) or held["person"] == item["person"]
            if clash and overlap(day, None, held["since"], held["until"]):
                return f"{held['person']} holds {held['post']} for {held['target']} from {held['since']}"
    return None


def _begins(session: Session, draft: Draft) -> list[dict[str, Any]]:
    posts = store.posts_by_code(session)
    return [
        {
            "person_id": item["person_id"],
            "post": item["post"],
            "is_single": posts[item["post"]]["is_single"],
            "rank": item["rank"],
            "target_kind": item["target_kind"],
            "target": item["target_code"],
            "since": draft.change["effective_on"],
            "until": None,
            "change_id": draft.change["id"],
        }
        for item in draft.items
        if item["action"] == "begin"
    ]
