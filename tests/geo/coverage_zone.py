"""A toy zone with people and places of every kind thrown into it at random."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from tests.builders import (
    FOREVER,
    Partition,
    add_building,
    add_incident,
    add_neighbourhood,
    add_partition,
    middle,
    square,
)
from tests.people_builders import (
    add_assignment,
    add_camera,
    add_duty,
    add_leave,
    add_opening,
    add_person,
    add_post_lists,
    add_site,
    add_team,
)

#: The day it is made for, a Monday.
DAY = date(2026, 3, 2)
KINDS = ("residential", "house", "factory", "school")


def add_random_zone(session: Session, seed: int) -> Partition:
    """Write a partition of four grids and everything coverage is measured from, at random."""
    random = np.random.default_rng(seed)
    partition = add_partition(session)
    add_post_lists(session)
    for number, code in enumerate(partition.third):
        kind = "villager_group" if number >= 2 else "quarter"
        outline = square(number % 2, number // 2)
        add_neighbourhood(session, f"N{number}", grid_code=code, kind=kind, geometry=outline)
    _add_buildings(session, partition, random)
    _add_people(session, partition, random)
    _add_places(session, random)
    _add_incidents(session, random)
    return partition


def _add_buildings(session: Session, partition: Partition, random: np.random.Generator) -> None:
    for number in range(40):
        row, column = (int(side) for side in random.integers(0, 2, 2))
        lon, lat = middle(column + random.uniform(-0.45, 0.45), row + random.uniform(-0.45, 0.45))
        add_building(
            session,
            f"B{number:02}",
            lon=lon,
            lat=lat,
            kind=KINDS[int(random.integers(0, 4))],
            grid_code=None if number == 7 else partition.third[2 * row + column],
            neighbourhood_code=None if number % 5 == 0 else f"N{2 * row + column}",
            households=0 if number % 6 == 0 else int(random.integers(1, 80)),
            until=date(2025, 1, 1) if number == 3 else None,
        )
    session.execute(
        text("UPDATE building SET residents = households * 3 WHERE grid_code <> :code AND code <> 'B05'"),
        {"code": partition.third[3]},
    )


def _add_people(session: Session, partition: Partition, random: np.random.Generator) -> None:
    people = [
        add_person(session, f"R{number}", valid=Range(FOREVER, date(2026, 1, 1) if number == 2 else None))
        for number in range(14)
    ]
    ends = {0: DAY, 1: DAY + timedelta(1)}
    for number, person in enumerate(people):
        code = partition.third[int(random.integers(0, 4))]
        rank = "deputy" if number % 4 == 3 else "primary"
        add_assignment(session, person, "grid_worker", code, rank=rank, until=ends.get(number))
        place = (*partition.third, partition.second[0])[number % 5]
        start = datetime(2026, 3, 1, 22, 30, tzinfo=UTC) + timedelta(minutes=int(random.integers(-600, 900)))
        end = start + timedelta(minutes=int(random.integers(30, 700)))
        add_duty(session, person, start, end, grid_code=place)
    _add_heads(session, partition, people)
    _add_leaves(session, people)


def _add_heads(session: Session, partition: Partition, people: list[int]) -> None:
    add_assignment(session, people[0], "grid_head", partition.third[0])
    add_assignment(session, people[1], "grid_head", partition.third[1], rank="deputy")
    add_assignment(session, people[3], "grid_head", partition.third[0], rank="deputy")
    add_assignment(session, people[2], "party_secretary", partition.second[0])
    for number in range(15):
        add_assignment(session, people[4], "building_head", f"B{number:02}")
        add_assignment(session, people[5], "building_head", f"B{20 + number:02}", since=DAY + timedelta(1))
    add_assignment(session, people[6], "villager_group_leader", "N2", since=DAY)
    add_assignment(session, people[7], "villager_group_leader", "N3", since=DAY + timedelta(1))


def _add_leaves(session: Session, people: list[int]) -> None:
    """Of persons 8 to 12: without a deputy, back that day, with one, with one who is away, too, with one."""
    day = timedelta(1)
    add_leave(session, people[8], DAY - day, DAY + day)
    add_leave(session, people[9], DAY - day, DAY, deputy_id=people[0])
    add_leave(session, people[10], DAY, DAY + day, deputy_id=people[1])
    add_leave(session, people[11], DAY, DAY + day, deputy_id=people[8])
    add_leave(session, people[12], DAY, DAY + 9 * day, deputy_id=people[13])


def _add_places(session: Session, random: np.random.Generator) -> None:
    for number in range(5):
        site = add_site(session, f"SITE{number}", at=_spot(random))
        function = ("reading", "culture")[number % 2]
        add_opening(session, site, function, opens=480 + 60 * number, closes=1200)
        add_opening(session, site, "reading_room_24h", weekdays=(1 + number,), opens=0, closes=1440)
        add_team(session, f"TEAM{number}", kind=("patrol", "volunteers")[number % 2], at=_spot(random))
    for number in range(12):
        lon, lat = _spot(random)
        turn = np.linspace(0, 2 * np.pi, 7, endpoint=False)
        far = random.uniform(5e-4, 4e-3, 7)
        view = shapely.Polygon(np.column_stack([lon + far * np.cos(turn), lat + far * np.sin(turn)]))
        state = "offline" if number % 5 == 4 else "online"
        code = f"3603710000132000{number:04}"
        add_camera(session, code, at=(lon, lat), state=state, view=from_shape(view, 4490))


def _add_incidents(session: Session, random: np.random.Generator) -> None:
    """Some outside every grid, one without a place, some before the year that counts, some in the future."""
    for number in range(80):
        lon, lat = 113.8 + 0.022 * random.random(), 27.6 + 0.022 * random.random()
        at = datetime(2025, 2, 20, 4, tzinfo=UTC) + timedelta(days=5 * number)
        status = "future" if number % 9 == 0 else "plausible"
        add_incident(session, lon=lon, lat=lat, reported_at=at, time_status=status)
    add_incident(session)


def _spot(random: np.random.Generator) -> tuple[float, float]:
    return 113.8 + 0.02 * random.random(), 27.6 + 0.02 * random.random()
