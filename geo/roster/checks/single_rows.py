"""Rules within a row, or between a row and the one thing it names."""

from __future__ import annotations

from datetime import date
from typing import Any

from geo.roster.checks.scene import Scene
from geo.roster.columns import folded
from geo.roster.rows import Row

#: Beginning and end by sheet.
_SPANS = {
    "people": ("since", "until"),
    "assignments": ("since", "until"),
    "neighbourhood_organisations": ("since", "until"),
    "leave": ("since", "until"),
    "openings": ("opens", "closes"),
    "services": ("at", "resolved_at"),
}


def check_order(scene: Scene) -> None:
    """Rule ``date-order``; people without a first day begin on the one stored, else today."""
    for sheet, (begin, end) in _SPANS.items():
        for row in scene.roster.of(sheet):
            if begin in row.faulty or end in row.faulty or row[end] is None:
                continue
            first = _first_day(scene, row) if sheet == "people" else row[begin]
            if first is None:
                continue
            if row[end] < first or (sheet == "openings" and row[end] == first):
                said = f"is not after its beginning, {_shown(first)}; correct one of the two"
                scene.faults.add(row, end, "date-order", said)


def check_kept_ends(scene: Scene) -> None:
    """Rule ``date-order`` where the sheet has no 离册日期 and the stored one lies before the new 入册日期."""
    for row in scene.roster.of("people"):
        if row["since"] is None or "until" in row.table.places:
            continue
        until = scene.stored.of("person").get(row["code"] or "", {}).get("until")
        if until is not None and row["since"] >= until:
            said = f"is after the stored last day; bring in 离册日期 too (it ends before {until})"
            scene.faults.add(row, "since", "date-order", said)


def _first_day(scene: Scene, row: Row) -> date:
    stored = scene.stored.of("person").get(row["code"] or "", {})
    first: date = row["since"] or stored.get("since") or scene.today
    return first


def _shown(value: Any) -> str:
    if isinstance(value, int):
        return f"{value // 60}:{value % 60:02d}"
    return str(value)


def check_names(scene: Scene) -> None:
    """Rule ``name-differs``: the name beside a person's code is theirs."""
    for row in scene.roster.of("assignments"):
        if row["name"] is None or not row.is_sound("person"):
            continue
        name = person_name(scene, row["person"])
        if name is not None and folded(name) != folded(row["name"]):
            said = f"is not the name of {row['person']}, which is {name}; correct one of the two"
            scene.faults.add(row, "name", "name-differs", said)


def person_name(scene: Scene, code: str) -> str | None:
    """Name of a person, as the file says or else as stored."""
    row = scene.brings("person", code)
    if row is not None and row.has("name"):
        brought: str | None = row["name"]
        return brought
    if row is not None and "name" in row.faulty:
        return None
    return scene.stored.of("person").get(code, {}).get("name")


def check_deputies(scene: Scene) -> None:
    """Rule ``deputy-self``."""
    for row in scene.roster.of("leave"):
        if row["deputy"] is not None and row["deputy"] == row["person"]:
            said = "stands in for themselves; name another person, or leave the cell empty"
            scene.faults.add(row, "deputy", "deputy-self", said)
