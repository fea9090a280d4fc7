"""From the fit of every reading to a verdict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.boundaries.shift.estimate import Shift, refine
from geo.boundaries.shift.ground import REACH_M, Picture, Square
from geo.boundaries.shift.readings import Placed
from geo.boundaries.shift.samples import Kind
from geo.boundaries.shift.surface import Chance, Matcher, Surface, measure_chance
from geo.boundaries.shift.verdict import SURE, Candidate

#: A peak this near to no shift, metres, still says "as declared": doors lie on one side of houses, borders
#: are drawn by two hands.
TOLERANCE_M: dict[Kind, float] = {"points": 24.0, "footprints": 12.0, "borders": 12.0}
FEWEST = 8
#: What is beyond chance may still be next to nothing, as when two straight sides come to lie on each other.
LEAST_SCORE: dict[Kind, float] = {"points": 0.05, "footprints": 0.05, "borders": 0.1}
#: Readings farther apart than this, metres, are not told apart by a shift.
SHIFT_AT_MOST_M = 50_000.0
#: A second place at which the samples fit, this much as well as at the best one, speaks for two systems.
_SECOND = 0.4
#: By how much a shift that no system explains must fit better than the nearest reading that fits.
_BETTER = 1.3


@dataclass(frozen=True)
class Match:
    """One reading held against the ground.

    Attributes
    ----------
    score
        Best sharp score within the tolerance of no shift.
    p
        Of that score, all readings taken into account.
    implied
        Where the declared reading's samples would have to be moved to lie as in this reading: metres east
        and north, the middle of all.
    """

    placed: Placed
    surface: Surface
    chance: Chance
    score: float
    p: float
    implied: tuple[float, float]

    @property
    def candidate(self) -> Candidate:
        """The same in figures."""
        fit = float(self.surface.fit[self.surface.half, self.surface.half])
        east, north = self.implied
        return Candidate(self.placed.reading.name, fit, self.chance.usual, self.p, *_said(east, north))


def match_all(placed: list[Placed], matcher: Matcher, kind: Kind) -> list[Match]:
    """Hold every reading against the ground, the declared one first."""
    within = TOLERANCE_M[kind]
    matches = []
    for one in placed:
        surface = matcher.try_all(one.xy)
        apart = [_median_shift(one, other) for other in placed]
        peaks = [surface.cell_of(shift) for shift in apart if np.abs(shift).max() <= REACH_M]
        chance = measure_chance(surface, within, [*peaks, surface.peak[1]])
        score = surface.best((0.0, 0.0), within)[0]
        p = chance.p(score, tried=len(placed)) if surface.samples >= FEWEST else 1.0
        matches.append(Match(one, surface, chance, score, p, _median_shift(placed[0], one)))
    return matches


def difference_m(declared: Placed, other: Placed) -> tuple[float | None, float | None]:
    """How far the samples as declared lie from where another reading puts them; None if it is no shift."""
    return _said(*_median_shift(declared, other))


def _said(east: float, north: float) -> tuple[float | None, float | None]:
    # 0.0 - x: no minus before a zero
    return (0.0 - east, 0.0 - north) if max(abs(east), abs(north)) <= SHIFT_AT_MOST_M else (None, None)


def _median_shift(one: Placed, other: Placed) -> tuple[float, float]:
    apart = other.xy - one.xy
    known = apart[np.isfinite(apart).all(axis=1)]
    if not len(known):
        return np.inf, np.inf
    east, north = np.median(known, axis=0)
    return float(east), float(north)


@dataclass(frozen=True)
class Found:
    """What the matches say.

    Attributes
    ----------
    match
        The reading that wins; None when nothing can be told.
    move
        How the samples, read so, would have to be moved to belong; None when nothing can be told.
    p
        Of chance.
    is_moved
        The samples belong where no reading puts them, but a shift of this reading does.
    rival
        Another reading that fits a good part of the samples.
    """

    match: Match | None
    move: Shift | None
    p: float
    is_moved: bool = False
    rival: Match | None = None

    @property
    def is_sure(self) -> bool:
        """Whether anything can be told."""
        return self.p <= 1 - SURE


def decide(matches: list[Match], picture: Picture, square: Square, kind: Kind) -> Found:
    """Choose between the readings, and a shift that none of them explains."""
    sure = [match for match in matches if match.p <= 1 - SURE and match.score >= LEAST_SCORE[kind]]
    best = max(sure, key=lambda match: match.score, default=None)
    base = next((match for match in matches if match.surface.samples >= FEWEST), None)
    free = _unexplained(base, sure, best, kind) if base else None
    if base and free:
        return Found(base, refine(base.placed.xy, free.at, picture, square), free.p, is_moved=True)
    if best is None:
        return Found(None, None, min((match.p for match in matches), default=1.0))
    at = best.surface.best((0.0, 0.0), TOLERANCE_M[kind])[1]
    move = refine(best.placed.xy, best.surface.shift_m(at), picture, square)
    if np.hypot(move.east_m, move.north_m) - 2 * move.error_m > TOLERANCE_M[kind]:
        return Found(best, move, best.p, is_moved=True)
    rivals = [
        match
        for match in sure
        if match.score > _SECOND * best.score and _apart(match, best) > _same_hill(kind)
    ]
    return Found(best, move, best.p, rival=max(rivals, key=lambda match: match.score, default=None))


@dataclass(frozen=True)
class _Free:
    at: tuple[float, float]
    p: float


def _unexplained(base: Match, sure: list[Match], best: Match | None, kind: Kind) -> _Free | None:
    """The highest peak of all, if it is beyond chance, no reading's own, and clearly the best."""
    score, at = base.surface.peak
    within = TOLERANCE_M[kind]
    window = 2 * (within // base.surface.cell) + 1
    p = base.chance.p(score, tried=int((base.surface.sharp.shape[0] / window) ** 2))
    if p > 1 - SURE or score < LEAST_SCORE[kind]:
        return None
    shift = base.surface.shift_m(at)
    if best is not None and score < _BETTER * best.score:
        return None
    own = [_difference(match, base) for match in sure]
    if any(np.hypot(shift[0] - east, shift[1] - north) <= within for east, north in own):
        return None
    return _Free(shift, p)


def _difference(match: Match, base: Match) -> tuple[float, float]:
    return match.implied[0] - base.implied[0], match.implied[1] - base.implied[1]


def _apart(one: Match, other: Match) -> float:
    return float(np.hypot(*_difference(one, other)))


def _same_hill(kind: Kind) -> float:
    return 2 * TOLERANCE_M[kind] + 30.0
