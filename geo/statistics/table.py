"""A table of figures: rows by what they are of, columns with their definitions, and the total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from geo.store.statistics.entries import Entry

Figure = int | float | None
Code = str | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A column: what is counted, in words.

    Attributes
    ----------
    definition_zh, definition_en
        What it counts exactly; printed under the table and on the sheet of definitions.
    is_personal
        An attribute of persons, not shown of small groups to everybody.
    is_share
        A share between 0 and 1.
    """

    key: str
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    is_personal: bool = False
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row: what its figures are of.

    Attributes
    ----------
    code
        Code of the grid, post, kind …; None for what belongs to none of the rows.
    group
        Code of what it belongs to, such as the kind of a unit or the group of a post.
    starts
        First day of the period, in tables by period.
    figures
        By key of the measure; None when not known, or suppressed.
    """

    code: Code
    zh: str
    en: str
    figures: Mapping[str, Figure]
    group: str | None = None
    starts: date | None = None
    is_suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence beneath a table."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Table:
    """Figures with all that is needed to read them.

    Attributes
    ----------
    subject
        ``roster``, ``moves``, ``services``, ``places``, ``units``.
    by
        What the rows are.
    filters
        What was asked for, by name; only what narrows or dates the figures.
    total
        Figures of everything asked for; None where a sum has no meaning.
    """

    subject: str
    by: str
    measures: tuple[Measure, ...]
    rows: tuple[Row, ...]
    total: Row
    filters: Mapping[str, str]
    notes: tuple[Note, ...] = ()

    def measure(self, key: str) -> Measure:
        """The column of that key."""
        return next(measure for measure in self.measures if measure.key == key)


def fill_rows(
    entries: Sequence[Entry],
    found: Mapping[Code, Mapping[str, Figure]],
    measures: Iterable[Measure],
    none: tuple[str, str],
) -> tuple[Row, ...]:
    """Put figures beside all entries there are, zero where nothing was found.

    Parameters
    ----------
    found
        Figures by code; under None those of no entry, which become the last row, called ``none``.
    """
    zero: dict[str, Figure] = {measure.key: None if measure.is_share else 0 for measure in measures}
    known = {entry.code for entry in entries}
    strangers = [Entry(code, code, code) for code in found if code is not None and code not in known]
    shown = [entry for entry in [*entries, *strangers] if entry.active or entry.code in found]
    rows = [
        Row(entry.code, entry.zh, entry.en, zero | dict(found.get(entry.code, {})), entry.group)
        for entry in shown
    ]
    if None in found:
        rows.append(Row(None, *none, zero | dict(found[None])))
    return tuple(rows)


def narrowed(row: Row, measures: Iterable[Measure]) -> Row:
    """The row with the figures of some measures only, in their order."""
    return replace(row, figures={measure.key: row.figures.get(measure.key) for measure in measures})


def total_row(figures: Mapping[str, Figure]) -> Row:
    """The row of everything asked for."""
    return Row(None, "合计", "total", figures)
