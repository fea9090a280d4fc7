"""What a roster means the tables to hold, as tuples that can be compared."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.geo.roster.planted.layout import SHEETS
from tests.geo.roster.planted.roster import POSTS, Roster
from tests.geo.roster.planted.spelling import LISTS

Rows = set[tuple[Any, ...]]
_ZONE = ZoneInfo("Asia/Shanghai")
_SHIFTS = {row["code"]: row for row in LISTS["duty_shifts"]}


def _cells(roster: Roster, sheet: str) -> list[dict[str, Any]]:
    """Give the rows of a sheet; a cell that is not there is None."""
    return [dict.fromkeys(SHEETS[sheet].columns) | row.cells for row in roster.rows[sheet]]


def _after(last: date | None) -> date | None:
    return None if last is None else last + timedelta(days=1)


def _at(time: datetime | None) -> datetime | None:
    return None if time is None else time.replace(tzinfo=_ZONE)


def people(roster: Roster) -> Rows:
    """Code, name, gender, birth, education, telephone, skill, first day and day after the last."""
    today = datetime.now(_ZONE).date()
    return {
        (
            c["code"],
            c["name"],
            c["gender"],
            c["born_on"],
            c["education"],
            _phone(c),
            bool(c["prospering"]),
            c["since"] or today,
            _after(c["until"]),
        )
        for c in _cells(roster, "people")
    }


def _phone(cells: dict[str, Any]) -> str | None:
    """Give the stored telephone for a masked one."""
    known = {"S002": "10000001002"}
    return known.get(cells["code"]) if "*" in (cells["phone"] or "") else cells["phone"]


def memberships(roster: Roster) -> Rows:
    return {(c["code"], c["party_org"]) for c in _cells(roster, "people") if c["party_org"]}


def assignments(roster: Roster) -> Rows:
    return {
        (
            c["person"],
            c["post"],
            "primary" if c["person"] == "L005" else c["rank"] or "primary",
            f"{POSTS[c['post']]['target']} {c['target']}",
            c["since"],
            _after(c["until"]),
        )
        for c in _cells(roster, "assignments")
    }


def organisations(roster: Roster) -> Rows:
    columns = ("code", "name", "kind", "parent", "grid", "phone")
    return {tuple(c[name] for name in columns) for c in _cells(roster, "organisations")}


def neighbourhood_organisations(roster: Roster) -> Rows:
    return {
        (c["neighbourhood"], c["organisation"], c["since"], _after(c["until"]))
        for c in _cells(roster, "neighbourhood_organisations")
    }


def party_orgs(roster: Roster) -> Rows:
    columns = ("code", "name", "kind", "parent", "grid", "members", "lon", "lat")
    return {tuple(c[name] for name in columns) for c in _cells(roster, "party_orgs")}


def sites(roster: Roster) -> Rows:
    columns = ("code", "name", "kind", "address", "phone", "building", "lon", "lat")
    return {(*(c[name] for name in columns), _cell(c)) for c in _cells(roster, "sites")}


def openings(roster: Roster) -> Rows:
    return {
        (c["site"], c["function"], day, c["opens"], c["closes"])
        for c in _cells(roster, "openings")
        for day in c["weekday"]
    }


def teams(roster: Roster) -> Rows:
    columns = ("code", "name", "kind", "phone", "members", "grid", "lon", "lat")
    return {tuple(c[name] for name in columns) for c in _cells(roster, "teams")}


def cameras(roster: Roster) -> Rows:
    columns = "code name kind network direction height organisation stream filing filed_on retention".split()
    empty = {"angle": 360, "range": 50, "state": LISTS["camera_states"][0]["code"]}
    return {
        (
            *(c[name] for name in columns),
            *(value if c[name] is None else c[name] for name, value in empty.items()),
            c["lon"],
            c["lat"],
            _cell(c),
        )
        for c in _cells(roster, "cameras")
    }


def duties(roster: Roster) -> Rows:
    return {
        (c["person"], c["day"], c["shift"], *_during(c["day"], c["shift"]), c["place"])
        for c in _cells(roster, "duty")
    }


def _during(day: date, shift: str) -> tuple[datetime, datetime]:
    row = _SHIFTS[shift]
    starts = datetime(day.year, day.month, day.day, tzinfo=_ZONE) + timedelta(minutes=row["starts_minute"])
    return starts, starts + timedelta(minutes=row["minutes"])


def leaves(roster: Roster) -> Rows:
    first = LISTS["leave_kinds"][0]["code"]
    return {
        (c["person"], c["since"], _after(c["until"]), c["deputy"], c["kind"] or first)
        for c in _cells(roster, "leave")
    }


def services(roster: Roster) -> Rows:
    columns = ("kind", "person", "post", "served", "household", "building", "site", "project")
    return {
        (c["id"], *(c[name] for name in columns), _at(c["at"]), _at(c["resolved_at"]), c["note"] or "")
        for c in _cells(roster, "services")
    }


def figures(roster: Roster) -> Rows:
    return {(c["grid"], c["fact"], c["year"], Decimal(str(c["value"]))) for c in _cells(roster, "figures")}


def _cell(cells: dict[str, Any]) -> str | None:
    """Give the third-level grid of a place of the toy zone; places keep away from borders."""
    column, row = (cells["lon"] - 113.8) // 0.01, (cells["lat"] - 27.6) // 0.01
    inside = column in (0, 1) and row in (0, 1)
    return f"36037100100{row + 1:.0f}00{column + 1:.0f}" if inside else None
