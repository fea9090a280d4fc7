"""Who is missing and who is overloaded on the last day: on record, to hold an analysis against."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

from geo.demo.people.land import Land
from geo.demo.people.plan import Days
from geo.demo.people.roster import Roster
from geo.zone_lists import Lists

#: kind, post, target_code, person (row; -1 where none), measure, since
Fact = tuple[str, str, str | None, int, int, date]
BY_HOUSEHOLDS = ("building_head", "grid_head")


def planted_facts(roster: Roster, land: Land, days: Days, lists: Lists) -> pd.DataFrame:
    """List every vacancy of a required post and every overloaded holder as they were planted.

    Returns
    -------
    pandas.DataFrame
        kind (``vacant``, ``overloaded_targets``, ``overloaded_households``), post, target_code (of a
        vacancy), person (row of `persons`, -1 for a vacancy), measure (targets or households held, 0 for a
        vacancy), since.

    Notes
    -----
    What is vacant has no deputy either. Grid workers are left out of ``overloaded_households``: whether
    colleagues of one grid share its households is for a measure to say.
    """
    posts = {row["code"]: row for row in lists["posts"]}
    held = [row for row in roster.held if row[3] == "primary" and (row[5] is None or row[5] > days.today)]
    facts = [*_vacancies(roster, land, days, posts, held), *_overloads(land, posts, held)]
    columns = ["kind", "post", "target_code", "person", "measure", "since"]
    return pd.DataFrame(facts, columns=columns).sort_values(columns[:4], ignore_index=True)


def _vacancies(
    roster: Roster, land: Land, days: Days, posts: dict[str, Any], held: list[Any]
) -> Iterable[Fact]:
    taken = {(post, target) for _, post, target, *_ in held}
    ended = {(post, target): until for _, post, target, _, _, until in roster.held if until is not None}
    for post, row in posts.items():
        for target in _targets(land, row) if row["is_required"] else ():
            if (post, target) not in taken:
                since = ended.get((post, target), days.renewal)
                yield "vacant", post, target, -1, 0, since


def _targets(land: Land, post: dict[str, Any]) -> list[str]:
    """Return what a required post should be held for, in units of its kind."""
    kind_of_unit = land.units["kind"].to_numpy()
    table = {
        "neighbourhood": land.neighbourhoods,
        "building": land.buildings,
        "grid": land.units if post["grid_level"] == 2 else land.cells,
    }[post["target"]]
    wanted = pd.Series(True, index=table.index)
    if post["required_kinds"]:
        wanted &= table["kind"].isin(post["required_kinds"])
    if post["unit_kind"]:
        wanted &= kind_of_unit[table["unit"].to_numpy()] == post["unit_kind"]
    return [str(code) for code in table.loc[wanted, "code"]]


def _overloads(land: Land, posts: dict[str, Any], held: list[Any]) -> Iterable[Fact]:
    homes = dict(
        pd.concat([land.cells, land.buildings])[["code", "households"]].itertuples(index=False, name=None)
    )
    targets: dict[tuple[int, str], list[str]] = {}
    since: dict[tuple[int, str], date] = {}
    for person, post, target, _, begins, _ in held:
        targets.setdefault((person, post), []).append(target)
        since[person, post] = max(begins, since.get((person, post), begins))
    for (person, post), mine in targets.items():
        limits = posts[post]
        if limits["most_targets"] and len(mine) > limits["most_targets"]:
            yield "overloaded_targets", post, None, person, len(mine), since[person, post]
        total = int(sum(homes.get(code, 0) for code in mine))
        if post in BY_HOUSEHOLDS and total > limits["most_households"]:
            yield "overloaded_households", post, None, person, total, since[person, post]
