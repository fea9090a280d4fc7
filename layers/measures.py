"""What a grid can be coloured by: name, unit, decimals and how it follows from a frame's columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

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
    shown_per
        What a column of that name is multiplied by to be shown: 100 for a share shown in per cent.
    group
        What the measure is about, to find it in a long list: ``load``, ``staffing``, ``sites`` …
    colors
        Palette of its own, of ``layers.style.PALETTES``: warm where more is worse; None for the map's.
    """

    key: str
    decimals: int = 0
    of: str | None = None
    over: str | None = None
    per: float = 1.0
    shown_per: float = 1.0
    group: str = ""
    colors: str | None = None

    def known_in(self, grids: GeoDataFrame) -> bool:
        """Return whether the frame has the column, or those it follows from."""
        return self.key in grids.columns or {self.of, self.over} <= set(grids.columns)

    def values(self, grids: GeoDataFrame) -> Floats:
        """Return the measure of each row, rounded to ``decimals``; NaN where it is not known.

        Raises
        ------
        InvalidInput
            If the frame has neither the column nor the columns it follows from.
        """
        if self.key in grids.columns:
            raw = _column(grids, self.key) * self.shown_per
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


def _load(key: str, **how: Any) -> tuple[Measure, Measure]:
    """A number of things to look after, and how densely they lie."""
    return (
        Measure(key, group="load", **how),
        Measure(f"{key}_per_km2", of=key, over="area_km2", group="load"),
    )


def _share(key: str, group: str) -> Measure:
    return Measure(key, decimals=1, shown_per=100.0, group=group)


def _burden(key: str, group: str, **how: Any) -> Measure:
    """A measure of which more is worse."""
    return Measure(key, group=group, colors="density", **how)


_COVERAGE = (
    *_load("households"),
    *_load("population"),
    *_load("buildings"),
    Measure("workers", group="staffing"),
    _burden("households_per_worker", "staffing"),
    _burden("population_per_worker", "staffing"),
    _burden("buildings_per_worker", "staffing"),
    _burden("norm_share", "staffing", shown_per=100.0),
    _burden("vacancies", "staffing"),
    _burden("overloads", "staffing"),
    _share("in_reach_share", "sites"),
    _share("buildings_in_reach_share", "sites"),
    _burden("site_distance_m", "sites"),
    _share("view_share", "cameras"),
    _share("households_in_view_share", "cameras"),
    _share("incidents_in_view_share", "cameras"),
    Measure("teams_near", decimals=1, group="teams"),
    _burden("team_distance_m", "teams"),
    Measure("on_duty", group="duty"),
    _share("covered_share", "duty"),
)
_DENSITY = (
    Measure("count"),
    Measure("per_1000_households", decimals=1, of="count", over="households", per=1000.0),
    Measure("per_km2", decimals=1, of="count", over="area_km2"),
)
MEASURES: dict[str, Measure] = {measure.key: measure for measure in (*_COVERAGE, *_DENSITY)}

COVERAGE_MEASURES = tuple(measure.key for measure in _COVERAGE)
#: What a coverage map cannot do without.
LEAST_COVERAGE = ("households", "households_per_km2")
DENSITY_MEASURES = tuple(measure.key for measure in _DENSITY)


def coverage_measures(frames: Mapping[int, GeoDataFrame]) -> list[Measure]:
    """Return the measures of coverage that every frame can give, in the order they are offered."""
    return [
        MEASURES[key]
        for key in COVERAGE_MEASURES
        if key in LEAST_COVERAGE or all(MEASURES[key].known_in(frame) for frame in frames.values())
    ]


def get_measure(key: str, among: Iterable[str]) -> Measure:
    """Return the measure called ``key``.

    Raises
    ------
    InvalidInput
        If it is not one of ``among``.
    """
    known = tuple(among)
    if key not in known:
        raise InvalidInput(f"measure {key!r} is not drawn on this map; use one of {', '.join(known)}")
    return MEASURES[key]
