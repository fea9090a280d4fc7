"""What a camera sees: its sector minus the buildings and what they hide."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.demo.shapes import Floats

STEP = np.radians(3.0)
BESIDE = 2e-4  # radians: a ray on either side of each corner
NEAREST_M = 1.0


def views(
    places: Floats, bearings: Floats, angles: Floats, ranges_m: Floats, footprints: NDArray[np.object_]
) -> NDArray[np.object_]:
    """Return the ground each camera sees.

    Parameters
    ----------
    places
        Where cameras stand, metres, shape (n, 2); outside all buildings.
    bearings, angles
        Middle of the sector, degrees clockwise from north, and opening angle; 360 sees all round.
    ranges_m
        How far they see.
    footprints
        Polygons that block the view.

    Returns
    -------
    numpy.ndarray of shapely.Polygon
        Star-shaped about the place.

    Notes
    -----
    Rays are cast every three degrees and closely beside every corner within reach; each ends at the first
    wall or at the range (angular sweep).
    """
    tree = shapely.STRtree(footprints)
    near = tree.query(shapely.points(places), predicate="dwithin", distance=ranges_m)
    result = np.empty(len(places), dtype=object)
    for index, place in enumerate(places):
        walls = _walls(footprints[near[1][near[0] == index]], place)
        result[index] = _seen(
            place, float(bearings[index]), float(angles[index]), float(ranges_m[index]), walls
        )
    return result


def _walls(buildings: NDArray[np.object_], place: Floats) -> Floats:
    """Return the walls of some buildings seen from a place: start and end, shape (n, 2, 2)."""
    rings = [shapely.get_coordinates(ring) - place for ring in shapely.get_exterior_ring(buildings)]
    pairs = [np.stack([ring[:-1], ring[1:]], axis=1) for ring in rings]
    return np.concatenate(pairs) if pairs else np.empty((0, 2, 2))


def _seen(place: Floats, bearing: float, angle: float, range_m: float, walls: Floats) -> shapely.Polygon:
    middle = np.radians(90.0 - bearing)
    half = np.radians(angle) / 2
    turns = _turns(middle, half, walls)
    rays = np.column_stack([np.cos(middle + turns), np.sin(middle + turns)])
    far = np.minimum(_first_walls(rays, walls), range_m)
    ring = place + rays * np.maximum(far, NEAREST_M)[:, None]
    return shapely.Polygon(ring if angle >= 360.0 else np.vstack([place, ring]))


def _turns(middle: float, half: float, walls: Floats) -> Floats:
    """Return the directions of all rays against the middle of the sector, rising."""
    corners = np.arctan2(walls[:, 0, 1], walls[:, 0, 0]) - middle
    corners = (corners + np.pi) % (2 * np.pi) - np.pi
    regular = np.linspace(-half, half, max(3, round(2 * half / STEP)) + 1)
    turns = np.concatenate([regular, corners - BESIDE, corners + BESIDE])
    turns = np.unique(np.round(turns[np.abs(turns) <= half + 1e-9], 7))
    return turns[:-1] if half >= np.pi - 1e-9 else turns


def _first_walls(rays: Floats, walls: Floats) -> Floats:
    """Return how far each ray goes until it meets a wall; infinity where it meets none."""
    if len(walls) == 0:
        return np.full(len(rays), np.inf)
    start, along = walls[:, 0], walls[:, 1] - walls[:, 0]
    cross = rays[:, :1] * along[:, 1] - rays[:, 1:] * along[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        far = (start[:, 0] * along[:, 1] - start[:, 1] * along[:, 0]) / cross
        share = (start[:, 0] * rays[:, 1:] - start[:, 1] * rays[:, :1]) / cross
    met = (np.abs(cross) > 1e-12) & (far > 0.0) & (share >= 0.0) & (share <= 1.0)
    nearest: Floats = np.where(met, far, np.inf).min(axis=1)
    return nearest
