"""Faults of hours, shifts and leaves that overlap."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.geo.roster.planted import rows
from tests.geo.roster.planted.faults import Mark, mark, plants
from tests.geo.roster.planted.roster import Roster, Row
from tests.geo.roster.planted.rows import FRESH
from tests.geo.roster.planted.rows import day as day_of
from tests.geo.roster.planted.spelling import Raw
from tests.geo.roster.planted.zone import SERVED, STORED_DAY

#: Two openings that overlap: days, opens and closes of each.
_HOURS = {
    "same hours": ((1,), 540, 1020, (1,), 540, 1020),
    "one within the other": ((3,), 0, 1440, (3,), 600, 660),
    "by a minute": ((7,), 540, 721, (7,), 720, 1440),
    "the later one earlier": ((2,), 720, 1440, (2,), 0, 721),
    "a day within a span": ((1, 2, 3, 4, 5), 540, 1020, (5,), 1000, 1100),
    "spans that share a day": ((1, 2, 3), 540, 1020, (3, 4, 5), 540, 1020),
    "every day": ((1, 2, 3, 4, 5, 6, 7), 480, 720, (1, 2, 3, 4, 5, 6, 7), 600, 900),
}

#: Two shifts that overlap: the first, days until the later one, the later one.
_SHIFTS = (
    ("day", 0, "whole_day"),
    ("whole_day", 0, "night"),
    ("evening", 0, "whole_day"),
    ("night", 0, "whole_day"),
    ("day", 0, "day"),
)

#: Two leaves that overlap: days the first lasts, days until the later one begins, days that one lasts.
_LEAVES = ((1, 0, 1), (5, 4, 5), (5, 1, 1), (1, -4, 5), (3, -1, 9))


def _pair(roster: Roster, sheet: str, first: dict[str, Any], later: dict[str, Any]) -> tuple[Row, Row]:
    pair = FRESH[sheet](roster, **first), FRESH[sheet](roster, **later)
    roster.in_order(*pair)
    return pair


def _openings(roster: Roster, name: str) -> tuple[Row, Row]:
    shared = {"site": rows.site(roster).cells["code"], "function": roster.entry("site_functions")}
    days, opens, closes, *rest = _HOURS[name]
    first = {"weekday": days, "opens": opens, "closes": closes}
    later = dict(zip(("weekday", "opens", "closes"), rest, strict=True))
    return _pair(roster, "openings", shared | first, shared | later)


def _hours(name: str) -> None:
    def plant(roster: Roster) -> list[Mark]:
        return [mark("opening-overlap", _openings(roster, name)[1], "opens")]

    plants("opening-overlap", name)(plant)


for _name in _HOURS:
    _hours(_name)


def _duties(roster: Roster, shift: str, after: int, other: str) -> tuple[Row, Row]:
    """Add two duties of somebody new, at two places."""
    holder = rows.person(roster).cells["code"]
    day = rows.free_day(roster, holder, "duty")
    first = {"person": holder, "day": day, "shift": shift, "place": roster.pick("grid")}
    later_day = day + timedelta(days=after)
    later = {"person": holder, "day": later_day, "shift": other, "place": roster.pick("organisation")}
    return _pair(roster, "duty", first, later)


def _shifts(shift: str, after: int, other: str) -> None:
    def plant(roster: Roster) -> list[Mark]:
        return [mark("duty-overlap", _duties(roster, shift, after, other)[1], "day")]

    plants("duty-overlap", f"{shift} {after} {other}")(plant)


def _leaves(roster: Roster, lasts: int, after: int, later_lasts: int) -> tuple[Row, Row]:
    holder = rows.person(roster).cells["code"]
    since = rows.free_day(roster, holder, "leave")
    later = since + timedelta(days=after)
    terms = [
        {"person": holder, "since": begins, "until": begins + timedelta(days=days - 1)}
        for begins, days in ((since, lasts), (later, later_lasts))
    ]
    return _pair(roster, "leave", *terms)


def _absences(lasts: int, after: int, later_lasts: int) -> None:
    def plant(roster: Roster) -> list[Mark]:
        return [mark("leave-overlap", _leaves(roster, lasts, after, later_lasts)[1], "since")]

    plants("leave-overlap", f"{lasts} days, {after} days after it {later_lasts}")(plant)


for _shift in _SHIFTS:
    _shifts(*_shift)
for _leave in _LEAVES:
    _absences(*_leave)


@plants("leave-overlap", "three at once are two too many")
def _three_leaves(roster: Roster) -> list[Mark]:
    holder, day = rows.person(roster).cells["code"], date(2026, 12, 1)
    first, *later = [rows.leave(roster, person=holder, since=day, until=day) for _ in range(3)]
    roster.in_order(first, *later)
    return [mark("leave-overlap", row, "since") for row in later]


@plants("duty-overlap", "with a stored one")
def _beside_stored_duty(roster: Roster) -> list[Mark]:
    row = rows.duty(roster, person="S003", day=STORED_DAY, shift="whole_day", place=roster.pick("grid"))
    return [mark("duty-overlap", row, "day")]


@plants("leave-overlap", "with a stored one")
def _beside_stored_leave(roster: Roster) -> list[Mark]:
    first = STORED_DAY - timedelta(days=3)
    return [mark("leave-overlap", rows.leave(roster, person="S003", since=first, until=STORED_DAY), "since")]


def _served(roster: Roster, apart: int) -> tuple[Row, Row]:
    """Let somebody new serve a quarter for two terms of eleven days."""
    shared = {
        "neighbourhood": roster.pick("neighbourhood"),
        "organisation": rows.organisation(roster).cells["code"],
    }
    since, ten = day_of(roster), timedelta(days=10)
    later = since + timedelta(days=apart)
    return _pair(
        roster,
        "neighbourhood_organisations",
        shared | {"since": since, "until": since + ten},
        shared | {"since": later, "until": later + ten},
    )


def _services(apart: int) -> None:
    def plant(roster: Roster) -> list[Mark]:
        return [mark("service-overlap", _served(roster, apart)[1], "since")]

    plants("service-overlap", f"{apart} days apart")(plant)


for _apart in (0, 5, 10, -10):
    _services(_apart)


@plants("service-overlap", "with a stored one")
def _beside_stored_service(roster: Roster) -> list[Mark]:
    who = {"neighbourhood": SERVED, "organisation": "organisation-old-1"}
    return [mark("service-overlap", rows.neighbourhood_organisation(roster, **who), "since")]


def _left_out(sheet: str, rule: str, column: str, value: object, *, first: bool) -> None:
    """Plant an overlap of which one row has a faulty cell and so does not count."""

    def plant(roster: Roster) -> list[Mark]:
        pair = _LEFT_OUT[sheet](roster)
        row = pair[0 if first else 1]
        row.cells[column] = Raw(value)
        return [mark(rule, row, column)]

    plants(rule, f"{sheet} left out of the overlaps: {column} {'first' if first else 'later'}")(plant)


_LEFT_OUT = {
    "openings": lambda roster: _openings(roster, "same hours"),
    "duty": lambda roster: _duties(roster, "day", 0, "whole_day"),
    "leave": lambda roster: _leaves(roster, 5, 4, 5),
    "neighbourhood_organisations": lambda roster: _served(roster, 5),
}
for _first in (True, False):
    _left_out("openings", "reference-unknown", "site", "nowhere", first=_first)
    _left_out("openings", "date-form", "closes", "25:00", first=_first)
    _left_out("duty", "reference-unknown", "person", "nobody", first=_first)
    _left_out("duty", "date-form", "day", "2026-02-30", first=_first)
    _left_out("leave", "reference-unknown", "person", "nobody", first=_first)
    _left_out("leave", "date-form", "until", "2026-02-30", first=_first)
    _left_out("neighbourhood_organisations", "date-form", "until", "2026-02-30", first=_first)
    _left_out("neighbourhood_organisations", "reference-unknown", "organisation", "x", first=_first)
    _left_out("leave", "value-missing", "since", None, first=_first)
