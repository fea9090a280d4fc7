"""What is stored of the things a roster names, as plain values; read once, before anything is checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from geo.model import Zone

#: Register the ids of services from workbooks belong to, and how an entry of another one is named.
REGISTER = "roster"
OWN_ID = re.compile(r"id:([1-9]\d{0,17})")
#: Columns of a stored thing by code, by kind of thing.
Things = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class PostRule:
    """What a post is held for; as in table ``post``."""

    target: str
    grid_level: int | None
    unit_kind: str | None
    is_single: bool


@dataclass(frozen=True, slots=True)
class Held:
    """An assignment.

    Attributes
    ----------
    until
        Day after the last one; None while it is open.
    """

    id: int
    person: str
    post: str
    rank: str
    target_kind: str
    target: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Stored:
    """What there is.

    Attributes
    ----------
    things
        person, organisation, party_org, site, team, camera, neighbourhood, building, unit, household and
        grid; only those the file names, but for grids. Ranges of days are ``since`` and ``until`` (the day
        after the last), places ``x`` and ``y`` in the storage CRS.
    posts, shifts
        By code; a shift is the minute it starts and how many it lasts.
    held
        Assignments of the posts the file names.
    rows
        Rows without codes of their own by table: duty, leave, opening, service (by the ids the file names),
        service_unnamed (by its people), service_of (neighbourhoods), membership, figure.
    parents
        Parent by code, of all organisations and party organisations.
    firsts
        First entry of the lists of which one stands for a cell left empty.
    """

    zone: Zone
    things: Things
    posts: Mapping[str, PostRule] = field(default_factory=dict)
    shifts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    held: tuple[Held, ...] = ()
    rows: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    parents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    firsts: Mapping[str, str] = field(default_factory=dict)

    def of(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """Things of a kind by code."""
        return self.things.get(kind, {})


def overlap(since: date, until: date | None, other_since: date, other_until: date | None) -> bool:
    """Whether two ranges of days, each up to but not including its end, share a day.

    >>> overlap(date(2026, 1, 1), None, date(2025, 1, 1), date(2026, 1, 1))
    False
    """
    return since < (other_until or date.max) and other_since < (until or date.max)
