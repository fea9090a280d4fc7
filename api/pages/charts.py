"""Bars and columns as numbers for a small SVG template; colours come by class from the style sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, log10

from geo.statistics.table import Figure

#: In units of the drawing; text is 13 high.
_EM, _PITCH, _BAR = 13.0, 23.0, 15.0
_WIDTH = 420.0
_COLUMNS_HEIGHT = 230.0
_MOST_LABEL = 170.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A rectangle: where it is, of which series, and what it says under the pointer."""

    x: float
    y: float
    width: float
    height: float
    series: int
    says: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at a place."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its legend.

    Attributes
    ----------
    labels
        Names of the bars or columns; ``values`` their sums; ``ticks`` the axis.
    lines
        Positions of the axis' lines: x of bars, y of columns.
    legend
        Name and sum of each series, in the order of the colours; empty for one series.
    """

    kind: str
    width: float
    height: float
    left: float
    segments: tuple[Segment, ...]
    labels: tuple[Mark, ...]
    values: tuple[Mark, ...]
    ticks: tuple[Mark, ...]
    lines: tuple[float, ...]
    legend: tuple[tuple[str, Figure], ...]


Rows = Sequence[tuple[str, Sequence[Figure]]]


def bar_chart(rows: Rows, series: Sequence[str]) -> Chart:
    """Draw one horizontal bar a row, stacked when there are several series.

    Parameters
    ----------
    rows
        Name and one figure per series; None counts as nothing.
    """
    sums = [_sum(values) for _, values in rows]
    step, top = scale(max(sums, default=0))
    left = min(max((text_width(label) for label, _ in rows), default=0) + 8, _MOST_LABEL)
    room = _WIDTH - left - max(text_width(write(value)) for value in [*sums, 0]) - 8
    segments: list[Segment] = []
    for number, (label, values) in enumerate(rows):
        x, y = left, number * _PITCH + (_PITCH - _BAR) / 2
        for index, value in enumerate(values):
            width = (value or 0) / top * room
            if width > 0:
                says = (
                    f"{label} · {series[index]} {write(value)}"
                    if len(series) > 1
                    else f"{label} {write(value)}"
                )
                segments.append(Segment(_round(x), _round(y), _round(width), _BAR, index + 1, says))
            x += width
    middle = [_round(number * _PITCH + _PITCH / 2 + _EM * 0.36) for number in range(len(rows))]
    height = len(rows) * _PITCH + 18
    count = round(top / step) + 1
    lines = tuple(_round(left + number * step / top * room) for number in range(count))
    return Chart(
        kind="bars",
        width=_WIDTH,
        height=height,
        left=left,
        segments=tuple(segments),
        labels=tuple(
            Mark(left - 6, y, shorten(label, left - 8)) for (label, _), y in zip(rows, middle, strict=True)
        ),
        values=tuple(
            Mark(_round(left + value / top * room + 4), y, write(value))
            for value, y in zip(sums, middle, strict=True)
        ),
        ticks=tuple(Mark(x, height - 4, write(number * step)) for number, x in enumerate(lines)),
        lines=lines,
        legend=_legend(rows, series),
    )


def column_chart(rows: Rows, series: Sequence[str]) -> Chart:
    """Draw one column a row, stacked when there are several series; for periods, early to late."""
    sums = [_sum(values) for _, values in rows]
    step, top = scale(max(sums, default=0))
    left, foot, head = text_width(write(top)) + 10, 22.0, 20.0
    room = _COLUMNS_HEIGHT - foot - head
    pitch = (_WIDTH - left) / max(len(rows), 1)
    width = min(pitch * 0.72, 46.0)
    segments: list[Segment] = []
    for number, (label, values) in enumerate(rows):
        y = head + room
        for index, value in enumerate(values):
            height = (value or 0) / top * room
            y -= height
            if height > 0:
                x = left + number * pitch + (pitch - width) / 2
                says = f"{label} · {series[index]} {write(value)}"
                segments.append(Segment(_round(x), _round(y), _round(width), _round(height), index + 1, says))
    middles = [_round(left + (number + 0.5) * pitch) for number in range(len(rows))]
    every = ceil(max((text_width(label) for label, _ in rows), default=0) * 1.05 / pitch) or 1
    levels = [number * step for number in range(round(top / step) + 1)]
    heights = [_round(head + room - level / top * room) for level in levels]
    return Chart(
        kind="columns",
        width=_WIDTH,
        height=_COLUMNS_HEIGHT,
        left=left,
        segments=tuple(segments),
        labels=tuple(
            Mark(x, _COLUMNS_HEIGHT - 5, label)
            for number, ((label, _), x) in enumerate(zip(rows, middles, strict=True))
            if number % every == 0
        ),
        values=tuple(
            Mark(x, _round(head + room - value / top * room - 4), write(value))
            for value, x in zip(sums, middles, strict=True)
            if value and text_width(write(value)) < pitch * 1.1
        ),
        ticks=tuple(Mark(left - 6, y + 4, write(level)) for level, y in zip(levels, heights, strict=True)),
        lines=tuple(heights),
        legend=_legend(rows, series),
    )


def scale(highest: float) -> tuple[float, float]:
    """A round step of an axis, and its end at or above the highest value.

    >>> scale(87), scale(0), scale(1_234_000)
    ((20.0, 100.0), (1.0, 1.0), (500000.0, 1500000.0))
    """
    if highest <= 0:
        return 1.0, 1.0
    size = 10.0 ** (ceil(log10(highest)) - 1)
    step = next(size * part for part in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0) if highest / (size * part) <= 5)
    step = max(step, 1.0)
    return step, ceil(highest / step) * step


def text_width(text: str) -> float:
    """About how wide a text is: a Chinese character is as wide as high, a Latin one half of it."""
    return sum(_EM if ord(letter) > 0x2E7F else _EM * 0.58 for letter in text)


def shorten(text: str, width: float) -> str:
    """The text, cut with … where it does not fit."""
    if text_width(text) <= width:
        return text
    while text and text_width(text) + _EM > width:
        text = text[:-1]
    return text.rstrip() + "…"


def write(value: Figure) -> str:
    """A figure as people read it.

    >>> write(1357), write(2.5), write(None)
    ('1,357', '2.5', '—')
    """
    if value is None:
        return "—"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _legend(rows: Rows, series: Sequence[str]) -> tuple[tuple[str, Figure], ...]:
    if len(series) < 2:
        return ()
    return tuple((name, _sum(values[index] for _, values in rows)) for index, name in enumerate(series))


def _sum(values: Iterable[Figure]) -> float:
    return sum(value or 0 for value in values)


def _round(value: float) -> float:
    return round(value, 1)
