"""What a building or a neighbourhood holds: buildings, households, residents, cases of a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from geo.errors import NotFound
from geo.period import to_day
from geo.store import holdings as store
from geo.store import responsibility
from geo.zones import get_zone

#: Days before and including the day whose cases are counted, as in the measures of coverage.
CASE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Holdings:
    """Counts of a place on a day.

    Attributes
    ----------
    residents
        None where none are known.
    cases
        Incidents of the year up to and including the day.
    """

    as_of: date
    buildings: int
    households: int
    residents: int | None
    cases: int


def count_holdings(
    session: Session, place: Literal["building", "neighbourhood"], code: str, *, as_of: date | None = None
) -> Holdings:
    """Count what a building or a neighbourhood holds on a day.

    Raises
    ------
    NotFound
        There is no such place on that day.
    """
    zone = get_zone(session)
    day = to_day(zone, as_of)
    find = responsibility.find_building if place == "building" else responsibility.find_neighbourhood
    if find(session, code, day) is None:
        raise NotFound(f"no {place} {code!r} is there on {day}; as_of= asks for another day")
    since, until = zone.midnight(day - timedelta(CASE_DAYS - 1)), zone.midnight(day + timedelta(1))
    buildings, households, residents = store.count_buildings(session, place, code, day)
    cases = store.count_cases(session, place, code, since, until)
    return Holdings(day, buildings, households, residents, cases)
