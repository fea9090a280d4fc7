"""What the people are like: sex, age, education, skill; in the exact numbers published."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.demo.people.draws import exactly
from geo.demo.people.land import Land
from geo.demo.people.names import person_names, phones
from geo.demo.people.plan import Days, read_plan
from geo.demo.people.roster import Roster
from geo.demo.shapes import Floats, stream

YEAR_DAYS = 365.25
GROWN_UP = 19  # youngest anybody takes office
#: youngest, oldest, share of women, share with junior college or above, of those not counted exactly
KINDS: dict[str, tuple[int, int, float, float]] = {
    "committees": (36, 61, 0.3, 0.5),
    "heads": (36, 70, 0.3, 0.4),
    "officers": (36, 64, 0.4, 0.4),
    "former": (44, 74, 0.3, 0.25),
    "worker": (23, 52, 0.55, 0.62),
    "official": (38, 58, 0.25, 1.0),
    "operator": (23, 44, 0.6, 0.95),
    "handler": (25, 55, 0.4, 0.97),
    "resident": (36, 71, 0.5, 0.35),
    "manager": (27, 55, 0.35, 0.7),
}
PERSONNEL = ("committees", "heads", "officers")
HIGHER, LOWER = ("junior_college", "bachelor", "master"), ("primary", "junior_middle", "senior_middle")


def describe(seed: int, roster: Roster, land: Land, days: Days) -> pd.DataFrame:
    """Give everybody in the roster a name, a sex, a birthday and so on.

    Returns
    -------
    pandas.DataFrame
        code, name, gender, born_on, education, phone, is_prospering, since, until (None while they stay),
        sort, unit; one row a person, in the order of the roster.
    """
    rng = stream(seed, "persons")
    sort = np.array(roster.sort, dtype=object)
    since, until = _in_the_roster(roster, days)
    counted = np.isin(sort, PERSONNEL)
    village = np.array([unit >= 0 and bool(land.units["village"][unit]) for unit in roster.unit])
    young = _young(rng, sort, counted, since, days)
    higher = _higher(rng, sort, counted, young, village)
    female = _female(rng, sort, counted, village)
    skilled = np.zeros(len(sort), dtype=bool)
    odds = np.where(village, 4.0, 1.0)[counted] * np.where(young, 0.7, 1.0)[counted]
    skilled[counted] = exactly(rng, odds, read_plan()["published"]["prospering"])
    return pd.DataFrame(
        {
            "code": [f"R{number:05d}" for number in range(1, len(sort) + 1)],
            "name": person_names(rng, female),
            "gender": np.where(female, "female", "male"),
            "born_on": _birthdays(rng, sort, young & counted, since, days),
            "education": _educations(rng, higher),
            "phone": phones(rng, len(sort)),
            "is_prospering": skilled,
            "since": since,
            "until": until,
            "sort": sort,
            "unit": roster.unit,
        }
    )


def _in_the_roster(roster: Roster, days: Days) -> tuple[list[date], list[date | None]]:
    """Return first day and end of everybody's time in the roster: that of their assignments."""
    first = [days.today] * len(roster.sort)
    last: list[date | None] = [date.min] * len(roster.sort)
    for person, _, _, _, since, until in roster.held:
        first[person] = min(first[person], since)
        before = last[person]
        last[person] = None if until is None or before is None else max(before, until)
    return first, last


def _of_kind(sort: NDArray[np.object_], column: int) -> Floats:
    return np.array([KINDS[kind][column] for kind in sort], dtype=np.float64)


def _young(
    rng: np.random.Generator,
    sort: NDArray[np.object_],
    counted: NDArray[np.bool_],
    since: list[date],
    days: Days,
) -> NDArray[np.bool_]:
    """Choose who of the personnel is 35 or under: nobody who has been there too long for that."""
    young = np.zeros(len(sort), dtype=bool)
    served = np.array([(days.renewal - day).days / YEAR_DAYS for day in since])
    weight = np.select([sort == "officers", sort == "committees"], [3.0, 2.0], 0.6)
    weight = np.where(served > 8.0, 0.0, weight * np.where(served < 1.0, 4.0, 1.0))
    young[counted] = exactly(rng, weight[counted], read_plan()["published"]["aged_35"])
    return young


def _higher(
    rng: np.random.Generator,
    sort: NDArray[np.object_],
    counted: NDArray[np.bool_],
    young: NDArray[np.bool_],
    village: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    higher = rng.random(len(sort)) < _of_kind(sort, 3)
    weight = np.where(young, 6.0, 1.0) * np.where(village, 1.0, 1.8)
    weight = weight * np.where(sort == "committees", 3.0, 1.0)
    higher[counted] = exactly(rng, weight[counted], read_plan()["published"]["junior_college"])
    return higher


def _female(
    rng: np.random.Generator,
    sort: NDArray[np.object_],
    counted: NDArray[np.bool_],
    village: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    female = rng.random(len(sort)) < _of_kind(sort, 2)
    weight = np.where(village, 0.6, 1.6) * np.where(sort == "heads", 0.8, 1.0)
    female[counted] = exactly(rng, weight[counted], read_plan()["published"]["women"])
    return female


def _educations(rng: np.random.Generator, higher: NDArray[np.bool_]) -> NDArray[np.object_]:
    above = rng.choice(np.array(HIGHER, dtype=object), len(higher), p=[0.66, 0.31, 0.03])
    below = rng.choice(np.array(LOWER, dtype=object), len(higher), p=[0.07, 0.43, 0.50])
    return np.where(higher, above, below)


def _birthdays(
    rng: np.random.Generator,
    sort: NDArray[np.object_],
    young: NDArray[np.bool_],
    since: list[date],
    days: Days,
) -> list[date]:
    """Draw birthdays; nobody of the personnel is between 35 and 36 at the renewal, so that 35 is 35."""
    served = np.array([(days.renewal - day).days / YEAR_DAYS for day in since])
    low = np.where(young, 22.0, _of_kind(sort, 0) + 0.1)
    high = np.where(young, 34.9, _of_kind(sort, 1))
    low = np.minimum(np.maximum(low, served + GROWN_UP), high - 0.5)
    ages = low + (high - low) * rng.beta(1.6, 1.8, len(sort))
    return [days.renewal - timedelta(round(age * YEAR_DAYS)) for age in ages.tolist()]
