"""The duty rota: grid workers by day and some evenings, the centre round the clock, seats in every unit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import pandas as pd

from geo.demo.people.organisations import CENTRE
from geo.demo.people.plan import Days
from geo.demo.people.roster import Roster
from geo.demo.shapes import stream
from geo.zone_lists import Lists

BEFORE, AFTER = 28, 14
ON_LEAVE = 0.11
#: person, day, shift, kind of place, code of the place
Row = tuple[int, date, str, str, str]
SEATS = ("committees", "heads", "officers")


def make_rota(
    seed: int, roster: Roster, sites: pd.DataFrame, days: Days, lists: Lists, time_zone: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw up the rota from four weeks before today to two weeks after.

    Returns
    -------
    duties : pandas.DataFrame
        person (row), day, shift, place (grid, site or organisation), code, starts, ends (UTC).
    leaves : pandas.DataFrame
        person, deputy (rows), kind, since, until.

    Notes
    -----
    The rota keeps the shifts of those on leave: who stands in takes them over.
    """
    rng = stream(seed, "rota")
    workers = _workers(roster)
    leaves = _leaves(rng, workers, days)
    rota = [days.today + timedelta(n) for n in range(-BEFORE, AFTER + 1)]
    rows = [*_grid_shifts(rota, workers), *_centre_shifts(rota, roster), *_seats(rota, roster, sites)]
    duties = pd.DataFrame(rows, columns=["person", "day", "shift", "place", "code"])
    shifts = pd.DataFrame(lists["duty_shifts"]).set_index("code")
    minutes = pd.to_timedelta(duties["shift"].map(shifts["starts_minute"]), unit="min")
    local = (pd.to_datetime(duties["day"]) + minutes).dt.tz_localize(time_zone)
    duties["starts"] = local.dt.tz_convert("UTC")
    duties["ends"] = duties["starts"] + pd.to_timedelta(duties["shift"].map(shifts["minutes"]), unit="min")
    return duties, pd.DataFrame(leaves, columns=["person", "deputy", "kind", "since", "until"])


def _workers(roster: Roster) -> list[tuple[int, str]]:
    """Return the grid workers with their own grid, the first they hold."""
    first: dict[int, str] = {}
    for person, post, target, rank, _, until in roster.held:
        if post == "grid_worker" and rank == "primary" and until is None:
            first.setdefault(person, target)
    return list(first.items())


def _leaves(
    rng: np.random.Generator, workers: list[tuple[int, str]], days: Days
) -> list[tuple[int, int, str, date, date]]:
    """Send some grid workers away for some days; a colleague of the same unit stands in."""
    rows = []
    for person, grid in workers:
        if rng.random() < ON_LEAVE:
            since = days.today + timedelta(int(rng.integers(-BEFORE, AFTER - 2)))
            until = since + timedelta(int(rng.integers(2, 9)))
            others = [other for other, code in workers if code[:12] == grid[:12] and other != person]
            kind = str(rng.choice(["annual", "annual", "training", "other"]))
            rows.append((person, int(rng.choice(others)), kind, since, until))
    busy = {deputy for _, deputy, *_ in rows}
    return [row for row in rows if row[0] not in busy]


def _grid_shifts(rota: list[date], workers: list[tuple[int, str]]) -> Iterable[Row]:
    """Weekdays by day, every other Saturday, and one evening a week each."""
    for number, (person, grid) in enumerate(workers):
        for day in rota:
            weekday = day.weekday()
            saturday = weekday == 5 and (day.toordinal() // 7 + number) % 2 == 0
            if weekday < 5 or saturday:
                yield person, day, "day", "grid", grid
            if weekday == number % 7 and weekday < 6:
                yield person, day, "evening", "grid", grid


def _centre_shifts(rota: list[date], roster: Roster) -> Iterable[Row]:
    """Two operators on every shift and one leader round the clock, by turns."""
    operators = _holders(roster, "centre_operator")
    leaders = _holders(roster, "duty_leader")
    teams = len(operators) // 2
    for day in rota:
        turn = day.toordinal()
        for place, shift in enumerate(("day", "evening", "night")):
            team = (turn + place * 2) % teams
            for person in operators[2 * team : 2 * team + 2]:
                yield person, day, shift, "organisation", CENTRE
        yield leaders[turn % len(leaders)], day, "whole_day", "organisation", CENTRE


def _seats(rota: list[date], roster: Roster, sites: pd.DataFrame) -> Iterable[Row]:
    """轮流坐班值班: every unit's personnel sit in its service hall by turns, Friday evenings too."""
    halls = sites[sites["kind"].eq("service_hall")]
    by_unit: dict[int, list[int]] = {}
    for person, (sort, unit) in enumerate(zip(roster.sort, roster.unit, strict=True)):
        if sort in SEATS:
            by_unit.setdefault(unit, []).append(person)
    for code, unit in zip(halls["code"], halls["unit"], strict=True):
        people = by_unit[unit]
        for day in rota:
            person = people[day.toordinal() % len(people)]
            yield person, day, "day", "site", code
            if day.weekday() == 4:
                yield people[(day.toordinal() + 7) % len(people)], day, "evening", "site", code


def _holders(roster: Roster, post: str) -> list[int]:
    return [person for person, held, _, _, _, until in roster.held if held == post and until is None]
