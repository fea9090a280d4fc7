"""Who belongs to which party organisation: the column of 人员 against what is stored."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from geo.roster.changes import Changes, Values
from geo.roster.checks.scene import Scene
from geo.roster.rows import Row


def compare_memberships(scene: Scene, changes: Changes) -> None:
    """Find memberships that begin, move or end."""
    present: dict[str, Any] = {}
    coming: dict[str, Any] = {}
    for each in scene.stored.rows.get("membership", ()):
        (present if each["since"] <= scene.today else coming).setdefault(each["person"], each)
    for code, row in scene.brought["person"].items():
        if row.has("party_org"):
            _compare(scene, code, row, present.get(code), coming.get(code), changes)


def _compare(scene: Scene, code: str, row: Row, present: Any, coming: Any, changes: Changes) -> None:
    wanted = row["party_org"]
    if present is None and wanted is None:
        return
    if present is not None and present["party_org_code"] == wanted:
        changes.same["party_membership"] += 1
        return
    if present is not None:
        _end(present, wanted, scene.today, changes)
    if wanted is not None and (present is None or present["since"] < scene.today):
        changes.add("party_membership", _new(scene, code, row, present, coming))


def _end(present: Any, wanted: str | None, today: date, changes: Changes) -> None:
    """End it the day before; one that began today moves instead, or ends with today."""
    if present["since"] < today:
        change: Values = {"until": today}
    elif wanted is not None:
        change = {"party_org_code": wanted}
    else:
        change = {"until": today + timedelta(days=1)}
    differing = {"since": present["since"], "until": present["until"]} | change
    changes.changed.setdefault("party_membership", []).append((present["id"], differing))


def _new(scene: Scene, code: str, row: Row, present: Any, coming: Any) -> Values:
    known = scene.stored.of("person").get(code)
    since = scene.today if known or present else row["since"] or scene.today
    ends = [end for end in (row.end, coming and coming["since"]) if end is not None and end > since]
    return {
        "person": code,
        "party_org_code": row["party_org"],
        "since": since,
        "until": min(ends, default=None),
    }
