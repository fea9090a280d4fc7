"""Verdicts in words: what was found, what it means, what to do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from geo.boundaries.shift.estimate import Shift
from geo.boundaries.shift.ground import Basis
from geo.boundaries.shift.judge import TOLERANCE_M, Found, Match
from geo.boundaries.shift.outline import Comparison
from geo.boundaries.shift.readings import Placed
from geo.boundaries.shift.samples import Samples
from geo.boundaries.shift.verdict import SURE, Candidate, CrsVerdict

_TO = {"buildings": "to buildings", "neighbourhoods": "to neighbourhoods", "borders": "to borders"}


def no_places(declared: str) -> CrsVerdict:
    """Nothing with coordinates in the file."""
    reason = "cannot tell: the file has no feature with usable coordinates"
    return CrsVerdict("unclear", declared, None, None, None, None, 0.0, "nothing", "points", 0, 0, reason, ())


def elsewhere(samples: Samples, declared: Placed) -> CrsVerdict:
    """No reading leads to the zone."""
    return _unclear(
        samples,
        declared.reading.name,
        "nothing",
        (),
        "cannot tell: as declared the file does not lie near the zone, and neither does it in any other "
        "system known here; is it a file of this zone?",
    )


def bare_zone(samples: Samples, declared: Placed) -> CrsVerdict:
    """The zone holds nothing that the file could be held against."""
    what = "grids" if samples.kind == "borders" else "buildings, neighbourhoods or grids"
    reason = f"cannot tell: the zone has no {what} yet to hold the file against; import them first"
    return _unclear(samples, declared.reading.name, "nothing", (), reason)


def too_few(samples: Samples, matches: Sequence[Match], basis: Basis) -> CrsVerdict:
    """Not enough places to tell a fit from chance."""
    most = max(match.surface.samples for match in matches)
    return _unclear(
        samples,
        matches[0].placed.reading.name,
        basis,
        _candidates(matches),
        f"cannot tell: only {most} separate places of the file lie near the zone; at least 8 are needed",
    )


def by_shapes(samples: Samples, matches: Sequence[Match], found: Found, basis: Basis) -> CrsVerdict:
    """What the fit to buildings, quarters or borders says."""
    declared, candidates = matches[0].placed.reading, _candidates(matches)
    base = _unclear(samples, declared.name, basis, candidates, "")
    base = replace(base, samples=max(match.surface.samples for match in matches))
    if found.match is None or found.move is None or not found.is_sure:
        return replace(base, confidence=0.0, reason=_nothing_stands_out(candidates, basis))
    sure = replace(base, confidence=1.0 - found.p)
    if found.rival is not None:
        return replace(sure, reason=_two_systems(found.match, found.rival, basis))
    moved = _shifted(sure, found.match, found.move)
    reading, is_declared = found.match.placed.reading, found.match is matches[0]
    if found.is_moved:
        suggested = None if is_declared else reading.name
        return replace(
            moved, outcome="other", suggested=suggested, reason=_moved(found.match, found.move, basis)
        )
    fit = _fit(found.match.candidate, basis)
    if is_declared:
        limit = TOLERANCE_M[samples.kind]
        return replace(moved, outcome="fits", reason=f"fits {reading.name}, to {limit:.0f} m: {fit}")
    reason = f"looks like {reading.name}: {fit}{_as_declared(matches[0])}; if so, {reading.cure}"
    return replace(moved, outcome="other", suggested=reading.name, reason=reason)


def by_place(verdict: CrsVerdict, near: Sequence[Placed], p: float) -> CrsVerdict:
    """Only that it does not lie near the zone as declared, and does in another way."""
    first = near[0].reading
    more = [one.reading.name for one in near[1:]]
    undecided = f"; whether it is not rather {' or '.join(more)} cannot be told" if more else ""
    if p > 1 - SURE:
        return verdict
    return replace(
        verdict,
        outcome="other",
        suggested=first.name,
        confidence=1.0 - p,
        basis="place",
        reason=f"looks like {first.name}: as declared the file does not lie near the zone, so it does"
        f"{undecided}; if so, {first.cure}",
    )


def by_outline(
    samples: Samples,
    placed: Sequence[Placed],
    found: Comparison,
    candidates: tuple[Candidate, ...],
    *,
    own: bool,
) -> CrsVerdict:
    """What the share of places inside the zone says."""
    declared, best = placed[0].reading, placed[found.best].reading
    base = _unclear(samples, declared.name, "outline", candidates, "")
    share = f"{found.shares[found.best]:.1%} of its places lie in the zone"
    if not own:
        reason = (
            f"cannot tell: at most {share}, and without buildings only the zone's own files can be judged"
        )
        return replace(base, reason=reason)
    if found.p > 1 - SURE:
        ties = [i for i, p in enumerate(found.p_over) if p > 1 - SURE]
        others = " or ".join(placed[i].reading.name for i in (found.best, *ties))
        reason = f"cannot tell by the zone's outline alone whether it is {others}: {share} either way"
        return replace(base, reason=reason)
    sure = replace(base, confidence=1.0 - found.p)
    if found.best == 0:
        return replace(
            sure, outcome="fits", reason=f"fits {declared.name}: {share}, more than in any other system"
        )
    east, north = candidates[found.best].east_m, candidates[found.best].north_m
    return replace(
        sure,
        outcome="other",
        suggested=best.name,
        shift_east_m=east,
        shift_north_m=north,
        reason=f"looks like {best.name}: {share}, as declared {found.shares[0]:.1%}; if so, {best.cure}",
    )


def _unclear(
    samples: Samples, declared: str, basis: str, candidates: tuple[Candidate, ...], reason: str
) -> CrsVerdict:
    return CrsVerdict(
        "unclear",
        declared,
        None,
        None,
        None,
        None,
        0.0,
        basis,
        samples.kind,
        samples.features,
        len(samples.x),
        reason,
        candidates,
    )


def _candidates(matches: Sequence[Match]) -> tuple[Candidate, ...]:
    return tuple(match.candidate for match in matches)


def _shifted(verdict: CrsVerdict, match: Match, move: Shift) -> CrsVerdict:
    """The shift of the file as declared: the other way round of the moves that would mend it."""
    east, north = match.candidate.east_m, match.candidate.north_m
    if east is None or north is None:
        return verdict
    return replace(
        verdict,
        shift_east_m=east - move.east_m,
        shift_north_m=north - move.north_m,
        shift_error_m=move.error_m,
    )


def _fit(candidate: Candidate, basis: str) -> str:
    return f"fit {_TO[basis]} {candidate.fit:.0%}, by chance {candidate.by_chance or 0:.0%}"


def _as_declared(match: Match) -> str:
    return f", as declared {match.candidate.fit:.0%}" if match.surface.samples else ""


def _nothing_stands_out(candidates: Sequence[Candidate], basis: str) -> str:
    best = max(candidates, key=lambda candidate: candidate.fit - (candidate.by_chance or 0))
    return (
        f"cannot tell: in no system and at no shift does it fit {_TO[basis]} clearly better than "
        f"by chance (best {best.system}: {best.fit:.0%} against {best.by_chance or 0:.0%}); its places are "
        "scattered, too few, or of things the zone does not know"
    )


def _moved(match: Match, move: Shift, basis: str) -> str:
    return (
        f"looks shifted: read as {match.placed.reading.name}, it lies {described(move)} of where it fits "
        f"{_TO[basis]} best; no system known here explains that: an old datum (in China Beijing 1954 or Xian "
        "1980), a local system, or a conversion gone wrong; ask where the file comes from"
    )


def _two_systems(one: Match, other: Match, basis: str) -> str:
    parts = " and ".join(
        f"{match.placed.reading.name} ({_fit(match.candidate, basis)})" for match in (one, other)
    )
    return f"cannot tell: it fits two systems, {parts}; are rows of both in one file?"


def described(move: Shift) -> str:
    """The shift that a move would mend, in words.

    >>> described(Shift(-524.6, 377.4, 0.8))
    '525 m east and 377 m south (together 646 m, ± 1 m)'
    """
    east, north = -move.east_m, -move.north_m
    return (
        f"{abs(east):.0f} m {'east' if east >= 0 else 'west'} and {abs(north):.0f} m "
        f"{'north' if north >= 0 else 'south'} (together {math.hypot(east, north):.0f} m, "
        f"± {max(move.error_m, 1.0):.0f} m)"
    )
