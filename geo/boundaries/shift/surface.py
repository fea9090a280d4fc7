"""How well samples fit the ground at every shift, and how well chance would have them fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from geo.boundaries.shift.ground import REACH_M, Picture, Square

Floats = NDArray[np.float64]

#: The score of a shift is compared with the mean of the shifts around it, up to half of this away, metres.
AROUND_M = 240.0
#: Around a peak, metres: shifts that say nothing about chance.
CLEAR_M = 90.0
_EULER = 0.5772156649015329


@dataclass(frozen=True)
class Surface:
    """Scores of one reading at every shift.

    Attributes
    ----------
    fit
        Share of the samples that lie on the ground's shapes after a shift, ``(m, m)``: rows are shifts north,
        columns east, the middle no shift; softened by a cell or two.
    sharp
        The same less the mean of its surroundings: what is due to the very shift.
    samples
        How many cells with samples there are.
    """

    fit: Floats
    sharp: Floats
    samples: int
    cell: float

    @property
    def half(self) -> int:
        """Row and column of no shift."""
        return int(self.fit.shape[0] // 2)

    def shift_m(self, at: tuple[int, int]) -> tuple[float, float]:
        """Metres east and north of a row and column."""
        return (at[1] - self.half) * self.cell, (at[0] - self.half) * self.cell

    def cell_of(self, shift: tuple[float, float]) -> tuple[int, int]:
        """Row and column of a shift in metres east and north."""
        return self.half + round(shift[1] / self.cell), self.half + round(shift[0] / self.cell)

    def best(self, around: tuple[float, float], within_m: float) -> tuple[float, tuple[int, int]]:
        """Highest sharp score within a distance of a shift (metres east, north), and where it is."""
        north, east = self.cell_of(around)
        reach = max(1, int(within_m // self.cell))
        rows = slice(max(0, north - reach), north + reach + 1)
        columns = slice(max(0, east - reach), east + reach + 1)
        part = self.sharp[rows, columns]
        row, column = np.unravel_index(int(part.argmax()), part.shape)
        return float(part[row, column]), (int(row) + rows.start, int(column) + columns.start)

    @property
    def peak(self) -> tuple[float, tuple[int, int]]:
        """Highest sharp score of all, and where it is."""
        row, column = np.unravel_index(int(self.sharp.argmax()), self.sharp.shape)
        return float(self.sharp[row, column]), (int(row), int(column))


class Matcher:
    """A picture of the ground against which samples are tried."""

    def __init__(self, picture: Picture, square: Square) -> None:
        self._square = square
        self._shape = tuple(fft.next_fast_len(n, real=True) for n in picture.shape)
        self._picture = fft.rfft2(picture, self._shape)

    def try_all(self, xy: Floats) -> Surface:
        """Score the samples at all shifts up to :data:`REACH_M` east and north.

        Samples in one cell count once: a hundred cases at one door are one piece of evidence.
        """
        samples = np.zeros((self._square.rows, self._square.columns), dtype=np.float32)
        at = np.unique(self._square.cells_of(xy), axis=0)
        samples[at[:, 0], at[:, 1]] = 1.0
        product = np.conj(fft.rfft2(samples, self._shape)) * self._picture
        everywhere = fft.irfft2(product, self._shape)
        reach = int(REACH_M / self._square.cell)
        shifts = np.arange(-reach, reach + 1)
        fit = everywhere[np.ix_(shifts, shifts)].astype(np.float64) / max(len(at), 1)
        around = ndimage.uniform_filter(fit, int(AROUND_M / self._square.cell) | 1, mode="nearest")
        return Surface(fit, fit - around, len(at), self._square.cell)


@dataclass(frozen=True)
class Chance:
    """How high the best of a window of shifts comes by chance: Gumbel's law of largest values.

    Attributes
    ----------
    location, scale
        Of the law.
    windows
        How many windows it was taken from.
    usual
        Mean fit at the shifts that say nothing.
    """

    location: float
    scale: float
    windows: int
    usual: float

    def p(self, score: float, tried: int = 1) -> float:
        """Probability that the best of ``tried`` windows comes as high as this by chance."""
        one = -np.expm1(-np.exp(-(score - self.location) / self.scale))
        return float(-np.expm1(tried * np.log1p(-min(one, 1 - 1e-15))))


def measure_chance(surface: Surface, within_m: float, peaks: list[tuple[int, int]]) -> Chance:
    """Learn from the shifts at which the samples cannot belong how high chance comes.

    Parameters
    ----------
    within_m
        Half side of a window, metres: as wide as the one the score to be judged was the best of.
    peaks
        Rows and columns whose surroundings are left out: where a reading says the samples belong, and the
        highest peak.
    """
    step = 2 * max(1, int(within_m // surface.cell)) + 1
    highest = ndimage.maximum_filter(surface.sharp, step, mode="nearest")
    lattice = np.arange(step // 2, surface.sharp.shape[0], step)
    rows, columns = (axis.ravel() for axis in np.meshgrid(lattice, lattice, indexing="ij"))
    clear = np.ones(len(rows), dtype=bool)
    for row, column in peaks:
        clear &= np.maximum(abs(rows - row), abs(columns - column)) * surface.cell > CLEAR_M + within_m
    maxima = highest[rows[clear], columns[clear]]
    scale = max(float(maxima.std()) * np.sqrt(6) / np.pi, 1e-12)
    usual = float(surface.fit[rows[clear], columns[clear]].mean())
    return Chance(float(maxima.mean()) - _EULER * scale, scale, int(clear.sum()), usual)
