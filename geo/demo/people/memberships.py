"""Who in the roster belongs to which party organisation, and how many members each one reports."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from geo.demo.people.draws import one_of
from geo.demo.people.land import Land
from geo.demo.people.roster import Roster
from geo.demo.shapes import stream

ALWAYS = (
    "party_secretary", "party_committee_member", "village_party_group_leader",
    "community_party_group_leader", "party_org_secretary",
)  # fmt: skip
SHARE = {"committees": 0.85, "heads": 0.4, "officers": 0.5, "former": 0.5, "worker": 0.4,
         "official": 1.0, "operator": 0.5, "handler": 0.75, "resident": 0.2, "manager": 0.15}  # fmt: skip
FIRST_DAY = date(2012, 7, 1)
PLANNED_MEMBERS = (14, 52)  # other members of a group or a branch without groups


def make_memberships(
    seed: int, roster: Roster, persons: pd.DataFrame, land: Land, parties: pd.DataFrame
) -> tuple[pd.DataFrame, pd.Series]:
    """Let party members of the roster belong to a group near what they answer for.

    Returns
    -------
    memberships : pandas.DataFrame
        person (row), party_org_code, since, until.
    declared_members : pandas.Series
        Members each organisation reports, those of its children included.
    """
    rng = stream(seed, "memberships")
    home = _own_group(roster, land, parties)
    always = {person for person, post, *_ in roster.held if post in ALWAYS}
    near = _groups_by_unit(parties)
    luck = rng.random(len(persons))
    rows = []
    for person, (sort, unit) in enumerate(zip(persons["sort"], persons["unit"], strict=True)):
        if person in always or luck[person] < SHARE[sort]:
            code = home.get(person) or one_of(rng, near[int(unit)])
            joined = min(FIRST_DAY + timedelta(int(rng.integers(0, 3000))), persons["since"][person])
            rows.append((person, code, joined, persons["until"][person]))
    table = pd.DataFrame(rows, columns=["person", "party_org_code", "since", "until"])
    return table, _declared(rng, table, parties)


def _own_group(roster: Roster, land: Land, parties: pd.DataFrame) -> dict[int, str]:
    """Return the group each person leads, or the first group of the grid they answer for."""
    groups = parties[parties["kind"].eq("group")]
    first = groups.drop_duplicates("cell").set_index("cell")["code"]
    where: dict[str, str] = dict(zip(groups["code"], groups["code"], strict=True))
    for table in (land.cells.assign(cell=range(len(land.cells))), land.neighbourhoods, land.buildings):
        where |= dict(zip(table["code"], table["cell"].map(first), strict=True))
    found: dict[int, str] = {}
    for person, post, target, *_ in roster.held:
        if target in where and (person not in found or "party_group" in post):
            found[person] = where[target]
    return found


def _groups_by_unit(parties: pd.DataFrame) -> dict[int, list[str]]:
    """Return the groups of each unit; for the zone's own people (-1) the branches of the departments."""
    kind = np.where(parties["unit"] < 0, "branch", "group")
    chosen = parties[parties["kind"].eq(kind)]
    return {int(unit): codes.tolist() for unit, codes in chosen.groupby("unit")["code"]}


def _declared(rng: np.random.Generator, members: pd.DataFrame, parties: pd.DataFrame) -> pd.Series:
    present = members[members["until"].isna()]
    count = present["party_org_code"].value_counts()
    own = {code: int(count.get(code, 0)) for code in parties["code"]}
    parents = set(parties["parent_code"].dropna())
    for code in parties["code"]:
        if code not in parents:
            own[code] += int(rng.integers(*PLANNED_MEMBERS))
    for code, parent in zip(parties["code"][::-1], parties["parent_code"][::-1], strict=True):
        if pd.notna(parent):
            own[parent] += own[code]
    return parties["code"].map(own)
