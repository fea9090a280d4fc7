"""Personal attributes of small groups, left out so that no single person can be made out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geo.statistics.table import Note, Row, Table

#: Groups of fewer persons do not show what kind of persons they are.
FEWEST = 5

_NOTE = Note(
    f"不足{FEWEST}人的分组不显示性别、年龄、学历等个人属性（以＊表示）；为防止由合计反推，必要时一并隐去人数次少的分组。",
    f"Groups of fewer than {FEWEST} persons do not show gender, age, education and the like (＊); where the "
    "total would give them away, the next smallest group is left out too.",
)


def suppress_small_groups(table: Table, *, persons: str = "persons") -> Table:
    """Leave out personal attributes of rows with fewer than ``FEWEST`` persons.

    If what is hidden could be found by subtracting the other rows from the total, further rows are hidden,
    smallest first, until at least two rows and ``FEWEST`` persons are hidden together; without such rows, the
    total.

    Parameters
    ----------
    persons
        Key of the measure that says how many persons a row is of.
    """
    sizes = [int(row.figures[persons] or 0) for row in table.rows]
    hidden = _rows_to_hide(sizes)
    total_size = int(table.total.figures[persons] or 0)
    hide_total = 0 < total_size < FEWEST or (bool(hidden) and not _is_safe(hidden, sizes))
    if not hidden and not hide_total:
        return table
    rows = tuple(_hidden(row, table) if number in hidden else row for number, row in enumerate(table.rows))
    total = _hidden(table.total, table) if hide_total else table.total
    return replace(table, rows=rows, total=total, notes=(*table.notes, _NOTE))


def _rows_to_hide(sizes: Sequence[int]) -> set[int]:
    """Numbers of the rows to hide.

    >>> sorted(_rows_to_hide([30, 2, 12, 9])), sorted(_rows_to_hide([3, 4, 20])), _rows_to_hide([5, 6, 0])
    ([1, 3], [0, 1], set())
    """
    hidden = {number for number, size in enumerate(sizes) if 0 < size < FEWEST}
    others = sorted(
        (number for number, size in enumerate(sizes) if size >= FEWEST), key=lambda number: sizes[number]
    )
    for number in others:
        if not hidden or _is_safe(hidden, sizes):
            break
        hidden.add(number)
    return hidden


def _is_safe(hidden: set[int], sizes: Sequence[int]) -> bool:
    return len(hidden) > 1 and sum(sizes[number] for number in hidden) >= FEWEST


def _hidden(row: Row, table: Table) -> Row:
    hidden = {measure.key: None for measure in table.measures if measure.is_personal}
    return replace(row, figures={**row.figures, **hidden}, is_suppressed=True)
