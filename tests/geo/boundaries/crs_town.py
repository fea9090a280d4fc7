"""A small town for checks of reference systems: houses in crooked rows, territories, and files about them."""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely

from geo.boundaries.shift.check import Systems, check_geometries
from geo.boundaries.shift.ground import Ground
from geo.crs import from_storage_xy, parse_crs, to_storage

STORED, METRIC = "EPSG:4490", "EPSG:4547"
CORNER, SIDE = np.array([483_000.0, 3_054_000.0]), 3000.0
NONE = np.array([], dtype=object)


def turned_boxes(rng, middles, wide, high):
    """Rectangles of about a size, each turned its own way; ``(n, 4, 2)`` as polygons."""
    count = len(middles)
    angle = rng.uniform(0, np.pi, count)
    half = np.column_stack([rng.uniform(*wide, count), rng.uniform(*high, count)]) / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])[None] * half[:, None]
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    x, y = corners[..., 0] * cos - corners[..., 1] * sin, corners[..., 0] * sin + corners[..., 1] * cos
    return shapely.polygons(np.stack([x, y], axis=-1) + middles[:, None])


@cache
def houses():
    """700 footprints, most along crooked streets, none overlapping another by much."""
    rng = np.random.default_rng(11)
    streets = rng.uniform(200, SIDE - 200, (25, 2))
    along = rng.uniform(-350, 350, 700)
    turn = rng.uniform(0, np.pi, 25)
    street = rng.integers(0, 25, 700)
    side = np.where(rng.random(700) < 0.5, 14.0, -14.0) + 8 * np.sin(along / 60)
    cos, sin = np.cos(turn[street]), np.sin(turn[street])
    middles = streets[street] + np.column_stack([along * cos - side * sin, along * sin + side * cos])
    return turned_boxes(rng, CORNER + np.clip(middles, 20, SIDE - 20), (9, 20), (7, 12))


def cells(seed, count=40, beyond=0.0):
    """Territories: the cells around random points, of the town or of more land around it."""
    whole = shapely.box(*(CORNER - beyond), *(CORNER + SIDE + 1.3 * beyond))
    seeds = np.random.default_rng(seed).uniform(whole.bounds[:2], whole.bounds[2:], (count, 2))
    parts = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=whole))
    return shapely.intersection(parts, whole)


@cache
def town():
    """All that is known of it."""
    parts = cells(3)
    whole = np.array([shapely.box(*CORNER, *(CORNER + SIDE))], dtype=object)
    return Ground(whole, houses(), NONE, shapely.boundary(np.concatenate([whole, parts])))


def doors(seed, count, noise_m=2.0):
    """Incidents at the walls of houses, as they are reported."""
    rng = np.random.default_rng(seed)
    walls = shapely.boundary(houses()[rng.integers(0, len(houses()), count)])
    points = shapely.get_coordinates(
        shapely.line_interpolate_point(walls, rng.random(count), normalized=True)
    )
    return shapely.points(points + rng.normal(0, noise_m, (count, 2)))


def strewn(seed, count):
    """A third of them anywhere in the town, the others in and around houses."""
    rng = np.random.default_rng(seed)
    middles = shapely.get_coordinates(shapely.centroid(houses()))[rng.integers(0, len(houses()), count)]
    points = middles + rng.normal(0, 8.0, (count, 2))
    anywhere = rng.random(count) < 1 / 3
    points[anywhere] = CORNER + rng.uniform(0, SIDE, (int(anywhere.sum()), 2))
    return shapely.points(points)


def surveyed(seed, count, noise_m):
    """Footprints as another surveyor would draw them."""
    rng = np.random.default_rng(seed)
    drawn = houses()[rng.choice(len(houses()), count, replace=False)]
    coordinates = shapely.get_coordinates(drawn).reshape(count, 5, 2)
    coordinates = coordinates + rng.normal(0, noise_m, (count, 1, 2))
    return shapely.convex_hull(shapely.polygons(coordinates + rng.normal(0, noise_m / 4, coordinates.shape)))


def moved(geometries, east, north):
    """Geometries shifted in the metric plane."""
    return shapely.transform(geometries, lambda xy: xy + np.array([east, north]))


def sent_as(geometries, system):
    """Geometries of the metric plane as somebody would send them in a system."""
    if system == "swapped":
        return shapely.transform(to_storage(geometries, METRIC, STORED), lambda xy: xy[:, ::-1])
    if system == "drawn":  # over a map in GCJ-02, kept in metres
        return to_storage(to_storage(geometries, METRIC, "GCJ-02"), STORED, METRIC)
    if system == "twice":  # taken for GCJ-02 and converted although it was not
        return to_storage(to_storage(geometries, METRIC, STORED), "GCJ-02", STORED)
    return to_storage(geometries, METRIC, system)


def judged(sent, declared=STORED, ground=None):
    """The verdict on a file."""
    systems = Systems(parse_crs(declared), STORED, METRIC)
    return check_geometries(np.asarray(sent, dtype=object), systems, town() if ground is None else ground)


def offset_m(truth, declared, geometries):
    """How far the middle of a file lies from where it belongs when read as declared."""
    true = np.median(shapely.get_coordinates(shapely.segmentize(geometries, 20.0)), axis=0)
    sent = from_storage_xy(*true, storage_crs=METRIC, crs=truth)
    read = from_storage_xy(*sent, storage_crs=declared, crs=METRIC)
    return np.array(read) - true
