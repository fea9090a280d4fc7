"""Class breaks by a named scheme of mapclassify, and palettes that colour-blind eyes can tell apart."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from branca.utilities import color_brewer

from geo.errors import InvalidInput

SCHEMES = (
    "FisherJenks",
    "Quantiles",
    "EqualInterval",
    "MaximumBreaks",
    "HeadTailBreaks",
    "StdMean",
    "Percentiles",
)
# These schemes choose the number of classes themselves.
_OWN_COUNT = {"HeadTailBreaks", "StdMean", "Percentiles"}
MOST_CLASSES = 7
DEFAULT_CLASSES = 5

PALETTES = {"coverage": "YlGnBu", "density": "YlOrRd"}
NO_DATA_COLOR = "#d9d9d9"

Floats = npt.NDArray[np.float64]


def palette(name: str, count: int) -> list[str]:
    """Return ``count`` colours from light to dark, 1 to 7, of a sequential ColorBrewer palette.

    Source: Brewer, C. A. (colorbrewer2.org); the two palettes used are marked colour-blind safe there, and a
    test checks it by simulation. Fewer than three classes take colours from the middle of the range, which
    stay visible on a light ground.
    """
    if not 1 <= count <= MOST_CLASSES:
        raise InvalidInput(f"{count} classes cannot be told apart by colour; use 1 to {MOST_CLASSES}")
    if count == 1:
        return [color_brewer(name, 5)[2]]
    if count == 2:
        return [color_brewer(name, 5)[1], color_brewer(name, 5)[3]]
    return list(color_brewer(name, count))


@dataclass(frozen=True)
class Classes:
    """Classes of one measure over the grids of one level.

    Attributes
    ----------
    scheme
        Name of the mapclassify scheme; ``UserDefined`` when there were no more distinct values than
        classes and each value became a class of its own.
    lows, highs
        Smallest and largest value found in each class, both included.
    counts
        Grids in each class.
    colors
        One colour a class, from light to dark.
    missing
        Grids without a value.
    """

    scheme: str
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    counts: tuple[int, ...]
    colors: tuple[str, ...]
    missing: int

    def index(self, values: Floats) -> npt.NDArray[np.int_]:
        """Return the class of each value, -1 where it is NaN."""
        places = np.searchsorted(np.asarray(self.highs), values, side="left")
        return np.where(np.isnan(values), -1, places)


def classify(
    values: Floats, *, scheme: str = "FisherJenks", k: int = DEFAULT_CLASSES, colors: str = "YlGnBu"
) -> Classes:
    """Sort values into classes.

    Parameters
    ----------
    values
        One a grid, in any order; NaN means not known.
    scheme
        One of ``SCHEMES``, as named by mapclassify.
    k
        Number of classes wanted; fewer come out when there are fewer distinct values. Schemes that choose
        their own number are cut down to seven by joining their lowest classes.
    colors
        Name of a ColorBrewer palette.

    Raises
    ------
    InvalidInput
        For an unknown scheme or a ``k`` outside 2 to 7.
    """
    if scheme not in SCHEMES:
        raise InvalidInput(f"scheme {scheme!r} is not known; use one of {', '.join(SCHEMES)}")
    if not 2 <= k <= MOST_CLASSES:
        raise InvalidInput(f"k={k} classes cannot be told apart by colour; use 2 to {MOST_CLASSES}")
    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    missing = len(values) - len(known)
    distinct = np.unique(known)
    if len(distinct) <= k:
        return _summed("UserDefined", known, distinct, colors, missing)
    return _summed(scheme, known, _upper_bounds(known, scheme, k), colors, missing)


def warm_up() -> None:
    """Load what the first map would otherwise wait for: mapclassify takes two seconds to import."""
    import mapclassify  # noqa: F401, PLC0415 - imported for its effect, and not before it is asked for


def _upper_bounds(known: Floats, scheme: str, k: int) -> Floats:
    import mapclassify  # noqa: PLC0415 - takes two seconds, for which the start need not wait

    wanted = {} if scheme in _OWN_COUNT else {"k": k}
    with warnings.catch_warnings():
        # It advises installing numba, or says that there are ties: neither matters for some hundred grids.
        warnings.simplefilter("ignore")
        bounds = np.asarray(mapclassify.classify(known, scheme, **wanted).bins, dtype=np.float64)
    bounds = np.unique(bounds)[-MOST_CLASSES:]
    bounds[-1] = max(bounds[-1], known.max())
    return bounds


def _summed(scheme: str, known: Floats, bounds: Floats, colors: str, missing: int) -> Classes:
    """Turn upper bounds into the classes that really hold grids."""
    places = np.searchsorted(bounds, known, side="left")
    held = [known[places == place] for place in np.unique(places)]
    return Classes(
        scheme=scheme,
        lows=tuple(float(group.min()) for group in held),
        highs=tuple(float(group.max()) for group in held),
        counts=tuple(len(group) for group in held),
        colors=_colors(colors, held),
        missing=missing,
    )


def _colors(name: str, held: list[Floats]) -> tuple[str, ...]:
    """One colour a class; where every grid has nothing, the lightest, which says so."""
    if len(held) == 1 and not held[0].any():
        return (palette(name, DEFAULT_CLASSES)[0],)
    return tuple(palette(name, len(held))) if held else ()
