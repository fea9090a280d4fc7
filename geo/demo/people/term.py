"""The renewal of a term: who stays, who moves between groups of posts, who leaves and who is new."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from geo.demo.people.draws import exactly
from geo.demo.people.plan import Days, read_plan
from geo.demo.people.roster import Holding, Roster
from geo.demo.people.seats import Seat
from geo.demo.shapes import stream

#: A move at the renewal: row of the new seat and of the one held before.
Moves = list[tuple[int, int]]


def hold_the_terms(seed: int, roster: Roster, seats: list[Seat], days: Days) -> list[int]:
    """Fill every seat for the term before and for the present one; return the present holders by seat.

    Notes
    -----
    Everybody holds posts of one group only at a time, so that movements between groups can be read from
    the assignments: held one the day before the renewal, another on the day.
    """
    rng = stream(seed, "terms")
    moves = _choose_moves(rng, seats)
    new = {old for _, old in moves} | _other_new_seats(rng, seats, moves)
    moved = dict(moves)
    ends = _vacated(rng, seats, days)
    holders = [roster.add(seat.group, seat.unit) for seat in seats]
    empty = _empty_before(rng, sorted(new - set(moved.values())))
    for place, seat in enumerate(seats):
        if place in moved:
            roster.hold(holders[place], seats[moved[place]].holdings, _start(rng, days), days.renewal)
        if place in moved or place in new:
            _take(roster, holders[place], seat.holdings, days.renewal, ends)
            if place not in moved.values() and place not in empty:
                former = roster.add("former", seat.unit)
                roster.hold(former, seat.holdings, days.term_before, days.renewal)
        else:
            _take(roster, holders[place], seat.holdings, _start(rng, days), ends)
    return holders


def _choose_moves(rng: np.random.Generator, seats: list[Seat]) -> Moves:
    """Choose who moves: as many as published, within their unit where a seat is left."""
    plan = read_plan()
    published, own = plan["published"], plan["movements"]["officers_into_committees"]
    wanted = (
        ("officers", "heads", published["officers_to_heads"]),
        ("heads", "officers", published["heads_to_officers"]),
        ("officers", "committees", own),
        ("heads", "committees", published["into_committees"] - own),
    )
    taken: set[int] = set()
    moves: Moves = []
    for source, goal, count in wanted:
        for _ in range(count):
            place = _free(rng, seats, goal, taken)
            taken.add(place)
            old = _free(rng, seats, source, taken, seats[place].unit)
            taken.add(old)
            moves.append((place, old))
    return moves


def _free(
    rng: np.random.Generator, seats: list[Seat], group: str, taken: set[int], unit: int | None = None
) -> int:
    """Return a seat of a group that nobody moves to or from yet; in the unit where there is one."""
    free = [n for n, seat in enumerate(seats) if seat.group == group and n not in taken]
    near = [n for n in free if seats[n].unit == unit]
    return int(rng.choice(near or free))


def _other_new_seats(rng: np.random.Generator, seats: list[Seat], moves: Moves) -> set[int]:
    """Choose the seats that new people take without somebody moving away."""
    plan = read_plan()
    count = plan["published"]["new"] - len(moves)
    young = plan["movements"]["new_into_committees"]
    used = {place for move in moves for place in move}
    free = np.array([n not in used for n in range(len(seats))])
    in_committees = np.array([seat.group == "committees" for seat in seats])
    first = exactly(rng, (free & in_committees).astype(float), young)
    rest = exactly(rng, (free & ~in_committees).astype(float), count - young)
    return set(np.flatnonzero(first | rest).tolist())


def _empty_before(rng: np.random.Generator, seats: list[int]) -> set[int]:
    """Choose seats that were made, or filled again, at the renewal."""
    count = read_plan()["movements"]["seats_empty_before"]
    return set(rng.choice(np.array(seats), count, replace=False).tolist())


def _start(rng: np.random.Generator, days: Days) -> date:
    """Draw when somebody took office: with the term before, with an earlier one, or by by-election."""
    years = read_plan()["term"]["years"]
    luck = rng.random()
    if luck < 0.68:
        return days.term_before
    if luck < 0.84:
        return days.term_before.replace(year=days.term_before.year - years)
    return days.term_before + timedelta(int(rng.integers(60, years * 365 - 120)))


def _vacated(rng: np.random.Generator, seats: list[Seat], days: Days) -> dict[Holding, date]:
    """Choose what some people with several villager groups or buildings gave up since the renewal."""
    several = [
        seat.holdings[-1]
        for seat in seats
        if len(seat.holdings) in (2, 3, 4)
        and seat.holdings[0][0] in ("villager_group_leader", "building_head")
    ]
    count = min(read_plan()["heads"]["vacated_since_renewal"], len(several))
    chosen = rng.choice(len(several), count, replace=False)
    length = (days.today - days.renewal).days
    return {several[n]: days.renewal + timedelta(int(rng.integers(90, length - 20))) for n in chosen}


def _take(
    roster: Roster, person: int, holdings: tuple[Holding, ...], since: date, ends: dict[Holding, date]
) -> None:
    for holding in holdings:
        roster.hold(person, [holding], since, ends.get(holding))
