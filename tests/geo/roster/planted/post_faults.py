"""Faults of who holds which post for what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.geo.roster.planted import rows
from tests.geo.roster.planted.faults import Mark, mark, plants
from tests.geo.roster.planted.roster import POSTS, Roster, Row
from tests.geo.roster.planted.row_faults import _led
from tests.geo.roster.planted.spelling import Raw
from tests.geo.roster.planted.zone import Place

#: How far apart the beginnings of two terms of 31 days may lie, to overlap.
_APART = (0, 1, 30, -1, -30)
_TERM = timedelta(days=30)


def _wrong_kind(post: str) -> None:
    """Plant a target of another kind; of the same unit, so that nothing else is wrong with it."""

    def plant(roster: Roster) -> list[Mark]:
        right = POSTS[post]["target"]
        kind = roster.rng.choice([kind for kind in roster.zone.places if kind != right])
        code = roster.rng.choice(roster.zone.codes(kind))
        return [mark("post-target", rows.assignment(roster, post, code), "target")]

    plants("post-target", f"{post} for another kind")(plant)


def _wrong_level(post: str) -> None:
    def plant(roster: Roster) -> list[Mark]:
        places = [place for place in roster.zone.places["grid"] if place.level != POSTS[post]["grid_level"]]
        return [mark("post-target", rows.assignment(roster, post, roster.rng.choice(places).code), "target")]

    plants("post-target", f"{post} for another level")(plant)


def _wrong_unit(post: str) -> None:
    def plant(roster: Roster) -> list[Mark]:
        return [mark("post-unit", rows.assignment(roster, post, _abroad(roster, post)), "target")]

    plants("post-unit", post)(plant)


def _abroad(roster: Roster, post: str) -> str:
    """Give a target of the right kind in a unit of the wrong kind."""
    row = POSTS[post]
    if row["target"] == "party_org":
        grids = [each for each in roster.zone.places["grid"] if each.unit not in (None, row["unit_kind"])]
        return str(rows.party_org(roster, grid=roster.rng.choice(grids).code).cells["code"])
    places: list[Place] = roster.zone.places[row["target"]]
    level = row["grid_level"]
    abroad = [place for place in places if place.unit != row["unit_kind"] and place.level == level]
    return roster.rng.choice(abroad).code


for _post, _row in POSTS.items():
    _wrong_kind(_post)
    if _row["grid_level"]:
        _wrong_level(_post)
    if _row["unit_kind"]:
        _wrong_unit(_post)


@plants("post-target", "a team of the file as a site")
def _team_as_site(roster: Roster) -> list[Mark]:
    row = rows.assignment(roster, "site_keeper", rows.team(roster).cells["code"])
    return [mark("post-target", row, "target")]


def _two(roster: Roster, post: str, apart: int, *people: str) -> tuple[Row, Row]:
    """Add two terms of a post for one target, one after the other in the sheet, overlapping in time."""
    since = date(2024, 6, 1)
    first = rows.assignment(roster, post, person=people[0], since=since, until=since + _TERM)
    later = since + timedelta(days=apart)
    target = first.cells["target"]
    term = {"since": later, "until": later + _TERM}
    second = rows.assignment(roster, post, target, person=people[1], **term)
    roster.in_order(first, second)
    return first, second


def _new(roster: Roster) -> str:
    return str(rows.person(roster).cells["code"])


def _second_holder(post: str, apart: int) -> None:
    def plant(roster: Roster) -> list[Mark]:
        _, second = _two(roster, post, apart, _new(roster), _new(roster))
        return [mark("post-single", second, "post")]

    plants("post-single", f"{post} {apart} days apart")(plant)


def _twice(post: str, apart: int) -> None:
    def plant(roster: Roster) -> list[Mark]:
        holder = _new(roster)
        _, second = _two(roster, post, apart, holder, holder)
        return [mark("assignment-repeated", second, "post")]

    plants("assignment-repeated", f"{post} {apart} days apart")(plant)


for _number, (_post, _row) in enumerate(POSTS.items()):
    (_second_holder if _row["is_single"] else _twice)(_post, _APART[_number % 5])


@plants("post-single", "three at a time are two too many")
def _three_holders(roster: Roster) -> list[Mark]:
    first, *later = _terms(roster, 3)
    roster.in_order(first, *later)
    return [mark("post-single", row, "post") for row in later]


def _terms(roster: Roster, count: int, **cells: Any) -> list[Row]:
    """Add terms without an end of several people in one post for one new team."""
    team = rows.team(roster).cells["code"]
    term = {"since": date(2024, 6, 1), "until": None} | cells
    return [rows.assignment(roster, "team_leader", team, person=_new(roster), **term) for _ in range(count)]


@plants("post-single", "both without an end, years apart")
def _endless(roster: Roster) -> list[Mark]:
    first, later = _terms(roster, 2)
    later.cells["since"] = date(2036, 1, 1)
    roster.in_order(first, later)
    return [mark("post-single", later, "post")]


@plants("post-single", "a stored holder goes on")
def _beside_stored(roster: Roster) -> list[Mark]:
    team = _led(roster)
    if team is None:
        return []
    row = rows.assignment(roster, "team_leader", team, person=_new(roster))
    return [mark("post-single", row, "post")]


@plants("post-single", "a stored holder ends a day too late")
def _ends_too_late(roster: Roster) -> list[Mark]:
    """The row that ends the stored term stands first, so that the other is the later one."""
    team = _led(roster)
    if team is None:
        return []
    leader, ends = roster.zone.led[team], date(2025, 6, 30)
    roster.names.setdefault(leader, "")
    kept = {"since": date(2020, 1, 1), "until": ends, "name": None}
    old = rows.assignment(roster, "team_leader", team, person=leader, **kept)
    new = rows.assignment(roster, "team_leader", team, person=_new(roster), since=ends, until=None)
    roster.in_order(old, new)
    return [mark("post-single", new, "post")]


@plants("assignment-repeated", "deputy of the same single post")
def _deputy_twice(roster: Roster) -> list[Mark]:
    first, later = _terms(roster, 2, rank="deputy")
    later.cells |= {"person": first.cells["person"], "name": None}
    roster.in_order(first, later)
    return [mark("assignment-repeated", later, "post")]


@plants("assignment-repeated", "one holder of a single post, twice")
def _holder_twice(roster: Roster) -> list[Mark]:
    first, later = _terms(roster, 2)
    later.cells |= {"person": first.cells["person"], "name": None}
    roster.in_order(first, later)
    return [mark("assignment-repeated", later, "post")]


@plants("assignment-repeated", "stored with another first day")
def _stored_before(roster: Roster) -> list[Mark]:
    team = _led(roster)
    if team is None:
        return []
    leader = roster.zone.led[team]
    roster.names.setdefault(leader, "")
    term = {"since": date(2021, 1, 1), "until": None, "name": None}
    row = rows.assignment(roster, "team_leader", team, person=leader, **term)
    return [mark("assignment-repeated", row, "post")]


@plants("assignment-repeated", "the very same row")
def _same_row(roster: Roster) -> list[Mark]:
    first = rows.assignment(roster, "grid_worker", person=_new(roster))
    later = roster.add("assignments", **first.cells)
    roster.in_order(first, later)
    return [mark("assignment-repeated", later, "post")]


def _left_out(name: str, rule: str, column: str, value: object, *, first: bool) -> None:
    """Plant two holders of a single post of whom one has a faulty cell and so does not count."""

    def plant(roster: Roster) -> list[Mark]:
        one, two = _terms(roster, 2)
        roster.in_order(one, two)
        faulty = one if first else two
        faulty.cells |= {"name": None, column: Raw(value)}
        return [mark(rule, faulty, column)]

    plants(rule, f"and left out of the overlaps: {name} {'first' if first else 'later'}")(plant)


for _first in (True, False):
    _left_out("since", "date-form", "since", "不知道", first=_first)
    _left_out("until", "date-form", "until", "2026-02-30", first=_first)
    _left_out("person", "reference-unknown", "person", "nobody", first=_first)
    _left_out("post", "list-unknown", "post", "没有", first=_first)
    _left_out("no post", "value-missing", "post", None, first=_first)
    _left_out("order", "date-order", "until", date(2024, 5, 31), first=_first)
