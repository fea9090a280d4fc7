"""Seeded randomness and the natural shapes that everything else is made of.

All coordinates are metres in the demo's local frame (origin in the town centre, x east, y north).
"""

from __future__ import annotations

import zlib

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float64]


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the random stream of one task, so that changing one task leaves the others as they were."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def chaikin(points: Floats, *, rounds: int = 2, closed: bool = False) -> Floats:
    """Cut corners (Chaikin 1974); open lines keep their ends."""
    for _ in range(rounds):
        following = np.roll(points, -1, axis=0) if closed else points[1:]
        first = points if closed else points[:-1]
        cut = np.stack([0.75 * first + 0.25 * following, 0.25 * first + 0.75 * following], axis=1).reshape(
            -1, 2
        )
        points = cut if closed else np.vstack([points[:1], cut, points[-1:]])
    return points


def resample(points: Floats, step_m: float) -> Floats:
    """Return points at equal distances of about `step_m` along an open line."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    count = max(2, round(float(along[-1]) / step_m) + 1)
    places = np.linspace(0.0, along[-1], count)
    return np.column_stack([np.interp(places, along, points[:, 0]), np.interp(places, along, points[:, 1])])


def normals(points: Floats) -> Floats:
    """Return the unit normals (to the left) at the points of an open line."""
    along = np.gradient(points, axis=0)
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    return np.column_stack([-along[:, 1], along[:, 0]])


def wander(points: Floats, rng: np.random.Generator, *, amplitude_m: float, step_m: float) -> Floats:
    """Let an open line wander to both sides; its ends stay where they are."""
    line = resample(points, step_m)
    count = len(line)
    if count < 3:
        return line
    noise = ndimage.gaussian_filter1d(rng.standard_normal(count + 20), 1.5)[10:-10]
    fade = np.sin(np.linspace(0.0, np.pi, count)) ** 0.5
    line = line + normals(line) * (noise * 2.0 * amplitude_m * fade)[:, None]
    return chaikin(line, rounds=2)


def bent(
    start: Floats, end: Floats, start_direction: Floats, end_direction: Floats, *, pull: float = 0.4
) -> Floats:
    """Return a cubic curve from `start` to `end` that leaves and arrives in the given unit directions."""
    reach = pull * float(np.hypot(*(end - start)))
    control = np.array([start, start + reach * start_direction, end - reach * end_direction, end])
    t = np.linspace(0.0, 1.0, 40)[:, None]
    curve: Floats = (
        (1 - t) ** 3 * control[0]
        + 3 * (1 - t) ** 2 * t * control[1]
        + 3 * (1 - t) * t**2 * control[2]
        + t**3 * control[3]
    )
    return curve


def ribbon(points: Floats, half_width_m: Floats) -> shapely.Polygon:
    """Return the area that a line of changing width covers."""
    side = normals(points) * np.asarray(half_width_m)[:, None]
    area = shapely.make_valid(shapely.Polygon(np.vstack([points + side, (points - side)[::-1]])))
    discs = shapely.buffer(shapely.points(points), np.asarray(half_width_m) * 0.98, quad_segs=4)
    return biggest(shapely.union_all([area, *discs]).buffer(0.5).simplify(0.5))


def blob(
    centre: Floats, radii_m: tuple[float, float], turn: float, rng: np.random.Generator
) -> shapely.Polygon:
    """Return a smooth, irregular closed shape: a lake, a pond, a wood."""
    angles = np.linspace(0.0, 2 * np.pi, 72, endpoint=False)
    radius = np.ones_like(angles)
    for wave in range(2, 7):
        radius += 0.28 / wave * rng.standard_normal() * np.cos(wave * angles + rng.uniform(0, 2 * np.pi))
    radius = np.clip(radius, 0.45, 1.6)
    x, y = radii_m[0] * radius * np.cos(angles), radii_m[1] * radius * np.sin(angles)
    ring = (
        np.column_stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)]) + centre
    )
    return biggest(shapely.make_valid(shapely.Polygon(ring)))


def value_noise(shape: tuple[int, int], cell: float, rng: np.random.Generator) -> Floats:
    """Return smooth noise of about unit variance on a raster, its bumps `cell` pixels apart."""
    coarse = rng.standard_normal((int(shape[0] / cell) + 5, int(shape[1] / cell) + 5))
    rows, columns = np.meshgrid(
        np.arange(shape[0]) / cell + 1.5, np.arange(shape[1]) / cell + 1.5, indexing="ij"
    )
    return np.asarray(
        ndimage.map_coordinates(coarse, [rows, columns], order=3, mode="reflect"), dtype=np.float64
    )


def above(field: Floats, x: Floats, y: Floats, threshold: float) -> list[shapely.Polygon]:
    """Return the polygons where a raster field exceeds a threshold (isolines over triangles)."""
    grid = np.stack(np.meshgrid(x, y), axis=-1)
    height = field - threshold
    height[np.abs(height) < 1e-9] = 1e-9
    height[[0, -1], :] = height[:, [0, -1]] = -1.0
    corners = [(slice(None, -1), slice(None, -1)), (slice(None, -1), slice(1, None)),
               (slice(1, None), slice(1, None)), (slice(1, None), slice(None, -1))]  # fmt: skip
    segments = []
    for triple in ((0, 1, 2), (0, 2, 3)):
        points = np.stack([grid[corners[i]].reshape(-1, 2) for i in triple], axis=1)
        values = np.stack([height[corners[i]].ravel() for i in triple], axis=1)
        mixed = (values > 0).any(axis=1) & (values < 0).any(axis=1)
        segments.append(_crossings(points[mixed], values[mixed]))
    rings = shapely.get_parts(shapely.polygonize([*shapely.linestrings(np.round(np.vstack(segments), 2))]))
    inner = shapely.get_coordinates(shapely.point_on_surface(rings))
    column = (inner[:, 0] - x[0]) / (x[1] - x[0])
    row = (inner[:, 1] - y[0]) / (y[1] - y[0])
    return [*rings[ndimage.map_coordinates(height, [row, column], order=1) > 0]]


def _crossings(points: Floats, values: Floats) -> Floats:
    """Return, for each triangle with both signs, the segment where the field is zero."""
    positive = values > 0
    lone_sign = positive.sum(axis=1) == 1
    lone = np.where(lone_sign, positive.argmax(axis=1), (~positive).argmax(axis=1))
    rows = np.arange(len(points))
    ends = []
    for other in (1, 2):
        a, b = (rows, lone), (rows, (lone + other) % 3)
        # the same end first on both triangles that share an edge: the crossing is then the same number
        swap = values[a] > values[b]
        low, high = np.where(swap, values[b], values[a]), np.where(swap, values[a], values[b])
        low_point = np.where(swap[:, None], points[b], points[a])
        high_point = np.where(swap[:, None], points[a], points[b])
        ends.append(low_point + (high_point - low_point) * (-low / (high - low))[:, None])
    return np.stack(ends, axis=1)


def biggest(area: shapely.Geometry) -> shapely.Polygon:
    """Return the largest polygon of an area."""
    parts = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area)


def round_corners(area: shapely.Geometry, radius_m: float) -> shapely.Geometry:
    """Round an area's outer and inner corners."""
    return area.buffer(radius_m).buffer(-2 * radius_m).buffer(radius_m)
