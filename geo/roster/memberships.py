"""Who belongs to which party organisation: the column of 人员 against what is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from geo.roster.changes import Changes, Values
from geo.roster.checks.scene import Scene
from geo.roster.rows import Row

Membership = Mapping[str, Any]


def compare_memberships(scene: Scene, changes: Changes) -> None:
    """Find memberships that begin, move or end: today, or on a person's first day if that is yet to come."""
    stored: dict[str, list[Membership]] = defaultdict(list)
    for each in scene.stored.rows.get("membership", ()):
        stored[each["person"]].append(each)
    for code, row in scene.brought["person"].items():
        if row.has("party_org"):
            _compare(scene, code, row, stored[code], changes)


def _compare(scene: Scene, code: str, row: Row, stored: Sequence[Membership], changes: Changes) -> None:
    known = scene.stored.of("person").get(code, {})
    day = max(scene.today, row["since"] or known.get("since") or scene.today)
    end = row.end if row.has("until") or not known else known["until"]
    if known and end is not None and end <= day:
        _compare_past(code, row, stored, row["since"] or known["since"], end, changes)
        return
    present = next((each for each in stored if _holds(each, day)), None)
    wanted = row["party_org"]
    if present is not None and present["party_org_code"] == wanted:
        changes.same["party_membership"] += 1
        return
    if present is not None:
        _end(present, wanted, day, changes)
    if wanted is not None and (present is None or present["since"] < day):
        since = day if known or present else row["since"] or scene.today
        ends = [end, *(each["since"] for each in stored)]
        until = min((each for each in ends if each is not None and each > since), default=None)
        new = {"person": code, "party_org_code": wanted, "since": since, "until": until}
        changes.add("party_membership", new)


def _compare_past(
    code: str, row: Row, stored: Sequence[Membership], since: date, end: date, changes: Changes
) -> None:
    """Of somebody who is no longer in the roster what is stored is history; only what is missing is added."""
    wanted = row["party_org"]
    if any(each["party_org_code"] == wanted for each in stored):
        changes.same["party_membership"] += 1
    elif wanted is not None and not stored:
        new = {"person": code, "party_org_code": wanted, "since": since, "until": end}
        changes.add("party_membership", new)


def _holds(membership: Membership, day: date) -> bool:
    return bool(membership["since"] <= day and (membership["until"] is None or membership["until"] > day))


def _end(present: Membership, wanted: str | None, day: date, changes: Changes) -> None:
    """End it the day before; one that begins on the day moves instead, or ends with it."""
    if present["since"] < day:
        change: Values = {"until": day}
    elif wanted is not None:
        change = {"party_org_code": wanted}
    else:
        change = {"until": day + timedelta(days=1)}
    differing = {"since": present["since"], "until": present["until"]} | change
    changes.changed.setdefault("party_membership", []).append((present["id"], differing))
