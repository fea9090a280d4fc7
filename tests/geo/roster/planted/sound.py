"""A sound roster: every sheet, cells left out where they may be, and the edges of what the rules allow."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from tests.geo.roster.planted import rows
from tests.geo.roster.planted.layout import SHEETS
from tests.geo.roster.planted.roster import BROUGHT, Roster, Row
from tests.geo.roster.planted.rows import FRESH
from tests.geo.roster.planted.zone import ToyZone

#: Cells that are left empty together; a last day needs its first one.
_TOGETHER = (("direction", "angle"), ("lon", "lat"), ("since", "until"))

#: Sheets others refer to come first, so that references across sheets are many.
_ORDER = ("party_orgs", "organisations", "sites", "teams", "people", *SHEETS)


def sound_roster(zone: ToyZone, seed: int, *, size: int = 3) -> Roster:
    """Make a roster without a fault, closed to further references; one of ``size`` 0 has no rows yet."""
    roster = Roster(zone, Random(seed))
    for sheet in dict.fromkeys(_ORDER):
        for _ in range(roster.rng.randint(min(1, size), size)):
            _thin(roster, FRESH[sheet](roster))
    for edge in EDGES:
        if roster.rng.random() < size / 4:
            edge(roster)
    roster.is_settled = True
    return roster


def _thin(roster: Roster, row: Row) -> None:
    """Empty some of the cells that may be empty."""
    optional = [column.en for column in SHEETS[row.sheet].columns.values() if not column.required]
    for column in optional:
        together = next((group for group in _TOGETHER if column in group), (column,))
        if roster.rng.random() < 0.3 and set(together) <= set(optional):
            row.cells |= dict.fromkeys(together)
        elif roster.rng.random() < 0.3 and column == "until":
            row.cells["until"] = None


def _terms_that_touch(roster: Roster) -> None:
    """One holder of a single post after the other, a deputy beside both."""
    ends = rows.day(roster)
    first = rows.assignment(roster, "team_leader", since=ends, until=ends)
    target = first.cells["target"]
    rows.assignment(roster, "team_leader", target, since=ends + timedelta(days=1), until=None)
    beside = {"rank": "deputy", "since": ends, "until": None}
    rows.assignment(roster, "team_leader", target, person=_another(roster, first), **beside)


def _another(roster: Roster, row: Row) -> str:
    """Give somebody else than the person of a row and of those after it."""
    holders = {each.cells["person"] for each in roster.rows["assignments"]}
    free = [code for code in roster.pools["person"] if code not in holders]
    return free[0] if free else str(rows.person(roster).cells["code"])


def _succession(roster: Roster) -> None:
    """A stored leader ends, the next one begins on the day after."""
    team = roster.rng.choice(sorted(roster.zone.led))
    ends, leader = rows.day(roster), roster.zone.led[team]
    if roster.rng.random() < 0.5:
        rows.person(roster, code=leader, name="队长改名")
    term = {"since": ends + timedelta(days=1), "until": None}
    rows.assignment(roster, "team_leader", team, person=_another(roster, Row("", {}, 0)), **term)
    kept = {"since": date(2020, 1, 1), "until": ends, "name": None}
    roster.names.setdefault(leader, "")
    rows.assignment(roster, "team_leader", team, person=leader, **kept)
    roster.taken.add(("led", team))


def _known_people(roster: Roster) -> None:
    """Stored people brought up to date: a new name, a telephone that comes back masked."""
    rows.person(roster, code="S001", name="新名", until=None)
    rows.person(roster, code="S002", phone="100****1002", until=None)


def _same_code_twice(roster: Roster) -> None:
    """A site and a team of one code: the post says which of them is meant."""
    code = roster.code()
    rows.site(roster, code=code)
    rows.team(roster, code=code)
    rows.assignment(roster, "site_keeper", code)
    rows.assignment(roster, "team_member", code)


def _hours_that_touch(roster: Roster) -> None:
    where = rows.site(roster).cells["code"]
    for opens, closes in ((0, 720), (720, 1440)):
        rows.opening(roster, site=where, weekday=tuple(range(1, 8)), opens=opens, closes=closes)
    rows.opening(roster, site=where, function="reading", weekday=(7,), opens=600, closes=780)


def _shifts_that_touch(roster: Roster) -> None:
    """A night ends when the day begins; the whole day ends when the next one begins."""
    code = rows.person(roster).cells["code"]
    first = rows.free_day(roster, code, "duty")
    for after, shift in enumerate(("night", "whole_day", "day")):
        rows.duty(roster, person=code, day=first + timedelta(days=after), shift=shift)
    rows.duty(roster, person=code, day=first + timedelta(days=2), shift="evening")


def _leaves_that_touch(roster: Roster) -> None:
    code = rows.person(roster).cells["code"]
    first = rows.free_day(roster, code, "leave")
    for after in (0, 1):
        day = first + timedelta(days=after)
        rows.leave(roster, person=code, since=day, until=day)


def _longest(roster: Roster) -> None:
    rows.person(roster, code="长" * 40, name="名" * 100)
    rows.service(roster, note="记" * 2000, served="甲" * 2000)
    rows.organisation(roster, phone="100")
    rows.team(roster, phone="1" * 40)


def _outermost(roster: Roster) -> None:
    """Places at the ends of the earth, outside every grid: a warning, no fault."""
    rows.site(roster, lon=-180, lat=90)
    rows.team(roster, lon=180, lat=-90)
    roster.odd |= {("place-outside", "sites"), ("place-outside", "teams")}


def _all_round(roster: Roster) -> None:
    rows.camera(roster, direction=None, angle=360)
    rows.camera(roster, direction=None, angle=None)


def _tree(roster: Roster) -> None:
    """Parents that come after their children."""
    for kind in BROUGHT[2:]:
        low, top = FRESH[f"{kind}s"](roster), FRESH[f"{kind}s"](roster, parent=None)
        low.cells["parent"] = top.cells["code"]
        roster.in_order(low, top)


def _masked(roster: Roster) -> None:
    """A masked telephone where none is stored: a warning, no fault."""
    rows.person(roster, phone="139****0000")
    roster.odd.add(("phone-masked", "people"))


def _rank_of_known(roster: Roster) -> None:
    """Another rank of a stored assignment: it stays as it was, with a warning."""
    if ("led", "led-5") not in roster.taken:
        roster.taken.add(("led", "led-5"))
        roster.names.setdefault("L005", "")
        term = {"since": date(2020, 1, 1), "until": None, "name": None}
        rows.assignment(roster, "team_leader", "led-5", person="L005", rank="deputy", **term)
        roster.odd.add(("assignment-kept", "assignments"))


def _yet_to_come(roster: Roster) -> None:
    """People who come in later than any test is run; one of them leaves on the same day."""
    rows.person(roster, since=date(2090, 1, 1), until=None)
    rows.person(roster, since=date(2090, 1, 1), until=date(2090, 1, 1))


def _from_today(roster: Roster) -> None:
    rows.person(roster, since=None, until=None)


EDGES = (
    _terms_that_touch,
    _succession,
    _known_people,
    _same_code_twice,
    _hours_that_touch,
    _shifts_that_touch,
    _leaves_that_touch,
    _longest,
    _outermost,
    _all_round,
    _tree,
    _yet_to_come,
    _from_today,
    _masked,
    _rank_of_known,
)
