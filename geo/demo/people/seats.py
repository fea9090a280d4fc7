"""Seats of the 234 personnel: what one person holds at the renewal, group by group, unit by unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.demo.people.draws import shared
from geo.demo.people.heads import community_heads, village_heads
from geo.demo.people.land import Land
from geo.demo.people.plan import read_plan
from geo.demo.people.roster import Holding
from geo.demo.shapes import stream

OFFICERS = ("policy_publicist", "information_collector", "stability_mediator", "start_up_adviser")


@dataclass(frozen=True)
class Seat:
    """What one person holds: posts of one group (committees, heads, officers) within one unit."""

    group: str
    unit: int
    holdings: tuple[Holding, ...]


def make_seats(seed: int, land: Land, parties: pd.DataFrame) -> list[Seat]:
    """Deal all posts of the personnel out to exactly as many persons as published.

    Notes
    -----
    Committees and heads follow from units, groups, grids and buildings; the four officers are as many as
    then are missing. Some targets stay without a holder and some seats hold too much, on purpose.
    """
    plan = read_plan()
    rng = stream(seed, "seats")
    seats = [Seat("committees", unit, held) for unit, held in committees(rng, land, plan["committees"])]
    for unit, held in (*village_heads(rng, land, parties), *community_heads(rng, land, parties)):
        seats.append(Seat("heads", unit, held))
    missing = plan["published"]["personnel"] - len(seats)
    seats += [Seat("officers", unit, held) for unit, held in _officers(rng, land, missing)]
    return seats


def committees(
    rng: np.random.Generator, land: Land, plan: dict[str, Any]
) -> Iterable[tuple[int, tuple[Holding, ...]]]:
    """Give each unit's two committees six to eight persons; in most the secretary is the director as well."""
    order = rng.permutation(len(land.units))
    double = set(order[: plan["double_heads"]].tolist())
    without = set(order[-plan["without_director"] :].tolist())
    for unit, code in enumerate(land.units["code"]):
        persons = int(rng.integers(plan["least"], plan["most"] + 1))
        first: tuple[Holding, ...] = (("party_secretary", code),)
        yield unit, (*first, ("committee_director", code)) if unit in double else first
        rest: list[tuple[Holding, ...]] = []
        if unit not in double | without:
            rest.append((("committee_director", code), ("party_committee_member", code)))
        rest.append((("party_committee_member", code), ("committee_member", code)))
        plain = ("party_committee_member", "committee_member")
        rest += [((plain[n % 2], code),) for n in range(persons - 1 - len(rest))]
        for held in rest:
            yield unit, held


def _officers(rng: np.random.Generator, land: Land, count: int) -> Iterable[tuple[int, tuple[Holding, ...]]]:
    """Share the four officers out over units by their grids, each for a grid or two of the unit."""
    per_unit = shared(count, np.bincount(land.cells["unit"]) + 1.0)
    codes = land.cells["code"].to_numpy()
    for unit, number in enumerate(per_unit):
        cells = codes[land.cells_of(unit)]
        turn = int(rng.integers(len(cells)))
        for n in range(int(number)):
            post = OFFICERS[n % 4]
            mine = _stretch(cells, turn + n // 4 * 2, max(1, round(len(cells) * 4 / max(int(number), 1))))
            yield unit, tuple((post, cell) for cell in mine)


def _stretch(cells: np.ndarray, start: int, length: int) -> list[str]:
    """Return some neighbouring cells of a unit, going round."""
    return [str(cells[(start + i) % len(cells)]) for i in range(min(length, len(cells)))]
