"""Ask the database for what a roster names: once, in few queries, before anything is checked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from geo.crs import parse_crs
from geo.model import Zone
from geo.roster.cells import Reading
from geo.roster.columns import folded
from geo.roster.rows import Roster
from geo.roster.sheets import SHEETS
from geo.roster.stored import OWN_ID, REGISTER, Held, PostRule, Stored
from geo.store import roster as store

_WITH_HOURS = re.compile(r"(\S+)\s+\d{1,2}:\d{2}")
_GROUND = ("neighbourhood", "building", "unit", "household")
LISTS = sorted({column.listed for sheet in SHEETS for column in sheet.columns if column.listed})
#: Lists whose first entry stands for a cell left empty.
WITH_FIRST = ("camera_states", "leave_kinds")


def make_reading(session: Session, zone: Zone, crs: str) -> Reading:
    """What cells are read with: the zone's clock and lists.

    Raises
    ------
    InvalidInput
        The CRS is not known.
    """
    lists = {name: by_word(entries) for name, entries in store.list_entries(session, *LISTS).items()}
    return Reading(zone.zone_info, lists, in_degrees=parse_crs(crs).is_degrees)


def by_word(entries: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Code of a list's entries by each way to write it, folded; codes come before names.

    A shift named with its hours is known without them: 白班 8:30–17:30 as 白班, unless two begin so.
    """
    written: dict[str, str] = {}
    for each in ("code", "name_zh", "name_en"):
        for entry in entries:
            written.setdefault(folded(entry[each]), entry["code"])
    return _without_hours(entries) | written


def _without_hours(entries: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    named: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for each in ("name_zh", "name_en"):
            if found := _WITH_HOURS.match(entry[each]):
                named[folded(found[1])].add(entry["code"])
    return {word: min(codes) for word, codes in named.items() if len(codes) == 1}


def look_up(session: Session, zone: Zone, roster: Roster) -> Stored:
    """What is stored of the things a roster brings or names."""
    codes = _codes(roster)
    things: dict[str, Mapping[str, Any]] = {
        kind: store.things_by_code(session, kind, codes[kind]) for kind in store.CODED
    }
    things |= {kind: store.ground_by_code(session, kind, codes[kind]) for kind in _GROUND}
    things["grid"] = store.grids_by_code(session)
    posts = store.posts_by_code(session)
    return Stored(
        zone,
        things,
        {code: _post(post) for code, post in posts.items()},
        {c: (s["starts_minute"], s["minutes"]) for c, s in store.shifts_by_code(session).items()},
        _held(session, roster),
        _uncoded(session, zone, roster),
        {kind: store.parents_by_code(session, kind) for kind in ("organisation", "party_org")},
        _firsts(session),
    )


def _firsts(session: Session) -> dict[str, str]:
    offered = {
        name: [entry["code"] for entry in entries if entry["active"]]
        for name, entries in store.list_entries(session, *WITH_FIRST).items()
    }
    return {name: codes[0] for name, codes in offered.items() if codes}


def _codes(roster: Roster) -> Mapping[str, set[str]]:
    codes: dict[str, set[str]] = defaultdict(set)
    for row in roster.all_rows():
        sheet = row.table.sheet
        if sheet.brings and row[sheet.columns[0].name]:
            codes[sheet.brings].add(row[sheet.columns[0].name])
        for column in sheet.columns:
            if column.refers and row[column.name]:
                for kind in column.refers:
                    codes[kind].add(row[column.name])
    return codes


def _post(row: Mapping[str, Any]) -> PostRule:
    return PostRule(row["target"], row["grid_level"], row["unit_kind"], row["is_single"])


def _held(session: Session, roster: Roster) -> tuple[Held, ...]:
    posts = {row["post"] for row in roster.of("assignments") if row["post"]}
    rows = store.assignments_of_posts(session, posts) if posts else []
    return tuple(held(row) for row in rows)


def held(row: Mapping[str, Any]) -> Held:
    """An assignment from its row."""
    names = "id person post rank target_kind target since until".split()
    return Held(**{name: row[name] for name in names})


def _uncoded(session: Session, zone: Zone, roster: Roster) -> dict[str, tuple[Mapping[str, Any], ...]]:
    def named(sheet: str, column: str) -> set[str]:
        return {row[column] for row in roster.of(sheet) if row[column]}

    today = zone.today()
    ids = named("services", "id")
    own = {int(match[1]) for text in ids if (match := OWN_ID.fullmatch(text))}
    unnamed = {row["person"] for row in roster.of("services") if row["person"] and not row["id"]}
    return {
        "duty": tuple(store.duties(session, named("duty", "person"))),
        "leave": tuple(store.leaves(session, named("leave", "person"))),
        "opening": tuple(store.openings(session, today, named("openings", "site"))),
        "service": tuple(store.services_named(session, REGISTER, ids, own)),
        "service_of": tuple(
            store.neighbourhood_organisations(session, named("neighbourhood_organisations", "neighbourhood"))
        ),
        "service_unnamed": tuple(store.services(session, unnamed)),
        "membership": tuple(store.memberships(session, people=named("people", "code"))),
        "figure": tuple(store.figures(session, named("figures", "grid"))),
    }
