"""What a check of reference systems comes to, and what it rests on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Outcome = Literal["fits", "other", "unclear"]

#: A verdict is given from this confidence on; below it the answer is "cannot tell".
SURE = 0.99
_MEANING = {
    "buildings": "the share of files that have nothing to do with the zone which would not fit so well",
    "outline": "the share of files in which no system would lead so clearly if all were equally good",
    "place": "the share of places anywhere the metric CRS is used that no reading tried puts near the zone",
}


@dataclass(frozen=True)
class Candidate:
    """How well the file fits the zone in one system.

    Attributes
    ----------
    system
        Its name.
    fit
        Share of the samples on a building (in a quarter, on a border, in the zone), softened by some metres.
    by_chance
        The same at shifts that mean nothing; None for the outline, where chance is not asked so.
    p
        Probability that a file that has nothing to do with the zone fits as well in any of the systems tried;
        for the outline that the best system leads over this one by chance.
    east_m, north_m
        How far the file, as declared, lies from where it would be in this system; None when that is no shift.
    """

    system: str
    fit: float
    by_chance: float | None
    p: float
    east_m: float | None
    north_m: float | None


@dataclass(frozen=True)
class CrsVerdict:
    """The answer.

    Attributes
    ----------
    outcome
        ``fits`` as declared; ``other`` system or a shift; ``unclear``: cannot be told.
    declared
        The system declared.
    suggested
        The system it would be in; None when it fits, cannot be told, or is shifted as no known system is.
    shift_east_m, shift_north_m
        How far the file, as declared, lies from where it belongs; None when unclear.
    shift_error_m
        Standard error of each, metres; None when only the system is known.
    confidence
        One less the probability that chance alone would bring this about, all systems and shifts tried taken
        into account; :attr:`meaning` says which chance. 0 when nothing was found.
    basis
        What it was held against: ``buildings``, ``neighbourhoods``, ``borders``, ``outline``,
        ``place`` (whether near the zone at all), ``nothing``.
    kind, features, samples
        What the file holds: points, footprints or borders; how many; how many separate places were compared.
    reason
        In words, and what to do.
    candidates
        The systems tried, the declared one first.
    """

    outcome: Outcome
    declared: str
    suggested: str | None
    shift_east_m: float | None
    shift_north_m: float | None
    shift_error_m: float | None
    confidence: float
    basis: str
    kind: str
    features: int
    samples: int
    reason: str
    candidates: tuple[Candidate, ...]

    @property
    def fits(self) -> bool:
        """Whether the file fits as declared."""
        return self.outcome == "fits"

    @property
    def meaning(self) -> str:
        """What the confidence is the share of."""
        return _MEANING.get(self.basis, _MEANING["buildings"])

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {**asdict(self), "confidence_is": self.meaning}
