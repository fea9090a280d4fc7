"""How time is taken: peers take turns, several rounds, medians; and what a measurement hands over."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Work = Callable[[], object]


@dataclass(frozen=True)
class Comparison:
    """Peers and ours at one task.

    Attributes
    ----------
    task
        What was done, with how much of it.
    unit
        Of the figures, such as ``M points/s`` or ``ms``.
    figures
        Median by name; ours is the first.
    more_is_better
        Whether a greater figure is the better one.
    note
        What a reader must know to judge it.
    unlike_ours
        By peer, how many of its answers are not ours; empty where answers were not compared.
    """

    task: str
    unit: str
    figures: Mapping[str, float]
    more_is_better: bool
    note: str = ""
    unlike_ours: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """Figures that are no comparison of peers at one task.

    Attributes
    ----------
    head
        Names of the columns; the first one's values stand left, numbers right.
    rows
        Ready to print.
    picture
        Name of a picture beside the results, with what it shows.
    """

    task: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    picture: tuple[str, str] | None = None


Figures = Comparison | Table


def number(value: float) -> str:
    """A figure with as many digits as mean something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def seconds(work: Mapping[str, Work], *, rounds: int = 5, warm_up: bool = True) -> dict[str, float]:
    """Median seconds of each piece of work; in every round each has its turn."""
    taken: dict[str, list[float]] = {name: [] for name in work}
    if warm_up:
        for do in work.values():
            do()
    for _ in range(rounds):
        for name, do in work.items():
            start = time.perf_counter()
            do()
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in taken.items()}


def rates(
    work: Mapping[str, Work], *, amount: float | Mapping[str, float], rounds: int = 5
) -> dict[str, float]:
    """Median amount per second of each piece of work; amounts may differ by name."""
    amounts = amount if isinstance(amount, Mapping) else dict.fromkeys(work, amount)
    return {name: amounts[name] / taken for name, taken in seconds(work, rounds=rounds).items()}
