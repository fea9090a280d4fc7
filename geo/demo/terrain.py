"""The ground before anyone built on it: outline, river, brooks, lakes and wooded hills."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geo.demo.shapes import (
    Floats,
    above,
    blob,
    chaikin,
    resample,
    ribbon,
    round_corners,
    stream,
    value_noise,
    wander,
)

HALF_WIDTH_M, HALF_HEIGHT_M = 6000.0, 4500.0
REACH_M = 1300.0  # how far roads, water and woods go on beyond the zone's border
CORE_RADII_M = (2150.0, 1650.0)


@dataclass(frozen=True)
class Terrain:
    """Water, woods and the zone's outline, in local metres.

    Attributes
    ----------
    outline
        The zone's outer border.
    river_line, river
        Centre line (west to east) and area of the river.
    brook_lines, brooks
        Centre lines and areas of its tributaries.
    town_lake, reservoir
        One lake in the town, one among the hills.
    woods
        Wooded hills, also beyond the border.
    canvas
        Everything that is drawn: the zone and its surroundings.
    """

    outline: shapely.Polygon
    canvas: shapely.Polygon
    river_line: shapely.LineString
    river: shapely.Polygon
    brook_lines: list[shapely.LineString]
    brooks: list[shapely.Polygon]
    town_lake: shapely.Polygon
    reservoir: shapely.Polygon
    woods: list[shapely.Polygon]


def make_terrain(seed: int, lake_centre: Floats) -> Terrain:
    """Shape the ground; `lake_centre` is where the town leaves room for its lake."""
    outline = _outline(stream(seed, "outline"))
    canvas = outline.buffer(REACH_M).simplify(20)
    river_points = _river(stream(seed, "river"))
    brook_lines = _brooks(stream(seed, "brooks"), river_points)
    rng = stream(seed, "lakes")
    reservoir = _reservoir(rng, brook_lines)
    return Terrain(
        outline=outline,
        canvas=canvas,
        river_line=shapely.LineString(np.round(river_points, 2)),
        river=_river_area(rng, river_points),
        brook_lines=brook_lines,
        brooks=[_brook_area(line) for line in brook_lines],
        town_lake=blob(lake_centre, (270.0, 165.0), rng.uniform(0, np.pi), rng),
        reservoir=reservoir,
        woods=_woods(stream(seed, "woods"), river_points, canvas),
    )


def _outline(rng: np.random.Generator) -> shapely.Polygon:
    angles = np.linspace(0.0, 2 * np.pi, 160, endpoint=False)
    radius = np.ones_like(angles)
    for wave in range(2, 8):
        radius += (
            0.095 / wave**0.5 * rng.uniform(0.4, 1.0) * np.cos(wave * angles + rng.uniform(0, 2 * np.pi))
        )
    radius = np.clip(radius, 0.78, 1.18)
    # between ellipse and rectangle: an administrative area rather than an egg
    power = (np.abs(np.cos(angles)) ** 2.6 + np.abs(np.sin(angles)) ** 2.6) ** (-1 / 2.6)
    ring = np.column_stack(
        [HALF_WIDTH_M * power * radius * np.cos(angles), HALF_HEIGHT_M * power * radius * np.sin(angles)]
    )
    ring = ring + np.clip(rng.standard_normal(ring.shape), -1.8, 1.8) * 48.0
    return shapely.Polygon(np.round(chaikin(ring, rounds=2, closed=True), 2))


def _river(rng: np.random.Generator) -> Floats:
    """Walk a sine-generated curve (Langbein and Leopold 1966), its loops now wide, now narrow."""
    step = 20.0
    distance = np.arange(0.0, 30_000.0, step)
    wave = 2900.0 + 500.0 * np.sin(distance / 4100.0 + rng.uniform(0, 6))
    swing = 0.72 + 0.26 * np.sin(distance / 2600.0 + rng.uniform(0, 6))
    heading = swing * np.sin(np.cumsum(2 * np.pi * step / wave) + rng.uniform(0, 6))
    heading += 0.16 * np.sin(distance / 1700.0 + rng.uniform(0, 6)) + rng.uniform(-0.10, 0.10)
    points = np.column_stack([np.cumsum(np.cos(heading)), np.cumsum(np.sin(heading))]) * step
    points[:, 0] -= 9000.0
    points = points[points[:, 0] < 9000.0]
    middle = points[np.abs(points[:, 0]) < 1800.0, 1].mean()
    points[:, 1] -= middle + rng.uniform(420.0, 620.0)
    return points


def _river_area(rng: np.random.Generator, points: Floats) -> shapely.Polygon:
    line = resample(points, 25.0)
    knots = np.arange(0, len(line) + 14, 14)
    noise = np.interp(np.arange(len(line)), knots, rng.standard_normal(len(knots)))
    return ribbon(line, np.linspace(24.0, 34.0, len(line)) + 2.5 * noise)


def _brooks(rng: np.random.Generator, river: Floats) -> list[shapely.LineString]:
    """Lead brooks from the hills at the border down to the river, clear of the town."""
    lines: list[shapely.LineString] = []
    for x, side in ((-4400, 1), (-3300, -1), (3600, -1), (4700, 1), (-5300, -1), (5400, -1)):
        mouth = river[np.argmin(np.abs(river[:, 0] - x + rng.uniform(-250, 250)))]
        spring = np.array([x + rng.uniform(-700, 700) - 250 * np.sign(x), side * rng.uniform(4300.0, 5200.0)])
        middle = (mouth + spring) / 2 + np.array([np.sign(x) * rng.uniform(0, 500), 0.0])
        course = wander(
            chaikin(np.array([spring, middle, mouth]), rounds=3), rng, amplitude_m=150, step_m=260
        )
        course = wander(course, rng, amplitude_m=28, step_m=70)
        line = shapely.LineString(np.round(course, 2))
        if not any(line.intersects(other) for other in lines):
            lines.append(line)
    return lines


def _brook_area(line: shapely.LineString) -> shapely.Polygon:
    points = resample(shapely.get_coordinates(line), 20.0)
    return ribbon(points, np.linspace(2.5, 6.5, len(points)))


def _reservoir(rng: np.random.Generator, brooks: list[shapely.LineString]) -> shapely.Polygon:
    """Dam the longest brook in its upper third."""
    brook = max(brooks, key=lambda line: line.length)
    place = shapely.get_coordinates(brook.interpolate(0.33, normalized=True))[0]
    ahead = shapely.get_coordinates(brook.interpolate(0.40, normalized=True))[0] - place
    return blob(place, (330.0, 150.0), float(np.arctan2(ahead[1], ahead[0])), rng)


def _woods(rng: np.random.Generator, river: Floats, canvas: shapely.Polygon) -> list[shapely.Polygon]:
    """Put woods on the high ground: far from town and river, where the noise is high."""
    step = 55.0
    x = np.arange(-8200.0, 8201.0, step)
    y = np.arange(-6600.0, 6601.0, step)
    shape = (len(y), len(x))
    height = sum(
        weight * value_noise(shape, cell / step, rng)
        for cell, weight in ((1700, 1.0), (700, 0.5), (280, 0.28))
    )
    columns, rows = np.meshgrid(x, y)
    town = np.hypot(columns / CORE_RADII_M[0], rows / CORE_RADII_M[1])
    to_river = cKDTree(river[::4]).query(np.column_stack([columns.ravel(), rows.ravel()]))[0].reshape(shape)
    height = height + 1.5 * np.clip((town - 1.25) / 1.6, -1.0, 1.0) - 1.7 * np.exp(-((to_river / 480.0) ** 2))
    woods = [round_corners(wood, 25.0) for wood in above(height, x, y, 1.12)]
    return [part for wood in woods for part in shapely.get_parts(wood & canvas) if part.area > 15_000]
