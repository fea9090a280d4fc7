"""Service sites, teams and party organisations in figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from geo.period import to_day
from geo.statistics.asked import as_filters, check_choice, check_unit, used
from geo.statistics.measures import MEMBERS, PARTY_ORGS, SITES, TEAMS, per_entry
from geo.statistics.table import Code, Figure, Measure, Note, Table, fill_rows, total_row
from geo.store.statistics import entries
from geo.store.statistics import places as store
from geo.store.statistics.entries import Entry
from geo.zones import get_zone

Place = dict[str, Any]

#: What can be counted, and the list of its kinds.
KINDS = {"sites": "site_kinds", "teams": "team_kinds", "party_orgs": "party_org_kinds"}
#: What the rows may be; only sites have functions.
DIMENSIONS = ("unit", "unit_kind", "kind", "function")

_COUNTED = {"sites": SITES, "teams": TEAMS, "party_orgs": PARTY_ORGS}
_NONE = {
    "unit": ("不属于单个村社", "not of one unit"),
    "unit_kind": ("不属于单个村社", "not of one unit"),
    "function": ("未登记开放时间", "no opening hours known"),
}
_SEVERAL = Note(
    "一个阵地可有多项功能，各行（列）之和可大于合计；合计中每个阵地只计一次。",
    "A site may have several functions: rows (columns) may add up to more than the total, which counts each "
    "site once.",
)


def place_table(
    session: Session,
    *,
    of: str = "sites",
    by: str = "kind",
    as_of: date | None = None,
    unit: str | None = None,
) -> Table:
    """Count the sites, teams or party organisations there are on a day.

    Parameters
    ----------
    of
        ``sites``, ``teams``, ``party_orgs``.
    by
        ``kind``; ``function`` (of sites); ``unit`` (second-level grid), ``unit_kind``.
    as_of
        The day; today in the zone when None.
    unit
        Only those filed under a second-level grid or the grids below it.

    Returns
    -------
    Table
        Rows add up to the total, but by function: a site is in the row of each.

    Raises
    ------
    InvalidInput
        A choice or a day cannot be.
    NotFound
        There is no such second-level grid, or no zone yet.
    """
    day = to_day(get_zone(session), as_of)
    check_choice("of", of, KINDS)
    check_choice("by", by, DIMENSIONS if of == "sites" else DIMENSIONS[:-1])
    check_unit(session, unit)
    places = [place for place in store.list_places(session, of, day) if unit in (None, place["unit"])]
    columns = _columns(session, of, by, places)
    groups = _grouped(places, by)
    found = {code: _figures(group, columns) for code, group in groups.items()}
    listed = [entry for entry in _entries(session, of, by, day) if by != "unit" or unit in (None, entry.code)]
    return Table(
        "places",
        by,
        columns,
        fill_rows(listed, found, columns, _NONE.get(by, ("其他", "other"))),
        total_row(_figures(places, columns)),
        as_filters(of=of, as_of=day, unit=unit),
        (_SEVERAL,) if of == "sites" else (),
    )


def _entries(session: Session, of: str, by: str, day: date) -> list[Entry]:
    if by == "unit":
        return entries.list_grids(session, 2, day)
    if by == "unit_kind":
        kinds = {grid.group for grid in entries.list_grids(session, 2, day) if grid.active}
        return [entry for entry in entries.list_entries(session, "grid_kinds") if entry.code in kinds]
    return entries.list_entries(session, "site_functions" if by == "function" else KINDS[of])


def _columns(session: Session, of: str, by: str, places: Sequence[Place]) -> tuple[Measure, ...]:
    """How many, then of which kind or function, then their members."""
    counted = _COUNTED[of]
    columns = [counted]
    if by in {"unit", "unit_kind"}:
        kinds = entries.list_entries(session, KINDS[of])
        columns += per_entry("kind", used(kinds, {place["kind"] for place in places}), counted)
    if of == "sites" and by != "function":
        codes = {function for place in places for function in place["functions"]}
        functions = entries.list_entries(session, "site_functions")
        columns += per_entry("function", used(functions, codes), counted)
    return (*columns, *(MEMBERS if of != "sites" else ()))


def _grouped(places: Iterable[Place], by: str) -> dict[Code, list[Place]]:
    groups: dict[Code, list[Place]] = {}
    for place in places:
        codes = (place["functions"] or [None]) if by == "function" else [place[by]]
        for code in codes:
            groups.setdefault(code, []).append(place)
    return groups


def _figures(places: Sequence[Place], columns: Iterable[Measure]) -> dict[str, Figure]:
    figures: dict[str, Figure] = {m.key: sum(map(_counter(m.key), places)) for m in columns}
    if "declared_members" in figures:
        figures["declared_members"] = _declared(places)
    return figures


def _declared(places: Sequence[Place]) -> int:
    """Members as reported, without those of organisations below one that has reported, which include them."""
    reported = {place["code"]: place for place in places if place["declared_members"] is not None}
    parents = {place["code"]: place.get("parent_code") for place in places}
    return sum(
        place["declared_members"]
        for code, place in reported.items()
        if reported.keys().isdisjoint(_above(code, parents))
    )


def _above(code: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    """Organisations above one, as far as they are known; a circle ends where it closes."""
    seen = {code}
    parent = parents.get(code)
    while parent is not None and parent not in seen:
        yield parent
        seen.add(parent)
        parent = parents.get(parent)


def _counter(key: str) -> Callable[[Place], int]:
    """What one place adds to a column."""
    what, _, code = key.partition(".")
    if what == "kind":
        return lambda place: place["kind"] == code
    if what == "function":
        return lambda place: code in place["functions"]
    if key in {measure.key for measure in MEMBERS}:
        return lambda place: place[key] or 0
    return lambda _: 1
