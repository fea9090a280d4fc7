"""A toy zone with what a roster needs to find stored: grids, buildings, and people who are already there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.store import tables
from tests import builders as b
from tests import people_builders as p

COUNT = 12
SERVED = "served-quarter"
#: A day on which a stored person is on duty, and on leave.
STORED_DAY = date(2020, 5, 20)


@dataclass(frozen=True)
class Place:
    """Something a post may be held for; ``unit`` is the kind of its second-level grid, None above it."""

    code: str
    unit: str | None = None
    level: int | None = None


@dataclass
class ToyZone:
    """Codes of what is stored, by kind; ``led`` are teams that have a leader, with the leader's code."""

    places: dict[str, list[Place]] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    households: list[str] = field(default_factory=list)
    led: dict[str, str] = field(default_factory=dict)

    def codes(self, kind: str) -> list[str]:
        """Codes of the places of a kind."""
        return [place.code for place in self.places[kind]]


def add_toy_zone(session: Session) -> ToyZone:
    """Write a partition, buildings with units, quarters, groups, and a few rows of a roster."""
    partition = b.add_partition(session)
    p.add_post_lists(session)
    zone = ToyZone()
    kinds = dict(zip(partition.second, ("community", "village"), strict=True))
    zone.places["grid"] = [
        *(Place(code, None, 1) for code in partition.first),
        *(Place(code, kinds[code], 2) for code in partition.second),
        *(Place(code, kinds[code[:12]], 3) for code in partition.third),
    ]
    _add_ground(session, zone, kinds)
    _add_people(session, zone)
    _add_organisations(session, zone)
    _add_led_teams(session, zone)
    _add_engaged(session, zone)
    return zone


def _add_ground(session: Session, zone: ToyZone, kinds: dict[str, str]) -> None:
    zone.places |= {"neighbourhood": [], "building": [], "unit": []}
    for row, (second, kind) in enumerate(kinds.items()):
        for number in range(COUNT):
            _add_building(session, zone, Place(second, kind), row, number)


def _add_building(session: Session, zone: ToyZone, second: Place, row: int, number: int) -> None:
    """Write a quarter or group, its building, unit and household in one of a unit's two cells."""
    column = number % 2
    grid = f"{second.code}00{column + 1}"
    lon, lat = b.middle(column, row)
    quarter = "quarter" if second.unit == "community" else "villager_group"
    near = b.add_neighbourhood(session, f"{quarter}-{number}", grid_code=grid, kind=quarter)
    building = b.add_building(
        session,
        f"{second.code}{number + 1:05d}",
        lon=lon - 0.003 + number * 0.0005,
        lat=lat,
        grid_code=grid,
        neighbourhood_code=near,
    )
    unit = f"{building}01"
    session.execute(insert(tables.Unit).values(code=unit, building_code=building, name="1单元"))
    session.execute(insert(tables.Household).values(code=f"{unit}0101", unit_code=unit, room="101"))
    zone.households.append(f"{unit}0101")
    for kind, code in {"neighbourhood": near, "building": building, "unit": unit}.items():
        zone.places[kind].append(Place(code, second.unit))


def _add_people(session: Session, zone: ToyZone) -> None:
    for number in range(1, 7):
        code, name = f"S{number:03d}", f"旧人{number}"
        p.add_person(session, code, name=name, phone=f"1000000100{number}")
        zone.people[code] = name


def _add_organisations(session: Session, zone: ToyZone) -> None:
    """Write stored rows; of organisations and party organisations the second belongs to the first."""
    village = zone.places["grid"][2].code
    adders: dict[str, Any] = {"organisation": p.add_organisation, "party_org": p.add_party_org}
    for kind, add in adders.items():
        top = add(session, f"{kind}-old-1", grid_code=village)
        child = add(session, f"{kind}-old-2", grid_code=village, parent_code=top)
        zone.places[kind] = [Place(top, "village"), Place(child, "village")]
    zone.places["site"] = [Place(p.add_site(session, "site-old-1"))]
    zone.places["team"] = [Place(p.add_team(session, "team-old-1"))]


def _add_engaged(session: Session, zone: ToyZone) -> None:
    """Write a duty, a leave, a served quarter and hours of a site, for others to overlap with."""
    person = session.scalars(select(tables.Person.id).where(tables.Person.code == "S003")).one()
    start = datetime(2020, 5, 20, 0, 30, tzinfo=UTC)
    p.add_duty(session, person, start, start + timedelta(hours=9), organisation_code="organisation-old-1")
    p.add_leave(session, person, STORED_DAY, STORED_DAY + timedelta(days=3))
    near = b.add_neighbourhood(session, SERVED)
    served = {"neighbourhood_code": near, "organisation_code": "organisation-old-1"}
    valid = Range(b.FOREVER, None)
    session.execute(insert(tables.NeighbourhoodOrganisation).values(valid=valid, **served))


def _add_led_teams(session: Session, zone: ToyZone) -> None:
    """Write teams with a leader who has led since 2020 and goes on."""
    for number in range(6):
        team, leader = f"led-{number}", f"L{number:03d}"
        p.add_team(session, team)
        person = p.add_person(session, leader, name=f"队长{number}")
        p.add_assignment(session, person, "team_leader", team, since=date(2020, 1, 1))
        zone.led[team] = leader
