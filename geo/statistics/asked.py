"""What every table asks of its filters before it counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from geo.errors import InvalidInput, NotFound
from geo.store import zones
from geo.store.statistics import entries as store
from geo.store.statistics.entries import Entry


def check_choice(name: str, value: str, choices: Collection[str]) -> None:
    """Refuse a value that is not one of those there are.

    Raises
    ------
    InvalidInput
        It is not.
    """
    if value not in choices:
        raise InvalidInput(f"{name} {value!r} is not known; use one of {', '.join(choices)}")


def check_unit(session: Session, unit: str | None) -> None:
    """Refuse what is not the code of a second-level grid.

    Raises
    ------
    NotFound
        No second-level grid ever had that code.
    """
    if unit is not None and store.find_level(session, unit) != 2:
        raise NotFound(f"there is no second-level grid {unit!r}; see GET /grids?level=2 for their codes")


def check_listed(session: Session, name: str, listed: str, value: str | None) -> None:
    """Refuse a code that is not on one of the zone's lists.

    Raises
    ------
    InvalidInput
        It is not.
    """
    if value is not None:
        check_choice(name, value, sorted(zones.list_codes(session, listed)))


def used(entries: list[Entry], codes: Collection[str | None]) -> list[Entry]:
    """Entries still offered, and those no longer offered that have figures."""
    return [entry for entry in entries if entry.active or entry.code in codes]


def as_filters(**values: object) -> Mapping[str, str]:
    """What was asked for, as text, without what was left open."""
    return {name: str(value) for name, value in values.items() if value is not None}
