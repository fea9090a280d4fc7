"""Posts outside the 234 that its people hold besides: second-level grids, branches, sites, teams."""

from __future__ import annotations

import pandas as pd

from geo.demo.people.plan import Days
from geo.demo.people.roster import Roster
from geo.demo.people.seats import Seat
from geo.demo.shapes import stream

LEADS = {
    "volunteers": "policy_publicist",
    "mediation": "stability_mediator",
    "patrol": "information_collector",
}


def follow_the_secretaries(roster: Roster, parties: pd.DataFrame) -> None:
    """Let every party secretary also be second-level grid head and lead the unit's party organisation."""
    tops = parties[parties["unit"].ge(0) & parties["kind"].isin(["committee", "general_branch"])]
    top_of = dict(zip(tops["grid_code"], tops["code"], strict=True))
    for person, post, target, _, since, until in list(roster.held):
        if post == "party_secretary":
            held = [("second_level_grid_head", target), ("party_org_secretary", top_of[target])]
            roster.hold(person, held, since, until)


def hold_more(
    seed: int,
    roster: Roster,
    seats: list[Seat],
    holders: list[int],
    tables: dict[str, pd.DataFrame],
    days: Days,
) -> None:
    """Let the personnel lead branches, keep sites, lead and join teams, and stand in as deputies."""
    rng = stream(seed, "second posts")
    by_unit = _by_unit(seats, holders)
    parties, sites, teams = tables["party_orgs"], tables["sites"], tables["teams"]
    branches = parties[parties["kind"].eq("branch") & parties["unit"].ge(0)]
    for code, unit in zip(branches["code"], branches["unit"], strict=True):
        leader = int(rng.choice(by_unit["committees", unit]))
        roster.hold(leader, [("party_org_secretary", code)], days.renewal)
    for code, unit in zip(sites["code"], sites["unit"], strict=True):
        roster.hold(int(rng.choice(by_unit["officers", unit])), [("site_keeper", code)], days.renewal)
    for code, unit, kind in zip(teams["code"], teams["unit"], teams["kind"], strict=True):
        people = rng.permutation(_able(seats, holders, unit, LEADS[kind]) or by_unit["officers", unit])
        roster.hold(int(people[0]), [("team_leader", code)], days.renewal)
        members = [p for p in rng.permutation(by_unit["heads", unit])[:4] if p != people[0]]
        for member in members:
            roster.hold(int(member), [("team_member", code)], days.renewal)
    _deputies(roster, seats, holders, days)


def _by_unit(seats: list[Seat], holders: list[int]) -> dict[tuple[str, int], list[int]]:
    found: dict[tuple[str, int], list[int]] = {}
    for seat, person in zip(seats, holders, strict=True):
        found.setdefault((seat.group, seat.unit), []).append(person)
    return found


def _able(seats: list[Seat], holders: list[int], unit: int, post: str) -> list[int]:
    return [
        person
        for seat, person in zip(seats, holders, strict=True)
        if seat.unit == unit and seat.holdings[0][0] == post
    ]


def _deputies(roster: Roster, seats: list[Seat], holders: list[int], days: Days) -> None:
    """Let a committee member stand in for each second-level head, and every third grid head for the next."""
    grid_heads: list[tuple[Seat, int]] = []
    seen: set[int] = set()
    for seat, person in zip(seats, holders, strict=True):
        first = seat.holdings[0]
        if first[0] == "party_committee_member" and seat.unit not in seen:
            seen.add(seat.unit)
            roster.hold(person, [("second_level_grid_head", first[1])], days.renewal, rank="deputy")
        if first[0] == "grid_head":
            grid_heads.append((seat, person))
    for number in range(0, len(grid_heads) - 1, 3):
        (seat, _), (other, person) = grid_heads[number], grid_heads[number + 1]
        if seat.unit == other.unit:
            roster.hold(person, seat.holdings, days.renewal, rank="deputy")
