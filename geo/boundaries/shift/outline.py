"""Which reading puts more of the places into the zone: a paired test, quick and without buildings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

Inside = NDArray[np.bool_]

#: Places closer together than this are no separate evidence: a side of a cell, metres.
APART_M = 100.0


@dataclass(frozen=True)
class Lead:
    """How one reading compares with another over the same places.

    Attributes
    ----------
    gained, lost
        Places that only the one, only the other puts into the zone; one a cell of :data:`APART_M`.
    p
        Probability of so many gained or more if both were equally likely (sign test, McNemar's exact test).
    """

    gained: int
    lost: int
    p: float


def lead(one: Inside, other: Inside) -> Lead:
    """Compare two readings of the same separate places.

    >>> lead(np.array([True] * 10 + [False]), np.array([False] * 10 + [True]))
    Lead(gained=10, lost=1, p=0.005859375)
    """
    gained, lost = int((one & ~other).sum()), int((other & ~one).sum())
    p = float(bdtrc(gained - 1, gained + lost, 0.5)) if gained else 1.0
    return Lead(gained, lost, p)


def separate(xy: NDArray[np.float64], metres_per_unit: tuple[float, float] = (1.0, 1.0)) -> NDArray[np.intp]:
    """Positions of one place a cell of :data:`APART_M`; places that are not finite are left out.

    Parameters
    ----------
    xy
        Places, ``(n, 2)``.
    metres_per_unit
        Of x and of y.
    """
    finite = np.flatnonzero(np.isfinite(xy).all(axis=1))
    cells = np.floor(xy[finite] * metres_per_unit / APART_M).clip(-(2**30), 2**30).astype(np.int64)
    return finite[np.unique(cells[:, 0] * 2**32 + cells[:, 1], return_index=True)[1]]


@dataclass(frozen=True)
class Comparison:
    """Readings by how many places they put into the zone.

    Attributes
    ----------
    best
        Position of the reading that puts most into it; of equals the first.
    shares
        Share of the places inside, by reading.
    p_over
        By reading: probability that the best one leads over it by chance, all of them taken into account; 0
        for itself.
    """

    best: int
    shares: tuple[float, ...]
    p_over: tuple[float, ...]

    @property
    def p(self) -> float:
        """Probability that it leads by chance over whichever comes nearest."""
        return max(self.p_over)


def compare(insides: list[Inside]) -> Comparison:
    """Compare readings of the same separate places; at least one place."""
    shares = tuple(float(inside.mean()) for inside in insides)
    best = int(np.argmax(shares))
    tried = len(insides) - 1
    p_over = (min(1.0, lead(insides[best], other).p * tried) for other in insides)
    return Comparison(best, shares, tuple(0.0 if i == best else p for i, p in enumerate(p_over)))
