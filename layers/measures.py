"""What a grid can be coloured by: name, unit, decimals and how it follows from a frame's columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from geopandas import GeoDataFrame

from geo.errors import InvalidInput

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Measure:
    """One figure per grid.

    Attributes
    ----------
    key
        Name in code, in URLs and of the column that holds it.
    decimals
        Places after the point on maps; classes are drawn from values rounded to it, so that the legend and
        the figures shown never disagree.
    over
        Column it is divided by when the frame does not already hold ``key``.
    of
        Column that is divided.
    per
        Factor: 1000 for "per 1,000 households".
    """

    key: str
    decimals: int = 0
    of: str | None = None
    over: str | None = None
    per: float = 1.0

    def values(self, grids: GeoDataFrame) -> Floats:
        """Return the measure of each row, rounded to ``decimals``; NaN where it is not known.

        Raises
        ------
        InvalidInput
            If the frame has neither the column nor the columns it follows from.
        """
        if self.key in grids.columns:
            raw = _column(grids, self.key)
        elif self.of is not None and self.over is not None:
            raw = _ratio(_column(grids, self.of), _column(grids, self.over)) * self.per
        else:
            raise InvalidInput(f"the grids have no column {self.key!r}; add it or choose another measure")
        return np.round(raw, self.decimals)


def _column(grids: GeoDataFrame, name: str) -> Floats:
    if name not in grids.columns:
        raise InvalidInput(f"the grids have no column {name!r}; add it or choose another measure")
    values = grids[name].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


MEASURES: dict[str, Measure] = {
    measure.key: measure
    for measure in (
        Measure("households"),
        Measure("households_per_km2", of="households", over="area_km2"),
        Measure("buildings"),
        Measure("count"),
        Measure("per_1000_households", decimals=1, of="count", over="households", per=1000.0),
        Measure("per_km2", decimals=1, of="count", over="area_km2"),
    )
}

COVERAGE_MEASURES = ("households", "households_per_km2")
DENSITY_MEASURES = ("count", "per_1000_households", "per_km2")


def get_measure(key: str, among: tuple[str, ...]) -> Measure:
    """Return the measure called ``key``.

    Raises
    ------
    InvalidInput
        If it is not one of ``among``.
    """
    if key not in among:
        raise InvalidInput(f"measure {key!r} is not drawn on this map; use one of {', '.join(among)}")
    return MEASURES[key]
