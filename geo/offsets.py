"""GCJ-02 and BD-09: the offset systems of Chinese web maps, to and from WGS 84, as pure arithmetic.

Neither is published by its owner. The formulas are the ones that the open converters agree on
(eviltransform, https://github.com/googollee/eviltransform, MIT; coordtransform,
https://github.com/wandergis/coordtransform, MIT), written anew for arrays; their reference points are
in the tests. WGS 84 and CGCS2000 differ by centimetres and count as one here.

How good they are:

- The forward formulas are exact by definition. The inverses are found by iteration and undo them to better
  than 1e-9 degree (0.1 mm) everywhere in :data:`BOX`, its edges included; the one-step inverses in common
  use are off by up to some metres.
- The map makers' own services round and may differ: of eight cities converted by such a service (test data
  of gcoord, https://github.com/hujiulong/gcoord, MIT) the formula for GCJ-02 is within 6e-6 degree (0.6 m),
  that for BD-09 within 6e-8 degree.
- :data:`BOX` is the converters' rectangle, not the border of China: inside it, but abroad, the formula moves
  points that the services leave alone.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

#: Krasovsky 1940, the ellipsoid the offset is computed on.
SEMI_MAJOR_M = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
#: Outside this box (west, south, east, north) GCJ-02 equals WGS 84.
BOX = (72.004, 0.8293, 137.8347, 55.8271)

_EDGES = (BOX[0], BOX[2]), (BOX[1], BOX[3])
_HAIR = 1e-11

_BD_TURN = np.pi * 3000.0 / 180.0
_BD_LON, _BD_LAT = 0.0065, 0.006
_STEPS = 30
_CLOSE = 1e-13


def in_box(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Whether points lie where GCJ-02 is offset at all; False for missing coordinates."""
    west, south, east, north = BOX
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def wgs84_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    """WGS 84 to GCJ-02, degrees; points outside :data:`BOX` stay as they are.

    >>> lon, lat = wgs84_to_gcj02(np.array([121.5272106]), np.array([31.1774276]))
    >>> print(f"{lon[0]:.6f} {lat[0]:.6f}")
    121.531542 31.175304
    """
    inside = in_box(lon, lat)
    moved_lon, moved_lat = _offset(lon, lat)
    return np.where(inside, moved_lon, lon), np.where(inside, moved_lat, lat)


def gcj02_to_wgs84(lon: Floats, lat: Floats) -> Pair:
    """GCJ-02 to WGS 84, degrees: the exact inverse of :func:`wgs84_to_gcj02`.

    Within a kilometre outside :data:`BOX` the forward formula is not one-to-one; there the point inside
    the box is taken.
    """
    found_lon, found_lat = (
        _onto_edge(*pair) for pair in zip(_invert(_offset, lon, lat), _EDGES, strict=True)
    )
    inside = in_box(found_lon, found_lat)
    return np.where(inside, found_lon, lon), np.where(inside, found_lat, lat)


def _onto_edge(found: Floats, edges: tuple[float, float]) -> Floats:
    """Put what rounding left a hair outside the box back on its edge."""
    low, high = edges
    near = (found > low - _HAIR) & (found < high + _HAIR)
    return np.where(near, np.clip(found, low, high), found)


def gcj02_to_bd09(lon: Floats, lat: Floats) -> Pair:
    """GCJ-02 to BD-09, degrees.

    >>> lon, lat = gcj02_to_bd09(np.array([116.404]), np.array([39.915]))
    >>> print(f"{lon[0]:.8f} {lat[0]:.8f}")
    116.41036949 39.92133699
    """
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_TURN)
    return radius * np.cos(angle) + _BD_LON, radius * np.sin(angle) + _BD_LAT


def bd09_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    """BD-09 to GCJ-02, degrees: the exact inverse of :func:`gcj02_to_bd09`."""
    return _invert(gcj02_to_bd09, lon, lat)


def _invert(forward: Callable[[Floats, Floats], Pair], lon: Floats, lat: Floats) -> Pair:
    """Solve ``forward(x) = (lon, lat)`` by stepping back what is left; the offset is a contraction."""
    x, y = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    for _ in range(_STEPS):
        found_x, found_y = forward(x, y)
        left_x, left_y = lon - found_x, lat - found_y
        x, y = x + left_x, y + left_y
        left = np.maximum(np.abs(left_x), np.abs(left_y))
        if not np.any(left > _CLOSE):
            break
    return x, y


def _offset(lon: Floats, lat: Floats) -> Pair:
    """WGS 84 plus the GCJ-02 offset, without regard to the box."""
    x, y = lon - 105.0, lat - 35.0
    waves = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    root = np.sqrt(np.abs(x))
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m += (2.0 / 3.0) * (waves + _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0)))
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m += (2.0 / 3.0) * (waves + _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0)))
    phi = np.radians(lat)
    curvature = 1.0 - ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    meridian_m = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / curvature**1.5
    parallel_m = SEMI_MAJOR_M / np.sqrt(curvature) * np.cos(phi)
    return lon + np.degrees(east_m / parallel_m), lat + np.degrees(north_m / meridian_m)


def _waves(x: Floats, *terms: tuple[float, float]) -> Floats:
    total = np.zeros_like(x)
    for height, length in terms:
        total += height * np.sin(x * np.pi / length)
    return total
