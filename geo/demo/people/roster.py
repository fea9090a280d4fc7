"""The roster while it is being made: persons and what they hold, one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

#: Post and code of what it is held for.
Holding = tuple[str, str]


@dataclass
class Roster:
    """Persons by row number and their assignments; changed in place.

    Attributes
    ----------
    sort
        What each person is in the demo: ``committees``, ``heads``, ``officers`` (the personnel), ``former``,
        ``worker`` and so on; decides what they are like, and is written nowhere.
    unit
        Row of the unit each belongs to; -1 for the zone's own people.
    held
        person, post, target_code, rank, since, until (None while it lasts).
    """

    first_years: dict[str, int]
    sort: list[str] = field(default_factory=list)
    unit: list[int] = field(default_factory=list)
    held: list[tuple[int, str, str, str, date, date | None]] = field(default_factory=list)

    def add(self, sort: str, unit: int = -1) -> int:
        """Enter a person and return their row."""
        self.sort.append(sort)
        self.unit.append(unit)
        return len(self.sort) - 1

    def hold(
        self,
        person: int,
        holdings: Iterable[Holding],
        since: date,
        until: date | None = None,
        rank: str = "primary",
    ) -> None:
        """Let a person hold posts, each from the day its target exists; nothing where that is too late."""
        for post, target in holdings:
            begins = max(since, date(self.first_years.get(target, 1900), 1, 1))
            if until is None or begins < until:
                self.held.append((person, post, target, rank, begins, until))
