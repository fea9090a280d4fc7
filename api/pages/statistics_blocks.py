"""What the statistics page shows: key figures, and tables with their charts and downloads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from api.pages.charts import Chart, bar_chart, column_chart, write
from api.pages.statistics_words import say, say_by
from geo.statistics import Measure, Row, Table
from geo.statistics.export import SUPPRESSED
from geo.statistics.table import Figure
from layers.words import Lang

#: A chart of more bars than this says less than its table.
MOST_BARS = 60


@dataclass(frozen=True, slots=True)
class Tile:
    """One key figure: in words, as a number, and what part of another it is."""

    key: str
    label: str
    value: str
    share: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as shown, with the number to sort by."""

    text: str
    sort: Figure
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table as shown; ``address`` leads to what is below it."""

    name: str
    code: str
    address: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A table with its chart, in one language."""

    key: str
    title: str
    rows_are: str
    measures: tuple[tuple[Measure, str, str], ...]
    lines: tuple[Line, ...]
    total: Line
    notes: tuple[str, ...]
    chart: Chart | None
    is_narrow: bool
    files: tuple[tuple[str, str], ...]


def tile(table: Table, key: str, lang: Lang, *, of: str | None = None) -> Tile:
    """The total of a column; ``of`` is the column it is a part of."""
    figures = table.total.figures
    figure, whole = figures[key], figures[of] if of else None
    share = say(lang, "of_total", share=f"{figure / whole:.1%}") if figure is not None and whole else ""
    if key == "resolved_share":
        share = f"{write(figures['resolved'])} / {write(figures['resolvable'])}"
    return Tile(
        key, getattr(table.measure(key), lang), _cell(table.total, table.measure(key), lang).text, share
    )


def make_block(
    table: Table,
    lang: Lang,
    key: str,
    *,
    chart: Sequence[str] = (),
    columns: bool = False,
    narrow: bool = False,
    below: Mapping[str, str] | None = None,
) -> Block:
    """Put a table into words and numbers.

    Parameters
    ----------
    chart
        Columns the chart stacks; one for plain bars.
    columns
        Draw columns from left to right instead of bars.
    narrow
        Leave half the width to another block.
    below
        Rows lead to the third-level grids of their unit, with these filters.
    """
    table = _without_idle(table)
    return Block(
        key=key,
        title=say(lang, f"title.{key}"),
        rows_are=say_by(lang, table.subject, table.by),
        measures=tuple(
            (measure, getattr(measure, lang), getattr(measure, f"definition_{lang}"))
            for measure in table.measures
        ),
        lines=tuple(_line(row, table, lang, below) for row in table.rows),
        total=_line(table.total, table, lang),
        notes=tuple(getattr(note, lang) for note in table.notes),
        chart=_chart(table, lang, chart, columns=columns),
        is_narrow=narrow,
        files=tuple((kind, file_address(table, kind, lang)) for kind in ("xlsx", "csv")),
    )


def _without_idle(table: Table) -> Table:
    """The table without columns that say nothing: unknown ages when all are known, one unit in each unit."""
    idle = {"age_unknown"} if table.total.figures.get("age_unknown") == 0 else set()
    if table.subject == table.by + "s":
        idle.add("units")
    return replace(table, measures=tuple(m for m in table.measures if m.key not in idle))


def file_address(table: Table, kind: str, lang: Lang) -> str:
    """Address of the same table as a file."""
    query = {} if table.subject == "moves" else {"by": table.by}
    return f"/statistics/{table.subject}.{kind}?{urlencode(query | dict(table.filters) | {'lang': lang})}"


def _line(row: Row, table: Table, lang: Lang, below: Mapping[str, str] | None = None) -> Line:
    cells = tuple(_cell(row, measure, lang) for measure in table.measures)
    address = ""
    if below is not None and row.code:
        query = {"section": table.subject, "by": "grid", "unit": row.code, **below, "lang": lang}
        address = f"/statistics?{urlencode(query)}"
    return Line(getattr(row, lang), row.code or "", address, cells)


def _cell(row: Row, measure: Measure, lang: Lang) -> Cell:
    figure = row.figures[measure.key]
    if row.is_suppressed and measure.is_personal:
        return Cell(SUPPRESSED, None, say(lang, "suppressed"))
    if figure is not None and measure.is_share:
        return Cell(f"{figure:.1%}", figure)
    return Cell(write(figure), figure)


def _chart(table: Table, lang: Lang, keys: Sequence[str], *, columns: bool) -> Chart | None:
    shown = [key for key in keys if len(keys) == 1 or table.total.figures[key]]
    drawn = [row for row in table.rows if _is_drawn(row, shown)]
    if not shown or not drawn or len(drawn) > MOST_BARS:
        return None
    rows = [(_short(row, lang, columns=columns), [row.figures[key] for key in shown]) for row in drawn]
    names = [getattr(table.measure(key), lang) for key in shown]
    return column_chart(rows, names) if columns else bar_chart(rows, names)


def _is_drawn(row: Row, keys: Sequence[str]) -> bool:
    """Whether a row has anything to draw; who stays in the same posts has not moved."""
    return row.group != "stayed" and any(row.figures[key] is not None for key in keys)


def _short(row: Row, lang: Lang, *, columns: bool) -> str:
    """The name; of a month under a column its number, with the year at its beginning."""
    if not columns or row.starts is None:
        return str(getattr(row, lang))
    month = f"{row.starts.month}月" if lang == "zh" else f"{row.starts:%b}"
    return f"{row.starts.year}" if row.starts.month == 1 else month
