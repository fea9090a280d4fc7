"""A roster as it is meant: rows of values, and what of them may be named by others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.geo.roster.planted.spelling import LISTS
from tests.geo.roster.planted.zone import Place, ToyZone

#: Kinds of places a post is held for that the file itself may bring.
BROUGHT = ("site", "team", "party_org", "organisation")
#: Stored people whom rosters may rename; their stored names are never written beside their codes.
RENAMED = ("S001", "S002", "S004")
POSTS = {row["code"]: row for row in LISTS["posts"]}


@dataclass(eq=False)
class Row:
    """A row of a sheet: values by English heading; ``key`` puts the rows of a sheet in order."""

    sheet: str
    cells: dict[str, Any]
    key: float


@dataclass
class Roster:
    """Rows of all sheets on top of a toy zone.

    Attributes
    ----------
    pools
        Codes by kind that rows may refer to; closed once the sound rows are made, so that a faulty row is
        never what another refers to.
    taken
        What is held for a post, or used by whatever else must be unique.
    odd
        Warnings it gives, by rule and sheet.
    """

    zone: ToyZone
    rng: Random
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    pools: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    taken: set[tuple[Any, ...]] = field(default_factory=set)
    strangers: list[str] = field(default_factory=list)
    missing: set[tuple[str, str]] = field(default_factory=set)
    repeated: set[tuple[str, str]] = field(default_factory=set)
    odd: set[tuple[str, str]] = field(default_factory=set)
    is_settled: bool = False
    _codes: int = 0

    def __post_init__(self) -> None:
        kinds = (*self.zone.places, "person", "household")
        self.pools = {kind: self._stored(kind) for kind in kinds}
        self.names |= self.zone.people

    def add(self, sheet: str, **cells: Any) -> Row:
        """Add a row somewhere in its sheet."""
        row = Row(sheet, cells, self.rng.random())
        self.rows[sheet].append(row)
        return row

    def bring(self, kind: str, code: str) -> None:
        """Let rows to come refer to a code of this file, while the sound rows are made."""
        if not self.is_settled:
            self.pools[kind].append(code)

    def in_order(self, *rows: Row) -> None:
        """Let rows of a sheet stand in this order."""
        for row, key in zip(rows, sorted(row.key for row in rows), strict=True):
            row.key = key

    def code(self) -> str:
        """Give a code that was never given, in one of several forms."""
        self._codes += 1
        number = self._codes
        forms = (f"R{number:04d}", f"{number + 70_000}", f"编{number}", f"a-{number}_x", f"0{number:05d}")
        return self.rng.choice(forms)

    def pick(self, kind: str) -> str:
        """Give a code of a kind that a row may refer to."""
        return self.rng.choice(self.pools[kind])

    def entry(self, name: str) -> str:
        """Give the code of an entry of a list."""
        return str(self.rng.choice(LISTS[name])["code"])

    def once(self, *choices: Sequence[Any]) -> tuple[Any, ...]:
        """Give a combination of one of each of ``choices`` that was never given."""
        while True:
            chosen = tuple(self.rng.choice(choice) for choice in choices)
            if chosen not in self.taken:
                self.taken.add(chosen)
                return chosen

    def vacant(self, posts: Sequence[str]) -> tuple[str, Place] | None:
        """Give one of ``posts`` with a stored place nobody holds it for; None when all are held."""
        free = [
            (post, place)
            for post in posts
            for place in self.zone.places[POSTS[post]["target"]]
            if suits(post, place) and (post, place.code) not in self.taken
        ]
        if not free:
            return None
        post, place = self.rng.choice(free)
        self.taken.add((post, place.code))
        return post, place

    def _stored(self, kind: str) -> list[str]:
        if kind == "person":
            return [code for code in self.zone.people if code not in RENAMED]
        return list(self.zone.households) if kind == "household" else self.zone.codes(kind)


def suits(post: str, place: Place) -> bool:
    """Whether a post may be held for a place of the kind it is held for."""
    row = POSTS[post]
    level, unit = row["grid_level"], row["unit_kind"]
    return level in (None, place.level) and unit in (None, place.unit)
