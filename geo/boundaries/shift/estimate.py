"""How far off, and how well that is known: the best shift near a peak, with a bootstrap over blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from geo.boundaries.shift.ground import Picture, Square

Floats = NDArray[np.float64]

_STEP_M, _REACH_M = 1.5, 18.0
#: Samples of one block of this side, metres, are drawn together: neighbours were surveyed together.
_BLOCK_M = 300.0
_DRAWS = 200


@dataclass(frozen=True)
class Shift:
    """A shift in metres, and the standard error of each of its parts."""

    east_m: float
    north_m: float
    error_m: float


def refine(xy: Floats, around: tuple[float, float], picture: Picture, square: Square, seed: int = 7) -> Shift:
    """Find by how much the samples are to be moved to fit best, near a shift found in cells.

    Parameters
    ----------
    xy
        Samples in the metric plane, NaN where they cannot be.
    around
        Metres east and north.
    """
    finite = np.unique(xy[np.isfinite(xy).all(axis=1)], axis=0)
    rng = np.random.default_rng(seed)
    if len(finite) > 6000:
        finite = finite[rng.choice(len(finite), 6000, replace=False)]
    steps = np.arange(-_REACH_M, _REACH_M + _STEP_M, _STEP_M)
    east, north = (axis.ravel() for axis in np.meshgrid(around[0] + steps, around[1] + steps))
    blocks = np.unique(np.floor(finite / _BLOCK_M), axis=0, return_inverse=True)[1].ravel()
    scores = np.zeros((blocks.max() + 1, len(east)))
    for i, (dx, dy) in enumerate(zip(east, north, strict=True)):
        scores[:, i] = np.bincount(
            blocks, _look_up(finite + np.array([dx, dy]), picture, square), len(scores)
        )
    drawn = rng.multinomial(len(scores), np.full(len(scores), 1 / len(scores)), _DRAWS)
    drawn_at = np.array([_summit(total, steps) for total in drawn @ scores])
    best = _summit(scores.sum(axis=0), steps)
    error = float(np.sqrt(((drawn_at - drawn_at.mean(axis=0)) ** 2).mean()))
    # A single block cannot vary; then no better than the step is known.
    return Shift(around[0] + best[0], around[1] + best[1], max(error, _STEP_M / 2))


def _look_up(xy: Floats, picture: Picture, square: Square) -> Floats:
    at = (xy[:, ::-1] - [square.south, square.west]) / square.cell - 0.5
    return np.asarray(ndimage.map_coordinates(picture, at.T, order=1, mode="constant"), dtype=np.float64)


def _summit(scores: Floats, steps: Floats) -> tuple[float, float]:
    """Middle of gravity of the tip of a small hill: steadier than its highest step."""
    hill = scores.reshape(len(steps), len(steps))
    low = np.quantile(hill, 0.9)
    tip = np.clip(hill - low, 0.0, None)
    if tip.sum() <= 0:
        return 0.0, 0.0
    return float((tip.sum(axis=0) * steps).sum() / tip.sum()), float(
        (tip.sum(axis=1) * steps).sum() / tip.sum()
    )
