"""Everything a check looks at: the file, what is stored, where its places lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from geo.roster.faults import Faults
from geo.roster.rows import Roster, Row
from geo.roster.sheets import SHEETS
from geo.roster.stored import Stored

_BRINGING = {sheet.brings: sheet for sheet in SHEETS if sheet.brings}


@dataclass
class Scene:
    """A roster before it is written.

    Attributes
    ----------
    filed
        Finest grid by the place of a located row, by id of the row; missing where it has no place.
    brought
        First row of each code the file brings, by kind.
    """

    roster: Roster
    stored: Stored
    faults: Faults
    today: date
    filed: Mapping[int, str | None] = field(default_factory=dict)
    brought: dict[str, dict[str, Row]] = field(init=False)

    def __post_init__(self) -> None:
        self.brought = {kind: self._first_rows(kind) for kind in _BRINGING}

    def _first_rows(self, kind: str) -> dict[str, Row]:
        sheet = _BRINGING[kind]
        rows: dict[str, Row] = {}
        for row in self.roster.of(sheet.name):
            code = row[sheet.columns[0].name]
            if code is not None:
                rows.setdefault(code, row)
        return rows

    def brings(self, kind: str, code: str) -> Row | None:
        """The row that brings a thing, if the file does."""
        return self.brought.get(kind, {}).get(code)

    def knows(self, kind: str, code: str) -> bool:
        """Whether a code is stored or in the file."""
        return code in self.stored.of(kind) or self.brings(kind, code) is not None

    def grid_of(self, kind: str, code: str) -> str | None:
        """Grid that a thing lies or works in, as the file says or else as stored."""
        if kind == "grid":
            return code
        row = self.brings(kind, code)
        if row is not None and kind in {"site", "camera"}:
            return self.filed.get(id(row))
        if row is not None and row.has("grid"):
            grid: str | None = row["grid"]
            return grid
        return self.stored.of(kind).get(code, {}).get("grid_code")

    def unit_kind(self, grid: str | None) -> str | None:
        """Kind of the second-level grid that is, or holds, a grid."""
        grids = self.stored.of("grid")
        found: Mapping[str, Any] = grids.get(grid or "", {})
        while found and found["level"] > 2:
            found = grids.get(found["parent_code"] or "", {})
        return found["kind"] if found and found["level"] == 2 else None

    def knows_all_of(self, kinds: tuple[str, ...]) -> bool:
        """Whether all codes the file brings of these kinds are known, so that a missing one is missing."""
        return all(self.roster.has_codes(kind) for kind in kinds)
