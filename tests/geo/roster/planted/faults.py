"""Faults to plant: what each is called, which rule it breaks, where it must be reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.geo.roster.planted.layout import BY_NAME
from tests.geo.roster.planted.roster import Roster, Row
from tests.geo.roster.planted.rows import FRESH
from tests.geo.roster.planted.spelling import Raw
from tests.geo.roster.planted.workbook import Written

#: A fault as it is compared: sheet by its English name, cell, rule.
Reported = tuple[str, str | None, str]


@dataclass(frozen=True)
class Mark:
    """Where a fault must be reported: in a cell, a heading (no row), or a sheet (no column)."""

    rule: str
    sheet: str
    row: Row | None = None
    column: str | None = None

    def reported(self, written: Written) -> Reported:
        """Give it as the report of the workbook must have it."""
        return self.sheet, self._cell(written), self.rule

    def _cell(self, written: Written) -> str | None:
        if self.row is not None:
            return written.cells[self.row, self.column or ""]
        if self.rule == "column-repeated":
            return written.headings[self.sheet, self.column or ""][1]
        return "A1"


Plant = Callable[[Roster], list[Mark]]


@dataclass(frozen=True)
class Planter:
    """Puts one kind of fault into a roster; ``sheet``: it changes headings of this sheet."""

    name: str
    rule: str
    plant: Plant
    sheet: str | None = None
    is_alone: bool = False


PLANTERS: dict[str, Planter] = {}


def plants(
    rule: str, name: str = "", *, sheet: str | None = None, is_alone: bool = False
) -> Callable[[Plant], Plant]:
    """Register a planter. One ``is_alone`` must not be mixed with others."""

    def register(plant: Plant) -> Plant:
        key = f"{rule} {name or plant.__name__.removeprefix('_')}"
        assert key not in PLANTERS, key
        PLANTERS[key] = Planter(key, rule, plant, sheet, is_alone)
        return plant

    return register


def mark(rule: str, row: Row, column: str) -> Mark:
    """Expect a fault in a cell."""
    return Mark(rule, row.sheet, row, column)


def spoil(roster: Roster, rule: str, sheet: str, column: str, value: object) -> list[Mark]:
    """Add a sound row that nobody refers to and put ``value`` into one cell, as it is."""
    row = FRESH[sheet](roster)
    row.cells[column] = Raw(value)
    if (sheet, column) == ("assignments", "person"):
        row.cells["name"] = None  # whose name it should be cannot be said
    return [mark(rule, row, column)]


def normal(sheet: str | None, cell: str | None, rule: str) -> Reported:
    """Bring a reported fault into the shape it is compared in."""
    return BY_NAME.get(sheet or "", sheet or ""), cell, rule
