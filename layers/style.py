"""Class breaks by a named scheme, and palettes for day and night that colour-blind eyes can tell apart."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

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

Theme = Literal["day", "night"]

PALETTES = {"coverage": "YlGnBu", "density": "YlOrRd"}
# As --no-data in layers/browser/theme.css.
NO_DATA_COLORS: dict[Theme, str] = {"day": "#e4e4e2", "night": "#20262c"}

# On a dark ground more is brighter, and the brightest stays well below white: a wall may show it all night.
_BY_NIGHT = {
    "YlGnBu": ("#1b3a5c", "#1f5f86", "#2e889b", "#55af9f", "#9bd0a2"),
    "YlOrRd": ("#472436", "#7c2f3c", "#b24a38", "#d97f3c", "#f0bf6a"),
}

Floats = npt.NDArray[np.float64]


def palette(name: str, count: int, *, theme: Theme = "day") -> list[str]:
    """Return ``count`` colours, 1 to 7, from little to much.

    Parameters
    ----------
    name
        One of the sequential ColorBrewer palettes in ``PALETTES``.
    count
        How many. Fewer than three are taken from the middle of the range, where they stand out.
    theme
        By day the palette itself, light to dark (Brewer, C. A., colorbrewer2.org; marked colour-blind safe
        there). By night one of the same hues, dark to light, of our own making. A test checks both by
        simulation.

    Raises
    ------
    InvalidInput
        If there are too many colours to be told apart.
    """
    if not 1 <= count <= MOST_CLASSES:
        raise InvalidInput(f"{count} classes cannot be told apart by colour; use 1 to {MOST_CLASSES}")
    five = list(_BY_NIGHT[name]) if theme == "night" else list(color_brewer(name, 5))
    if count <= 2:
        return [five[2]] if count == 1 else [five[1], five[3]]
    return _spread(five, count) if theme == "night" else list(color_brewer(name, count))


def _spread(colors: list[str], count: int) -> list[str]:
    """Take ``count`` colours evenly from a range of some, straight lines in RGB between them."""
    known = np.array([[int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in colors], dtype=float)
    places = np.linspace(0, len(colors) - 1, count)
    channels = [np.interp(places, np.arange(len(colors)), channel) for channel in known.T]
    return ["#" + "".join(f"{round(value):02x}" for value in color) for color in zip(*channels, strict=True)]


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
        One colour a class by day, from light to dark.
    night
        One colour a class by night, from dark to light.
    missing
        Grids without a value.
    """

    scheme: str
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    counts: tuple[int, ...]
    colors: tuple[str, ...]
    night: tuple[str, ...]
    missing: int

    def colors_by(self, theme: Theme) -> tuple[str, ...]:
        """Return one colour a class for day or night."""
        return self.night if theme == "night" else self.colors

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
    bounds = np.array(_upper_bounds(np.sort(known).tobytes(), scheme, k))
    return _summed(scheme, known, bounds, colors, missing)


def warm_up() -> None:
    """Load what the first map would otherwise wait for: mapclassify takes two seconds to import."""
    import mapclassify  # noqa: F401, PLC0415 - imported for its effect, and not before it is asked for


@lru_cache(maxsize=1_000)
def _upper_bounds(sorted_values: bytes, scheme: str, k: int) -> tuple[float, ...]:
    """Upper bounds of the classes of some float64 values; the same are asked for with every page."""
    import mapclassify  # noqa: PLC0415 - takes two seconds, for which the start need not wait

    known = np.frombuffer(sorted_values)
    wanted = {} if scheme in _OWN_COUNT else {"k": k}
    with warnings.catch_warnings():
        # It advises installing numba, or says that there are ties: neither matters for some hundred grids.
        warnings.simplefilter("ignore")
        bounds = np.asarray(mapclassify.classify(known, scheme, **wanted).bins, dtype=np.float64)
    bounds = np.unique(bounds)[-MOST_CLASSES:]
    bounds[-1] = max(bounds[-1], known.max())
    return tuple(bounds.tolist())


def _summed(scheme: str, known: Floats, bounds: Floats, colors: str, missing: int) -> Classes:
    """Turn upper bounds into the classes that really hold grids."""
    places = np.searchsorted(bounds, known, side="left")
    held = [known[places == place] for place in np.unique(places)]
    return Classes(
        scheme=scheme,
        lows=tuple(float(group.min()) for group in held),
        highs=tuple(float(group.max()) for group in held),
        counts=tuple(len(group) for group in held),
        colors=_colors(colors, held, "day"),
        night=_colors(colors, held, "night"),
        missing=missing,
    )


def _colors(name: str, held: list[Floats], theme: Theme) -> tuple[str, ...]:
    """One colour a class; where every grid has nothing, the palest, which says so."""
    if len(held) == 1 and not held[0].any():
        return (palette(name, DEFAULT_CLASSES, theme=theme)[0],)
    return tuple(palette(name, len(held), theme=theme)) if held else ()
