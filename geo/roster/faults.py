"""Faults of a roster: gathered, one to a cell, in the order of sheets and rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from geo.model import Fault
from geo.roster.rows import Row, Table

#: Every rule; where a cell breaks several, the first of these counts.
RULES = (
    "sheet-unknown column-missing column-repeated value-missing cell-error cell-formula code-form "
    "code-repeated text-long list-unknown reference-unknown date-form date-order number-form number-range "
    "phone-form stream-form post-target post-unit post-single assignment-repeated name-differs "
    "coordinates-half parent-circle opening-overlap duty-overlap leave-overlap deputy-self camera-view "
    "service-overlap figure-repeated"
).split()
_RANK = {rule: place for place, rule in enumerate(RULES)}
_SHOWN = 60


def shown(value: object) -> str:
    """A value as it is quoted in a message."""
    text = str(value)
    return repr(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…")


@dataclass
class Faults:
    """Faults by place: sheet, row, column; of several at one place the first rule's is kept."""

    found: dict[tuple[int, int, int, str], Fault] = field(default_factory=dict)

    def add(self, row: Row, column: str, rule: str, reason: str) -> None:
        """Note a fault at a cell; the message begins with the heading and the value."""
        title = row.table.sheet.column(column).zh
        value = row.raw.get(column)
        said = f"{title} {reason}" if value is None else f"{title} {shown(value)} {reason}"
        fault = Fault(
            row.number,
            rule,
            said,
            column=title,
            value=None if value is None else str(value)[:200],
            sheet=row.table.title,
            cell=row.table.cell(column, row.number),
        )
        row.faulty.add(column)
        self._keep((row.table.order, row.number, row.table.places.get(column, 0), column), fault)

    def add_heading(self, table: Table, column: str, rule: str, reason: str, cell: str | None = "A1") -> None:
        """Note a fault of a heading."""
        at = cell if table.title is not None else None
        self._keep(
            (table.order, 0, 0, f"{rule} {column} {cell}"),
            Fault(None, rule, reason, column=column, sheet=table.title, cell=at),
        )

    def add_sheet(self, title: str, order: int, reason: str) -> None:
        """Note a sheet that is none of ours."""
        self._keep(
            (order, 0, 0, title), Fault(None, "sheet-unknown", reason, value=title, sheet=title, cell="A1")
        )

    def _keep(self, place: tuple[int, int, int, str], fault: Fault) -> None:
        kept = self.found.get(place)
        if kept is None or _RANK[fault.rule] < _RANK[kept.rule]:
            self.found[place] = fault

    def ordered(self) -> list[Fault]:
        """All of them by sheet and row."""
        return [self.found[place] for place in sorted(self.found)]

    def __bool__(self) -> bool:
        return bool(self.found)
