"""What a roster changes: rows that are new, rows that differ from what is stored. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from geo.importer.report import Findings
from geo.model import Fault
from geo.roster.rows import Row

Values = dict[str, Any]


@dataclass
class Changes:
    """Rows to write, by table; people are named by their codes until they have ids.

    Attributes
    ----------
    new
        Whole rows.
    changed
        Key (code or id) and the columns that differ.
    same
        Rows of the file that are stored already, by table.
    """

    new: dict[str, list[Values]] = field(default_factory=dict)
    changed: dict[str, list[tuple[Any, Values]]] = field(default_factory=dict)
    same: Counter[str] = field(default_factory=Counter)
    warnings: Findings = field(default_factory=Findings)

    def add(self, table: str, values: Values) -> None:
        """A row that is new."""
        self.new.setdefault(table, []).append(values)

    def compare(self, table: str, key: Any, wanted: Values, stored: Mapping[str, Any]) -> Values:
        """A row that is known: note the columns that differ, and give them."""
        differing = {name: value for name, value in wanted.items() if not same(value, stored[name])}
        if differing:
            self.changed.setdefault(table, []).append((key, differing))
        else:
            self.same[table] += 1
        return differing

    def warn(self, row: Row, column: str, rule: str, message: str) -> None:
        """Something a person should look at."""
        title = row.table.sheet.column(column).zh
        value = row.raw.get(column)
        cell = row.table.cell(column, row.number)
        text = None if value is None else str(value)[:200]
        self.warnings.add([Fault(row.number, rule, message, title, text, None, row.table.title, cell)])

    @property
    def total(self) -> int:
        """Rows to write."""
        return sum(map(len, self.new.values())) + sum(map(len, self.changed.values()))


#: Degrees (or metres) below which a coordinate counts as the same: a tenth of a millimetre.
_SAME_DEGREES = 1e-9


def same(value: Any, stored: Any) -> bool:
    """Whether a value is what is stored; coordinates and measures to a billionth."""
    if isinstance(value, float) and isinstance(stored, float | int | Decimal):
        return abs(value - float(stored)) <= _SAME_DEGREES * max(1.0, abs(value))
    return bool(value == stored)
