"""Where cases pile up: a heat map of points binned to a fine raster."""

from __future__ import annotations

from typing import Any, ClassVar, get_args

import numpy as np
import numpy.typing as npt

from geo.errors import InvalidInput
from layers.drawn import Drawn
from layers.libraries import own
from layers.style import Theme, palette

Floats = npt.NDArray[np.float64]

# One cell is about 20 m; more bins than a page should carry double it until they fit.
_CELL_DEGREES = 2e-4
MOST_BINS = 6000


def bin_points(points: Floats) -> Floats:
    """Sum points into the cells of a raster, coarse enough for a page.

    Parameters
    ----------
    points
        Shape (n, 2) or (n, 3): longitude, latitude and, if given, weight. Rows that are not finite are
        left out: they have no place.

    Returns
    -------
    ndarray
        Shape (m, 3), m at most ``MOST_BINS``: weighted mean place of each cell that holds points, and its
        weight.

    Raises
    ------
    InvalidInput
        If the array has another shape.
    """
    points = np.asarray(points, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] not in (2, 3):
        raise InvalidInput(
            f"heat points have shape {points.shape}; give lon, lat and optionally weight: (n, 3)"
        )
    if points.shape[1] == 2:
        points = np.column_stack([points, np.ones(len(points))])
    points = points[np.isfinite(points).all(axis=1) & (points[:, 2] > 0)]
    cell = _CELL_DEGREES
    bins = _binned(points, cell)
    while len(bins) > MOST_BINS:
        cell *= 2
        bins = _binned(points, cell)
    return bins


def _binned(points: Floats, cell: float) -> Floats:
    keys, owner = np.unique(np.floor(points[:, :2] / cell), axis=0, return_inverse=True)
    weight = np.bincount(owner, weights=points[:, 2], minlength=len(keys))
    places = [np.bincount(owner, weights=points[:, axis] * points[:, 2]) / weight for axis in (0, 1)]
    return np.column_stack([*places, weight])


class Heat(Drawn):
    """A heat map over the grids.

    Parameters
    ----------
    points
        As for ``bin_points``.
    colors
        Name of a ColorBrewer palette; another one than the grids', which lie below.
    """

    function: ClassVar[str] = "heat"
    default_js = own("leaflet-heat.js", "core.js", "heat.js")

    def __init__(self, points: Floats, *, colors: str = "YlOrRd") -> None:
        super().__init__()
        self.bins = bin_points(points)
        self._colors = colors

    def options(self) -> dict[str, Any]:
        """Return binned points as latitude, longitude, weight, and the colours from few to many by theme."""
        rounded = np.round(self.bins[:, [1, 0, 2]], 5)
        colors = {theme: palette(self._colors, 5, theme=theme) for theme in get_args(Theme)}
        return {"points": rounded.tolist(), "colors": colors}
