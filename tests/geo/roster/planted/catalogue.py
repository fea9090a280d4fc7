"""Every planter there is, and mixtures of them."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from tests.geo.roster.planted import cell_faults, overlap_faults, post_faults, row_faults, sheet_faults
from tests.geo.roster.planted.faults import PLANTERS, Mark, Planter
from tests.geo.roster.planted.roster import Roster

__all__ = ["PLANTERS", "RULES", "mixture"]

MODULES = (cell_faults, overlap_faults, post_faults, row_faults, sheet_faults)


def _by_rule() -> dict[str, list[Planter]]:
    rules: dict[str, list[Planter]] = defaultdict(list)
    for planter in PLANTERS.values():
        rules[planter.rule].append(planter)
    return dict(rules)


#: Planters by rule.
RULES = _by_rule()


def mixture(roster: Roster, seed: int, count: int) -> list[Mark]:
    """Plant about ``count`` faults, rules chosen alike; headings are spoilt only of unspoilt sheets."""
    rng, marks = Random(seed), list[Mark]()
    chosen = {planter.name: planter for planter in (_choice(rng) for _ in range(count))}
    for planter in sorted(chosen.values(), key=lambda planter: planter.sheet is not None):
        if planter.sheet is None or planter.sheet not in _touched(roster, marks):
            marks += planter.plant(roster)
        if len(marks) >= count:
            break
    return marks


def _choice(rng: Random) -> Planter:
    while True:
        planter = rng.choice(RULES[rng.choice(sorted(RULES))])
        if not planter.is_alone:
            return planter


def _touched(roster: Roster, marks: list[Mark]) -> set[str]:
    """Give the sheets with a fault, or with headings spoilt already."""
    headings = {sheet for sheet, _ in roster.missing | roster.repeated}
    return {mark.sheet for mark in marks} | headings
