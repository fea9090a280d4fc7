"""How time is taken: peers take turns, several rounds, medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

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
    """

    task: str
    unit: str
    figures: Mapping[str, float]
    more_is_better: bool
    note: str = ""


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


def rates(work: Mapping[str, Work], *, amount: float, rounds: int = 5) -> dict[str, float]:
    """Median amount per second of each piece of work."""
    return {name: amount / taken for name, taken in seconds(work, rounds=rounds).items()}
