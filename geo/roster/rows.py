"""Rows of a roster on their way in: what stood in the cells, and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from openpyxl.utils import get_column_letter

from geo.roster.columns import Sheet

#: What a cell holds before it is understood: an Excel error, or a formula without its value.
ERRORS = frozenset("#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #GETTING_DATA #SPILL! #CALC!".split())


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A formula whose value was not saved with it."""

    def __str__(self) -> str:
        return "=…"


@dataclass
class Table:
    """A sheet of a file as read.

    Attributes
    ----------
    title
        Name of the sheet in the file; None when the file is no workbook.
    order
        Place among the sheets of the file.
    places
        Position of each column that is there, 1 first.
    """

    sheet: Sheet
    title: str | None
    order: int
    places: dict[str, int]
    rows: list[Row] = field(default_factory=list)

    def cell(self, column: str, row: int) -> str | None:
        """Coordinates of a cell, such as D7; None when the file is no workbook."""
        if self.title is None or column not in self.places:
            return None
        return f"{get_column_letter(self.places[column])}{row}"


@dataclass
class Row:
    """A row of a table.

    Attributes
    ----------
    raw
        What stood in the cells that are not empty.
    values
        What they mean; None for an empty cell, missing for a column the sheet does not have or cannot read.
    faulty
        Columns with a fault.
    """

    table: Table
    number: int
    raw: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)

    def __getitem__(self, column: str) -> Any:
        return self.values.get(column)

    def has(self, column: str) -> bool:
        """Whether the sheet has the column and the cell was understood."""
        return column in self.values

    def is_sound(self, *columns: str) -> bool:
        """Whether none of the columns has a fault and none that must be filled is missing."""
        sheet = self.table.sheet
        missing = [c for c in columns if sheet.column(c).required and self[c] is None]
        return not missing and not self.faulty.intersection(columns)

    @property
    def end(self) -> date | None:
        """Day after the last one, of a row with a last day."""
        until: date | None = self["until"]
        return None if until is None else until + timedelta(days=1)


@dataclass
class Roster:
    """A whole file: its tables, several of which may be of one sheet."""

    tables: Sequence[Table] = ()

    def of(self, name: str) -> list[Row]:
        """Rows of a sheet, in the order of the file."""
        return [row for table in self.tables if table.sheet.name == name for row in table.rows]

    def all_rows(self) -> Iterator[Row]:
        """Rows of all sheets."""
        for table in self.tables:
            yield from table.rows

    def has_codes(self, kind: str) -> bool:
        """Whether every sheet that brings codes of a kind has its column of codes."""
        return all(
            table.sheet.columns[0].name in table.places for table in self.tables if table.sheet.brings == kind
        )

    def __len__(self) -> int:
        return sum(len(table.rows) for table in self.tables)
