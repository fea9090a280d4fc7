"""The same roster some time later: everything changed that may change of what is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.geo.roster.planted.layout import SHEETS
from tests.geo.roster.planted.roster import Roster
from tests.geo.roster.planted.rows import FRESH

#: What a known row is known by, or may not change.
_KEPT = {
    "people": "code",
    "assignments": "person name post rank target since",
    "organisations": "code parent",
    "neighbourhood_organisations": "neighbourhood organisation since",
    "party_orgs": "code parent",
    "sites": "code",
    "openings": "site function weekday opens closes",
    "teams": "code",
    "cameras": "code",
    "duty": "person day shift",
    "leave": "person since",
    "services": "id kind at person post served household building site project note",
    "figures": "grid fact year",
}
_ENDS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "assignments": lambda old: {"until": _sooner(old["until"], old["since"])},
    "neighbourhood_organisations": lambda old: {"until": _sooner(old["until"], old["since"])},
    "leave": lambda old: {"until": old["since"]},
    "services": lambda old: {"resolved_at": None if old["resolved_at"] else old["at"]},
}


def _sooner(until: date | None, since: date) -> date:
    """End a term without an end after a month, and another one a day sooner where it has two."""
    if until is None:
        return since + timedelta(days=30)
    return max(since, until - timedelta(days=1))


def revise(roster: Roster) -> None:
    """Change every row of a sound roster in place; only rows whose code stays are looked at as known."""
    sheets = {sheet: list(rows) for sheet, rows in roster.rows.items()}
    for sheet, rows in sheets.items():
        kept = _KEPT[sheet].split()
        for row in rows:
            old = dict.fromkeys(SHEETS[sheet].columns) | row.cells
            new = _ENDS[sheet](old) if sheet in _ENDS else _another(roster, sheet)
            row.cells |= {column: value for column, value in new.items() if column not in kept}
    _rename(roster)


def _another(roster: Roster, sheet: str) -> dict[str, Any]:
    """Give the cells of another sound row, which is taken out again."""
    row = FRESH[sheet](roster, **({"site": roster.pick("site")} if sheet == "openings" else {}))
    roster.rows[sheet].remove(row)
    return row.cells


def _rename(roster: Roster) -> None:
    names = {row.cells["code"]: row.cells["name"] for row in roster.rows["people"]}
    for row in roster.rows["assignments"]:
        if row.cells.get("name") and row.cells["person"] in names:
            row.cells["name"] = names[row.cells["person"]]
