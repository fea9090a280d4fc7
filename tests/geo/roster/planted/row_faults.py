"""Faults that a row shows only beside others: repeated codes, reversed dates, halves, circles, names."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tests.geo.roster.planted import rows
from tests.geo.roster.planted.faults import Mark, mark, plants
from tests.geo.roster.planted.roster import Roster, Row
from tests.geo.roster.planted.rows import FRESH
from tests.geo.roster.planted.spelling import Raw

_KEYS = {"services": "id"} | dict.fromkeys(
    ("people", "organisations", "party_orgs", "sites", "teams", "cameras"), "code"
)
_SPANS = {
    "people": ("since", "until"),
    "assignments": ("since", "until"),
    "neighbourhood_organisations": ("since", "until"),
    "leave": ("since", "until"),
    "services": ("at", "resolved_at"),
    "openings": ("opens", "closes"),
}


def _repeated(sheet: str, times: int) -> None:
    key = _KEYS[sheet]

    def plant(roster: Roster) -> list[Mark]:
        first = FRESH[sheet](roster)
        later = [FRESH[sheet](roster, **{key: first.cells[key]}) for _ in range(times)]
        roster.in_order(first, *later)
        return [mark("code-repeated", row, key) for row in later]

    plants("code-repeated", f"{sheet} {times} times")(plant)


for _sheet in _KEYS:
    _repeated(_sheet, 1)
    _repeated(_sheet, 3)


@plants("code-repeated", "of a sound row, and others refer to it")
def _repeated_sound(roster: Roster) -> list[Mark]:
    first = rows.person(roster)
    again = rows.person(roster, code=first.cells["code"], name=first.cells["name"])
    roster.in_order(first, again)
    rows.service(roster, person=first.cells["code"])
    return [mark("code-repeated", again, "code")]


def _backwards(sheet: str, back: Any) -> None:
    start, end = _SPANS[sheet]

    def plant(roster: Roster) -> list[Mark]:
        row = FRESH[sheet](roster)
        if sheet == "openings":
            row.cells |= {start: 600}
            back_by: Any = back.seconds // 60
        else:
            back_by = back
        row.cells[end] = row.cells[start] - back_by
        return [mark("date-order", row, end)]

    plants("date-order", f"{sheet} by {back}")(plant)


for _sheet in _SPANS:
    _small = timedelta(minutes=30) if _sheet in {"services", "openings"} else timedelta(days=1)
    _backwards(_sheet, _small)
    _backwards(_sheet, timedelta(hours=9) if _sheet == "openings" else timedelta(days=500))


@plants("date-order", "closes as it opens")
def _never_open(roster: Roster) -> list[Mark]:
    return [mark("date-order", rows.opening(roster, opens=600, closes=600), "closes")]


@plants("date-order", "left before coming in today")
def _left_before(roster: Roster) -> list[Mark]:
    return [mark("date-order", rows.person(roster, since=None, until=date(2025, 12, 31)), "until")]


@plants("figure-repeated")
def _figure_again(roster: Roster) -> list[Mark]:
    first = rows.figure(roster)
    later = roster.add("figures", **first.cells | {"value": 1})
    roster.in_order(first, later)
    return [mark("figure-repeated", later, "year")]


@plants("figure-repeated", "twice the very same row")
def _figure_thrice(roster: Roster) -> list[Mark]:
    first = rows.figure(roster)
    later = [roster.add("figures", **first.cells) for _ in range(2)]
    roster.in_order(first, *later)
    return [mark("figure-repeated", row, "year") for row in later]


@plants("coordinates-half", "without latitude")
def _without_latitude(roster: Roster) -> list[Mark]:
    return [mark("coordinates-half", rows.party_org(roster, lat=None), "lat")]


@plants("coordinates-half", "without longitude")
def _without_longitude(roster: Roster) -> list[Mark]:
    return [mark("coordinates-half", rows.party_org(roster, lon=None), "lon")]


@plants("camera-view", "looks one way, sees all round")
def _direction_all_round(roster: Roster) -> list[Mark]:
    return [mark("camera-view", rows.camera(roster, direction=0, angle=360), "direction")]


@plants("camera-view", "looks one way, no angle")
def _direction_without_angle(roster: Roster) -> list[Mark]:
    return [mark("camera-view", rows.camera(roster, angle=None), "direction")]


@plants("camera-view", "looks nowhere")
def _angle_without_direction(roster: Roster) -> list[Mark]:
    return [mark("camera-view", rows.camera(roster, direction=None, angle=359.5), "direction")]


@plants("deputy-self")
def _deputy_self(roster: Roster) -> list[Mark]:
    holder = roster.pick("person")
    return [mark("deputy-self", rows.leave(roster, person=holder, deputy=holder), "deputy")]


@plants("deputy-self", "somebody new")
def _deputy_self_new(roster: Roster) -> list[Mark]:
    holder = rows.person(roster).cells["code"]
    return [mark("deputy-self", rows.leave(roster, person=holder, deputy=holder), "deputy")]


def _circle(kind: str, length: int) -> None:
    def plant(roster: Roster) -> list[Mark]:
        circle = [FRESH[kind](roster) for _ in range(length)]
        for row, above in zip(circle, [*circle[1:], circle[0]], strict=True):
            row.cells["parent"] = above.cells["code"]
        FRESH[kind](roster, parent=circle[0].cells["code"])  # hangs on the circle without being of it
        return [mark("parent-circle", row, "parent") for row in circle]

    plants("parent-circle", f"{kind} of {length}")(plant)


for _kind in ("organisations", "party_orgs"):
    for _length in (1, 2, 3, 6):
        _circle(_kind, _length)


def _circle_with_stored(sheet: str, kind: str) -> None:
    def plant(roster: Roster) -> list[Mark]:
        top, child = roster.zone.codes(kind)
        return [mark("parent-circle", FRESH[sheet](roster, code=top, parent=child), "parent")]

    plants("parent-circle", f"{sheet} with a stored child")(plant)


_circle_with_stored("organisations", "organisation")
_circle_with_stored("party_orgs", "party_org")


@plants("name-differs", "of a person of the file")
def _other_name(roster: Roster) -> list[Mark]:
    holder = rows.person(roster, name="测甲").cells["code"]
    return [mark("name-differs", rows.assignment(roster, person=holder, name="测乙"), "name")]


@plants("name-differs", "of a stored person")
def _other_stored_name(roster: Roster) -> list[Mark]:
    return [mark("name-differs", rows.assignment(roster, person="S006", name="旧人5"), "name")]


@plants("name-differs", "the stored name of a person renamed")
def _former_name(roster: Roster) -> list[Mark]:
    rows.person(roster, code="S004", name="新名四")
    return [mark("name-differs", rows.assignment(roster, person="S004", name="旧人4"), "name")]


@plants("value-missing", "a person others refer to has no name")
def _nameless(roster: Roster) -> list[Mark]:
    row = rows.person(roster, name=None)
    rows.assignment(roster, person=row.cells["code"], name=None)
    rows.duty(roster, person=row.cells["code"])
    return [mark("value-missing", row, "name")]


@plants("list-unknown", "a site others refer to is of no kind")
def _kindless(roster: Roster) -> list[Mark]:
    row = rows.site(roster, kind=Raw("没有这种"))
    rows.opening(roster, site=row.cells["code"])
    rows.assignment(roster, "site_keeper", row.cells["code"])
    return [mark("list-unknown", row, "kind")]


@plants("date-form", "a person others refer to has no date of birth")
def _unborn(roster: Roster) -> list[Mark]:
    row: Row = rows.person(roster, born_on=Raw("去年"))
    rows.service(roster, person=row.cells["code"])
    rows.leave(roster, person=row.cells["code"])
    return [mark("date-form", row, "born_on")]


@plants("date-order", "a stored assignment is ended before it began")
def _ended_before(roster: Roster) -> list[Mark]:
    team = _led(roster)
    if team is None:
        return []
    leader = roster.zone.led[team]
    roster.names.setdefault(leader, "")
    term = {"since": date(2020, 1, 1), "until": date(2019, 12, 31), "name": None}
    return [mark("date-order", rows.assignment(roster, "team_leader", team, person=leader, **term), "until")]


def _led(roster: Roster) -> str | None:
    free = [team for team in sorted(roster.zone.led) if ("led", team) not in roster.taken]
    if free:
        roster.taken.add(("led", free[0]))
    return free[0] if free else None


@plants("date-order", "resolved in the minute before")
def _resolved_before(roster: Roster) -> list[Mark]:
    at = datetime(2026, 3, 1, 0, 0)  # noqa: DTZ001 - a time of the zone's clock
    row = rows.service(roster, at=at, resolved_at=datetime(2026, 2, 28, 23, 59))  # noqa: DTZ001
    return [mark("date-order", row, "resolved_at")]
