"""A partition as a small picture: no library, no script, good for a link to its map."""

from __future__ import annotations

import math

import numpy as np
import shapely
from geopandas import GeoDataFrame

from layers.geometry import drawn_shapes
from layers.measures import Measure
from layers.style import NO_DATA_COLORS, PALETTES, Theme, classify

WIDTH = 600.0


def thumbnail(grids: GeoDataFrame, measure: Measure, *, colors: str, theme: Theme = "day") -> str:
    """Return an SVG of the grids of one level, filled by class of a measure.

    Parameters
    ----------
    grids
        Grids of one level in longitude and latitude, as ``coverage_map`` takes them.
    measure
        What they are coloured by.
    colors
        ``coverage`` or ``density``.
    theme
        Colours for day or for night; the style sheet of the page may colour borders anew.
    """
    level = int(grids["level"].iloc[0])
    polygons = drawn_shapes({level: grids})[level].polygons.to_numpy()
    values = measure.values(grids)
    classes = classify(values, colors=PALETTES[colors])
    by_class = classes.colors_by(theme)
    fills = [NO_DATA_COLORS[theme] if place < 0 else by_class[place] for place in classes.index(values)]
    shapes, height = _on_paper(polygons)
    paths = "".join(
        f'<path fill="{fill}" d="{_path(shape)}"/>' for fill, shape in zip(fills, shapes, strict=True)
    )
    return (
        f'<svg class="picture-{theme}" xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="-3 -3 {WIDTH + 6:.0f} {height + 6:.0f}">'
        f'<g stroke="#12304a" stroke-width="2" stroke-linejoin="round" fill-rule="evenodd">{paths}</g></svg>'
    )


def _on_paper(polygons: np.ndarray) -> tuple[np.ndarray, float]:
    """Polygons in picture units, north up, and the picture's height."""
    west, south, east, north = shapely.total_bounds(polygons)
    scale = WIDTH / (east - west)
    upright = scale / math.cos(math.radians((south + north) / 2))
    moved = shapely.transform(
        polygons, lambda xy: np.column_stack([(xy[:, 0] - west) * scale, (north - xy[:, 1]) * upright])
    )
    return shapely.simplify(moved, 0.6), (north - south) * upright


def _path(shape: shapely.Geometry) -> str:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(ring)[:-1]) + "Z"
        for ring in rings
    )
