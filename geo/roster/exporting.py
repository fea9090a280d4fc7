"""The roster out again as a workbook of the same sheets: importing it changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from geo.masking import mask_phone
from geo.model import Zone
from geo.roster import sheets as s
from geo.roster.columns import Column, folded
from geo.roster.look_up import LISTS, by_word
from geo.roster.stored import REGISTER
from geo.roster.things import FIELDS
from geo.roster.times import write_instant, write_minute
from geo.spreadsheets import write_workbook
from geo.store import roster as store
from geo.zones import get_zone

Values = Mapping[str, Any]
Words = Callable[[Column, Any], Any]


def export_people(session: Session, *, as_of: date | None = None, with_phones: bool = False) -> bytes:
    """Write people, posts, places, rota and record of a day as a workbook.

    Parameters
    ----------
    as_of
        Day asked for; None for today. Rota and record are written whole.
    with_phones
        False: telephones are masked.
    """
    zone = get_zone(session)
    day = as_of or zone.today()
    words = cell_words(session, zone, with_phones=with_phones)
    rows = _rows(session, day)
    return write_workbook(
        {
            sheet.zh: (
                [column.zh for column in sheet.columns],
                [[words(c, row.get(c.name)) for c in sheet.columns] for row in rows[sheet.name]],
            )
            for sheet in s.SHEETS
        }
    )


def cell_words(session: Session, zone: Zone, *, with_phones: bool) -> Words:
    """How a value is written into a cell: entries of lists by their Chinese names, days inclusive."""
    names = {name: _words_of(entries) for name, entries in store.list_entries(session, *LISTS).items()}

    def write(column: Column, value: Any) -> Any:
        if value is None:
            return None
        if column.listed:
            return names[column.listed].get(value, value)
        if column.words:
            return next(word for word, meant in column.words.items() if meant == value)
        if column.kind == "phone" and not with_phones:
            return (mask_phone(value) or "").ljust(3, "*")
        writer = _WRITERS.get(column.kind)
        return value if writer is None else writer(value, zone)

    return write


def _words_of(entries: Sequence[Values]) -> dict[str, str]:
    """Word of each entry of a list: its Chinese name, or its code where the name means another entry."""
    meant = by_word(entries)
    named = {entry["code"]: entry["name_zh"] for entry in entries}
    return {code: word if meant[folded(word)] == code else code for code, word in named.items()}


_WRITERS: Mapping[str, Callable[[Any, Zone], Any]] = {
    "instant": lambda value, zone: write_instant(value, zone.zone_info),
    "minute": lambda value, _: write_minute(value),
    "number": lambda value, _: float(value),
    "weekdays": lambda value, _: f"周{'一二三四五六日'[value - 1]}",
}


def thing_rows(session: Session, kind: str, day: date) -> list[dict[str, Any]]:
    """Things of a day by the columns of their sheet; places in the storage CRS."""
    return [_thing(kind, row) for row in store.all_things(session, kind, day)]


def _thing(kind: str, row: Values) -> dict[str, Any]:
    values = {name: row[column] for name, column in FIELDS[kind].items()} | {"code": row["code"]}
    if "x" in row:
        values |= {"lon": row["x"], "lat": row["y"]}
    return values


def _rows(session: Session, day: date) -> dict[str, list[dict[str, Any]]]:
    duties, leaves, services = store.duties(session), store.leaves(session), _services(session)
    rows = {
        "assignments": [_spanned(row) for row in store.assignments_on(session, day)],
        "neighbourhood_organisations": _serving(session, day),
        "openings": _openings(session, day),
        "duty": [row | {"place": _duty_place(row)} for row in duties],
        "leave": [_spanned(row) for row in leaves],
        "services": services,
        "figures": [row | {"grid": row["grid_code"]} for row in store.figures(session)],
    }
    named = {
        row[name] for row in (*duties, *leaves, *services) for name in ("person", "deputy") if row.get(name)
    }
    rows["people"] = _people(session, day, named)
    kinds = {sheet.name: sheet.brings for sheet in s.SHEETS if sheet.brings and sheet.name not in rows}
    return rows | {name: thing_rows(session, kind, day) for name, kind in kinds.items()}


def _people(session: Session, day: date, named: Iterable[str]) -> list[dict[str, Any]]:
    """People in the roster on the day, and those who are named by rota or record."""
    present = {row["code"]: row for row in store.all_things(session, "person", day)}
    others = store.things_by_code(session, "person", set(named) - present.keys())
    member = {
        row["person"]: row["party_org_code"]
        for row in store.memberships(session, since=day)
        if row["since"] <= day
    }
    people = sorted((present | others).items())
    return [_thing("person", row) | _spanned(row) | {"party_org": member.get(code)} for code, row in people]


def _spanned(row: Values) -> dict[str, Any]:
    """A row whose last day is included, as people write it."""
    until = row["until"]
    return dict(row) | {"until": None if until is None else until - timedelta(days=1)}


def _serving(session: Session, day: date) -> list[dict[str, Any]]:
    return [
        _spanned(row) | {"neighbourhood": row["neighbourhood_code"], "organisation": row["organisation_code"]}
        for row in store.neighbourhood_organisations(session)
        if row["since"] <= day and (row["until"] is None or row["until"] > day)
    ]


def _openings(session: Session, day: date) -> list[dict[str, Any]]:
    return [
        {
            "site": row["site_code"],
            "function": row["function"],
            "weekday": row["weekday"],
            "opens": row["opens_minute"],
            "closes": row["closes_minute"],
        }
        for row in store.openings(session, day)
        if row["since"] <= day
    ]


def _duty_place(row: Values) -> str:
    return next(str(row[f"{kind}_code"]) for kind in s.DUTY_PLACES if row[f"{kind}_code"])


def _services(session: Session) -> list[dict[str, Any]]:
    return [row | _service_codes(row) for row in store.services(session)]


def _service_codes(row: Values) -> dict[str, Any]:
    """An entry of our register goes by its id there, any other by its own."""
    known = row["import_source"] == REGISTER and row["external_id"]
    return {
        "id": row["external_id"] if known else f"id:{row['id']}",
        "household": row["household_code"],
        "building": row["building_code"],
        "site": row["site_code"],
    }
