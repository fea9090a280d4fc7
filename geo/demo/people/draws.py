"""Random choices that come out in exact numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.demo.shapes import Floats


def exactly(rng: np.random.Generator, weights: Floats, count: int) -> NDArray[np.bool_]:
    """Choose exactly `count` rows, heavier ones more often; rows of weight 0 only when no others are left.

    Notes
    -----
    Weighted sampling without replacement by exponential keys (Efraimidis & Spirakis 2006).
    """
    keys = rng.exponential(size=len(weights)) / np.maximum(weights, 1e-12)
    chosen = np.zeros(len(weights), dtype=bool)
    chosen[np.argsort(keys, kind="stable")[:count]] = True
    return chosen


def shared(total: int, weights: ArrayLike) -> NDArray[np.int64]:
    """Share a whole number out in proportion to weights, by largest remainders."""
    share = np.asarray(weights, dtype=np.float64)
    exact = total * share / share.sum()
    whole: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def one_of(rng: np.random.Generator, items: Sequence[str]) -> str:
    """Return one item, each equally likely."""
    return items[int(rng.integers(len(items)))]
