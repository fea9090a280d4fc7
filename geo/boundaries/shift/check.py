"""A file's geometries, the system declared and the zone in; a verdict out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.boundaries.shift import outline, words
from geo.boundaries.shift.ground import (
    REACH_M,
    Basis,
    Ground,
    draw_areas,
    draw_lines,
    locator_of,
    square_around,
)
from geo.boundaries.shift.judge import FEWEST, decide, difference_m, match_all
from geo.boundaries.shift.readings import NEAR, Placed, near_share, place_all, plain_readings
from geo.boundaries.shift.samples import Samples, kind_of, take_samples
from geo.boundaries.shift.surface import Matcher
from geo.boundaries.shift.verdict import Candidate, CrsVerdict
from geo.crs import DeclaredCrs, from_storage_xy

Floats = NDArray[np.float64]

#: With fewer shapes than this there is nothing to tell a fit from chance.
_FEWEST_SHAPES = 30
#: How far beyond the zone a reading may still put a file that belongs to it, metres.
_MARGIN_M = REACH_M + 2000.0
#: The zone's outline tells something only about files that are the zone's own: this share must lie in it.
_OWN = 0.9


@dataclass(frozen=True)
class Systems:
    """A file's system as declared, and the zone's.

    Attributes
    ----------
    own
        What the file itself says, where the user declares another.
    """

    declared: DeclaredCrs
    storage_crs: str
    metric_crs: str
    own: DeclaredCrs | None = None


def check_geometries(geometries: NDArray[Any], systems: Systems, ground: Ground) -> CrsVerdict:
    """Say whether geometries fit the zone as declared, or look as if they were in another system.

    Parameters
    ----------
    geometries
        As sent, two-dimensional, in whatever system they are; None and empty ones are left out.
    ground
        The zone, in its metric CRS; it holds something.

    Returns
    -------
    CrsVerdict
        Nothing is moved.
    """
    used = geometries[~(shapely.is_missing(geometries) | shapely.is_empty(geometries))]
    used = used[np.isfinite(shapely.bounds(used)).all(axis=1)]
    if not len(used):
        return words.no_places(systems.declared.name)
    # Roughly is enough: whether polygons are houses or territories, and how close samples stand.
    unit_m = 1.0 if np.median(np.abs(shapely.bounds(used))) > 180 else 1e5
    samples = take_samples(used, kind_of(used, shapely.area(used) * unit_m**2), unit_m=unit_m)
    bounds = ground.bounds + np.array([-1, -1, 1, 1]) * _MARGIN_M
    placed = _placed(samples, systems, ground, bounds)
    near = [one for one in placed if near_share(one.xy, bounds) >= NEAR]
    if not near:
        return words.elsewhere(samples, placed[0])
    basis, shapes = _held_against(ground, samples)
    if not len(shapes):
        return words.bare_zone(samples, placed[0])
    verdict = (
        _by_outline(samples, placed, shapes)
        if basis == "outline"
        else _by_shapes(samples, placed, near, basis, shapes)
    )
    if verdict.outcome == "unclear" and placed[0] not in near:
        return words.by_place(verdict, near, _chance_of_place(bounds, systems.metric_crs, len(placed)))
    return verdict


def _placed(samples: Samples, systems: Systems, ground: Ground, bounds: Floats) -> list[Placed]:
    west, south, east, north = ground.bounds
    lon, _ = from_storage_xy(
        (west + east) / 2, (south + north) / 2, storage_crs=systems.metric_crs, crs=systems.storage_crs
    )
    readings = plain_readings(
        samples.x,
        samples.y,
        systems.declared,
        storage_crs=systems.storage_crs,
        metric_crs=systems.metric_crs,
        lon=float(lon),
        own=systems.own,
    )
    return place_all(readings, samples.x, samples.y, metric_crs=systems.metric_crs, bounds=bounds)


def _held_against(ground: Ground, samples: Samples) -> tuple[Basis, NDArray[Any]]:
    """The finest thing known of the zone that a file of this kind can be held against."""
    if samples.kind == "borders":
        return "borders", ground.borders
    if len(ground.buildings) >= _FEWEST_SHAPES:
        return "buildings", ground.buildings
    if len(ground.quarters) >= _FEWEST_SHAPES:
        return "neighbourhoods", ground.quarters
    return "outline", ground.outline


def _by_shapes(
    samples: Samples, placed: list[Placed], near: list[Placed], basis: Basis, shapes: NDArray[Any]
) -> CrsVerdict:
    square = square_around(near[0].xy)
    picture = (draw_lines if basis == "borders" else draw_areas)(shapes, square)
    matches = match_all(placed, Matcher(picture, square), samples.kind)
    found = decide(matches, picture, square, samples.kind)
    if max(match.surface.samples for match in matches) < FEWEST:
        return words.too_few(samples, matches, basis)
    return words.by_shapes(samples, matches, found, basis)


def _by_outline(samples: Samples, placed: list[Placed], shapes: NDArray[Any]) -> CrsVerdict:
    locator = locator_of(shapes)
    insides = [locator.locate(lon=one.xy[:, 0], lat=one.xy[:, 1]) >= 0 for one in placed]
    best = int(np.argmax([inside.sum() for inside in insides]))
    apart = outline.separate(placed[best].xy)
    found = outline.compare([inside[apart] for inside in insides])
    candidates = tuple(
        Candidate(one.reading.name, share, None, p, *difference_m(placed[0], one))
        for one, share, p in zip(placed, found.shares, found.p_over, strict=True)
    )
    return words.by_outline(samples, placed, found, candidates, own=found.shares[found.best] >= _OWN)


def _chance_of_place(bounds: Floats, metric_crs: str, tried: int) -> float:
    """Probability that a place anywhere the metric CRS is used lies within the bounds, by any reading."""
    crs = CRS.from_user_input(metric_crs)
    geod = crs.get_geod()
    if crs.area_of_use is None or geod is None:
        return 1.0
    west, south, east, north = crs.area_of_use.bounds
    area, _ = geod.polygon_area_perimeter([west, east, east, west], [south, south, north, north])
    near = float((bounds[2] - bounds[0]) * (bounds[3] - bounds[1]))
    return min(1.0, tried * near / abs(float(area)))
