"""Everybody apart from the 234 personnel: grid workers, centre, departments, bureaus, quarters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd

from geo.demo.people.land import Land
from geo.demo.people.organisations import CENTRE
from geo.demo.people.plan import Days, read_plan
from geo.demo.people.roster import Roster
from geo.demo.shapes import Floats, stream

Day = Callable[[], date]


def some_day(rng: np.random.Generator, days: Days) -> Day:
    """Return a function that draws a day of the term before, for those who were there at the renewal."""
    length = (days.renewal - days.term_before).days
    return lambda: days.term_before + timedelta(int(rng.integers(0, length)))


def employ_workers(seed: int, roster: Roster, land: Land, days: Days) -> None:
    """Post the grid workers: unevenly, on purpose."""
    rng = stream(seed, "grid workers")
    plan = read_plan()["workers"]
    day = some_day(rng, days)
    codes = land.cells["code"].to_numpy()
    workers: list[tuple[int, int]] = []
    per_cell = _workers_per_cell(rng, land)
    for cell, count in enumerate(per_cell):
        for _ in range(int(count)):
            person = roster.add("worker", int(land.cells["unit"][cell]))
            roster.hold(person, [("grid_worker", codes[cell])], day())
            workers.append((person, cell))
    chosen = rng.permutation(len(workers))
    for rank, picked in (
        ("primary", chosen[: plan["second_grid"]]),
        ("deputy", chosen[plan["second_grid"] :][: plan["deputies"]]),
    ):
        for number in picked:
            person, cell = workers[number]
            other = _neighbour(land, cell, per_cell > 0)
            roster.hold(person, [("grid_worker", codes[other])] if other >= 0 else [], day(), rank=rank)


def _workers_per_cell(rng: np.random.Generator, land: Land) -> np.ndarray:
    """Return how many workers each third-level grid has: 163 in all, not where they are needed most."""
    plan, total = read_plan(), read_plan()["published"]["grid_workers"]
    none, three = plan["workers"]["none"], plan["workers"]["three"]
    homes: Floats = land.cells["households"].to_numpy(dtype=float)
    rank = np.argsort(-homes * rng.uniform(0.6, 1.7, len(homes)), kind="stable")
    count = np.ones(len(homes), dtype=np.int64)
    count[rank[:three]] = 3
    two = total - len(homes) + none - 2 * three
    count[rank[three : three + two]] = 2
    busy = rank[three + two : -20]
    count[rng.choice(busy, none - 2, replace=False)] = 0
    count[rank[-2:]] = 0
    return count


def _neighbour(land: Land, cell: int, staffed: np.ndarray) -> int:
    """Return the nearest other grid of the same unit that has workers of its own; -1 where there is none."""
    unit = int(land.cells["unit"][cell])
    others = [other for other in land.cells_of(unit) if other != cell and staffed[other]]
    points = land.cells[["x", "y"]].to_numpy()
    return int(min(others, key=lambda other: float(np.hypot(*(points[other] - points[cell]))), default=-1))


def employ_offices(
    seed: int, roster: Roster, organisations: pd.DataFrame, parties: pd.DataFrame, days: Days
) -> None:
    """Staff the centre, the departments and the bureaus, and the branches of the departments."""
    rng = stream(seed, "offices")
    day = some_day(rng, days)

    def employ(sort: str, post: str, target: str, count: int = 1) -> int:
        for _ in range(count):
            person = roster.add(sort)
            roster.hold(person, [(post, target)], day())
        return person

    employ("official", "party_org_secretary", str(parties["code"][0]))
    employ("official", "centre_head", CENTRE)
    employ("official", "duty_leader", CENTRE, 4)
    employ("operator", "centre_operator", CENTRE, 12)
    branches = parties.loc[parties["unit"].eq(-1) & parties["kind"].eq("branch"), "code"].tolist()
    departments = organisations.loc[organisations["kind"].eq("department"), "code"].tolist()
    for number, code in enumerate(departments):
        head = employ("official", "department_head", code)
        roster.hold(head, [("party_org_secretary", branches[number])], day())
        employ("handler", "department_handler", code, int(rng.integers(2, 5)))
    bureaus = organisations[organisations["kind"].eq("bureau")]
    for code, grid in zip(bureaus["code"], bureaus["grid_code"], strict=True):
        head = employ("official", "bureau_head", code)
        roster.hold(head, [("first_level_grid_head", grid)], day())
        employ("handler", "bureau_staff", code, 3)


def employ_quarters(
    seed: int, roster: Roster, land: Land, serving: pd.DataFrame, units: pd.DataFrame, days: Days
) -> None:
    """Find heads and members of quarters' councils, managers of property companies, heads of units."""
    rng = stream(seed, "quarter people")
    day = some_day(rng, days)
    unit_of = dict(zip(land.neighbourhoods["code"], land.neighbourhoods["unit"], strict=True))
    councils = serving["kind"].eq("quarter_council")
    for number, quarter in enumerate(serving.loc[councils, "neighbourhood_code"]):
        head = roster.add("resident", unit_of[quarter])
        roster.hold(head, [("quarter_council_head", quarter)], day())
        for _ in range(2 if number % 2 else 0):
            roster.hold(
                roster.add("resident", unit_of[quarter]), [("quarter_council_member", quarter)], day()
            )
    for _, quarters in serving[~councils].groupby("organisation_code", sort=True)["neighbourhood_code"]:
        for start in range(0, len(quarters), 2):
            mine = quarters.iloc[start : start + 2].tolist()
            manager = roster.add("manager", unit_of[mine[0]])
            roster.hold(manager, [("property_manager", quarter) for quarter in mine], day())
    _unit_heads(rng, roster, land, units, day)


def _unit_heads(rng: np.random.Generator, roster: Roster, land: Land, units: pd.DataFrame, day: Day) -> None:
    """Give the units of a few communities' quarters heads: one for up to three units of a building."""
    communities = np.flatnonzero(~land.units["village"].to_numpy())
    chosen = rng.choice(communities, read_plan()["quarters"]["units_with_unit_heads"], replace=False)
    stock = land.buildings
    mine = stock["unit"].isin(chosen) & stock["kind"].eq("residential") & stock["neighbourhood_code"].notna()
    unit_of = dict(zip(stock["code"][mine], stock["unit"][mine], strict=True))
    entrances = units[units["building_code"].isin(unit_of)]
    for building, codes in entrances.groupby("building_code", sort=True)["code"]:
        for start in range(0, len(codes), 3):
            person = roster.add("resident", int(unit_of[building]))
            held = [("unit_head", str(code)) for code in codes.iloc[start : start + 3]]
            roster.hold(person, held, day())
