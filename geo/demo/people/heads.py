"""The three heads: of party groups, villager groups and councils; of party groups, grids and buildings."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from geo.demo.people.land import Land, near_each_other
from geo.demo.people.plan import read_plan
from geo.demo.people.roster import Holding

Seats = list[tuple[int, tuple[Holding, ...]]]
#: Limits of the list of posts that a planted overload breaks.
GROUPS_OVERLOADED, BUILDINGS_OVERLOADED, GRIDS_OVERLOADED = 4, 12, 3


def village_heads(rng: np.random.Generator, land: Land, parties: pd.DataFrame) -> Seats:
    """Return the seats of the three heads in villages."""
    plan = read_plan()["heads"]
    units = np.flatnonzero(land.units["village"].to_numpy())
    seats = _party_groups(parties, units, "village_party_group_leader")
    left_out = _some(rng, _groups_of(land, units), plan["groups_without_leader"])
    overloaded = set(rng.choice(units, plan["leaders_overloaded"], replace=False).tolist())
    for unit in units.tolist():
        mine = [n for n in _groups_of(land, [unit]) if n not in left_out]
        sizes = [GROUPS_OVERLOADED] if unit in overloaded else []
        while sum(sizes) < len(mine):
            sizes.append(int(rng.choice([1, 2, 3], p=[0.84, 0.13, 0.03])))
        seats += _held(land, unit, "villager_group_leader", mine, sizes)
        councils = [n for n in _groups_of(land, [unit]) if rng.random() < plan["council_share"]]
        seats += _held(land, unit, "council_head", councils, rng.integers(2, 4, len(councils)).tolist())
    return seats


def community_heads(rng: np.random.Generator, land: Land, parties: pd.DataFrame) -> Seats:
    """Return the seats of the three heads in communities."""
    units = np.flatnonzero(~land.units["village"].to_numpy())
    seats = _party_groups(parties, units, "community_party_group_leader")
    seats += _grid_heads(rng, land, units)
    return seats + _building_heads(rng, land, units)


def _party_groups(parties: pd.DataFrame, units: np.ndarray, post: str) -> Seats:
    groups = parties[parties["kind"].eq("group") & parties["unit"].isin(units)]
    return [
        (int(unit), ((post, str(code)),)) for unit, code in zip(groups["unit"], groups["code"], strict=True)
    ]


def _groups_of(land: Land, units: Iterable[int]) -> list[int]:
    """Return the villager groups of some units, neighbours mostly after each other."""
    table = land.neighbourhoods
    rows: list[int] = []
    for unit in units:
        mine = np.flatnonzero((table["unit"] == unit) & (table["kind"] == "villager_group"))
        rows += mine[near_each_other(table[["x", "y"]].to_numpy()[mine])].tolist()
    return rows


def _some(rng: np.random.Generator, rows: list[int], count: int) -> set[int]:
    return set(rng.choice(np.array(rows, dtype=np.int64), min(count, len(rows)), replace=False).tolist())


def _held(land: Land, unit: int, post: str, rows: list[int], sizes: list[int]) -> Seats:
    """Cut neighbourhoods into seats of the sizes given."""
    codes = land.neighbourhoods["code"].to_numpy()
    seats, start = [], 0
    for size in sizes:
        part = rows[start : start + size]
        if part:
            seats.append((unit, tuple((post, str(codes[row])) for row in part)))
        start += size
    return seats


def _grid_heads(rng: np.random.Generator, land: Land, units: np.ndarray) -> Seats:
    """Give each third-level grid of the communities a head; some have two grids, one has three."""
    plan = read_plan()["heads"]
    empty = set(rng.choice(units, plan["grids_without_head"], replace=False).tolist())
    rest = [unit for unit in units.tolist() if unit not in empty]
    order = [int(unit) for unit in rng.permutation(rest)]
    first = dict.fromkeys(order[1 : 1 + plan["grid_heads_of_two"]], 2) | {order[0]: GRIDS_OVERLOADED}
    seats: Seats = []
    for unit in units.tolist():
        codes = land.cells["code"].to_numpy()[land.cells_of(unit)].tolist()
        codes = codes[1:] if unit in empty else codes
        size = first.get(unit, 1)
        for part in [codes[:size], *([code] for code in codes[size:])]:
            seats.append((unit, tuple(("grid_head", str(code)) for code in part)))
    return seats


def _building_heads(rng: np.random.Generator, land: Land, units: np.ndarray) -> Seats:
    """Let a building head answer for neighbouring residential buildings of one third-level grid."""
    plan = read_plan()["heads"]
    stock = land.buildings
    homes = np.flatnonzero((stock["kind"] == "residential") & stock["unit"].isin(units))
    left_out = _some(rng, homes.tolist(), min(plan["buildings_without_head"], len(homes) // 10))
    seats: Seats = []
    households, cells = stock["households"].to_numpy(), stock["cell"].to_numpy()
    codes, unit_of = stock["code"].to_numpy(dtype=object), stock["unit"].to_numpy()
    for cell in np.unique(cells[homes]):
        mine = [row for row in _in_order(land, homes[cells[homes] == cell]) if row not in left_out]
        for part in _bundles(rng, households, mine, plan):
            held = tuple(("building_head", str(codes[row])) for row in part)
            seats.append((int(unit_of[part[0]]), held))
    return _with_overloads(rng, seats, plan["building_heads_overloaded"])


def _in_order(land: Land, rows: np.ndarray) -> list[int]:
    """Return the buildings of a cell quarter by quarter, neighbours after each other."""
    mine = rows[near_each_other(land.centres[rows])]
    key = land.buildings["neighbourhood_code"].take(mine).fillna("").to_numpy(dtype=str)
    return [int(row) for row in mine[np.argsort(key, kind="stable")]]


def _bundles(
    rng: np.random.Generator, households: np.ndarray, rows: list[int], plan: dict[str, int]
) -> Iterable[list[int]]:
    """Cut a row of buildings into what one person can look after."""
    part: list[int] = []
    most = int(rng.integers(4, plan["most_buildings"] + 1))
    for row in rows:
        if part and (len(part) >= most or households[[*part, row]].sum() > plan["most_households"]):
            yield part
            part, most = [], int(rng.integers(4, plan["most_buildings"] + 1))
        part.append(row)
    if part:
        yield part


def _with_overloads(rng: np.random.Generator, seats: Seats, count: int) -> Seats:
    """Join the first seats of some large units until one person holds more buildings than they should."""
    seats = list(seats)
    owners = np.array([unit for unit, _ in seats])
    buildings = np.bincount(owners, weights=[len(held) for _, held in seats])
    large = np.flatnonzero(buildings >= BUILDINGS_OVERLOADED)
    for unit in np.sort(rng.permutation(large)[:count])[::-1]:
        at = int(np.flatnonzero(owners == unit)[0])
        held = seats[at][1]
        while len(held) < BUILDINGS_OVERLOADED:
            held += seats.pop(at + 1)[1]
        seats[at] = (int(unit), held)
    return seats
