"""Which people of the roster the demo's accounts are: one for each role that a post gives."""

from __future__ import annotations

import pandas as pd

from geo.demo.people.community import Community
from geo.zone_lists import Lists


def people_by_role(made: Community, lists: Lists) -> dict[str, int]:
    """Choose a person (row of `persons`) for each role; those of grid and building are neighbours.

    Notes
    -----
    The three answer for the same community, the first two for the same third-level grid, so that what one
    of them sees can be held against what the others see.
    """
    held = made.assignments
    held = held[held["rank"].eq("primary") & held["until"].isna()]
    posts = {row["role"]: row["code"] for row in reversed(lists["posts"]) if row["role"]}
    holders = {role: _holders(held, post) for role, post in posts.items()}
    grid = _shared_grid(holders)
    found = {}
    for role, people in holders.items():
        near = [
            people[code]
            for code in (grid, *sorted(c for c in people if c[:12] == grid[:12]))
            if code in people
        ]
        found[role] = near[0] if near else people[min(people)]
    return found


def _holders(held: pd.DataFrame, post: str) -> dict[str, int]:
    """Return who holds a post by what it is held for; only those who hold it for a usual number of things."""
    rows = held[held["post"].eq(post)]
    size = rows.groupby("person")["target_code"].transform("size")
    usual = rows[size.between(size.median(), size.median() + 3)]
    return {code: int(person) for code, person in zip(usual["target_code"], usual["person"], strict=True)}


def _shared_grid(holders: dict[str, dict[str, int]]) -> str:
    """Return the first third-level grid with a worker and a head, in a community with building heads."""
    units = {code[:12] for code in holders["building_head"]}
    both = holders["grid_worker"].keys() & holders["grid_head"].keys()
    return min(code for code in both if code[:12] in units)
