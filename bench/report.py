"""The results as Markdown: a head, and a section for each measurement that can be measured anew by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.measuring import Comparison, Figures, Table, number

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# Measured side by side

Written by `make bench`. `make bench ARGS="point_to_grid"` measures one section anew and leaves the others
as they are, so each says when it was measured and on what. Peers take turns, medians are given. Other work
may have shared the machine, so the ratios say more than the figures.
"""


def section(title: str, circumstances: str, figures: Iterable[Figures]) -> str:
    """One measurement as Markdown."""
    parts = [f"## {title}", "", f"*{circumstances}*", ""]
    for one in figures:
        parts += _comparison(one) if isinstance(one, Comparison) else _table(one)
    return "\n".join(parts).rstrip() + "\n"


def put(text: str, title: str, written: str, order: Sequence[str]) -> str:
    """Put a section into the text of all results: in place of the old one, or where the order wants it."""
    sections = _sections(text) | {title: written}
    known = [name for name in order if name in sections]
    return "\n".join([HEAD, *(sections[name] for name in known)])


def _sections(text: str) -> dict[str, str]:
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0]: f"## {part.rstrip()}\n" for part in parts}


def _comparison(comparison: Comparison) -> list[str]:
    ours, *_ = comparison.figures.values()
    head = ["", comparison.unit, "ours is", *(["answers unlike ours"] if comparison.unlike_ours else [])]
    rows = [
        [name, number(value), _ratio(comparison, ours, value), *_unlike(comparison, name)]
        for name, value in comparison.figures.items()
    ]
    return _table(Table(comparison.task, head, rows, comparison.note))


def _ratio(comparison: Comparison, ours: float, other: float) -> str:
    """How many times better ours is than the other."""
    return f"{ours / other if comparison.more_is_better else other / ours:,.2f} ×"


def _unlike(comparison: Comparison, name: str) -> list[str]:
    if not comparison.unlike_ours:
        return []
    count = comparison.unlike_ours.get(name)
    return ["" if count is None else f"{count:,}"]


def _table(table: Table) -> list[str]:
    lines = [f"**{table.task}**", "", _row(table.head), "|---" + "|---:" * (len(table.head) - 1) + "|"]
    lines += [*(_row(row) for row in table.rows), ""]
    if table.picture:
        name, shown = table.picture
        lines += [f"![{shown}]({name})", ""]
    return lines + ([table.note, ""] if table.note else [])


def _row(cells: Sequence[str]) -> str:
    return re.sub(r"\| {2}\|", "| |", f"| {' | '.join(cells)} |")
