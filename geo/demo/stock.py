"""The building stock while it is being built: plain columns in local metres."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.demo.shapes import Floats

Geometries = NDArray[np.object_]


def some_buildings(  # noqa: PLR0913 - one argument a column
    geometry: Geometries,
    *,
    kind: str,
    cell: int | NDArray[np.int64],
    site: str | Geometries | None = None,
    site_kind: str = "single",
    label: Geometries | list[str] | str | None = None,
    floors: int | NDArray[np.int64] = 1,
    units: int | NDArray[np.int64] = 1,
    doors: int = 0,
    households: int | NDArray[np.int64] = 0,
) -> pd.DataFrame:
    """Return rows of buildings.

    Parameters
    ----------
    site
        What the building belongs to (a quarter, a campus, a villager group), or None for a building alone.
    site_kind
        ``quarter``, ``group``, ``campus`` or ``single``.
    label
        The building's name within its site, as 「3栋」.
    doors
        Doors on each floor of a unit; 0 when nobody lives there.
    """
    values = {
        "kind": kind,
        "site": site,
        "site_kind": site_kind,
        "label": label,
        "cell": cell,
        "floors": floors,
        "units": units,
        "doors": doors,
        "households": households,
    }
    return pd.DataFrame(
        {name: _column(value, len(geometry)) for name, value in values.items()} | {"geometry": geometry}
    )


def _column(value: object, count: int) -> Geometries:
    column = np.empty(count, dtype=object)
    column[:] = value
    return column


def rows_of_boxes(
    ground: shapely.Polygon,
    *,
    lengths_m: Floats,
    depth_m: float,
    pitch_m: float,
    gap_m: float,
    first_m: float = 0.0,
) -> Floats:
    """Fill a parcel, seen along its street, with rows of boxes.

    Parameters
    ----------
    ground
        The parcel turned so that rows run along x.
    lengths_m
        Lengths to use in turn, row after row.

    Returns
    -------
    numpy.ndarray, shape (n, 3)
        Centre x, centre y and length of every box that fits.
    """
    x0, y0, x1, y1 = ground.bounds
    heights = np.arange(y0 + first_m + depth_m / 2, y1 - depth_m / 2 + 0.01, pitch_m)
    slack = (y1 - depth_m / 2 - heights[-1]) / 2 if len(heights) else 0.0
    found: list[tuple[float, float, float]] = []
    turn = 0
    for y in heights + slack:
        strip = shapely.clip_by_rect(ground, x0, y - depth_m / 2, x1, y + depth_m / 2)
        if strip.is_empty:
            continue
        left, right = strip.bounds[0], strip.bounds[2]
        picked: list[float] = []
        while True:
            length = float(lengths_m[(turn + len(picked)) % len(lengths_m)])
            if sum(picked) + length + gap_m * len(picked) > right - left:
                break
            picked.append(length)
        turn += len(picked)
        spare = (right - left - sum(picked) - gap_m * max(len(picked) - 1, 0)) / max(len(picked) + 1, 1)
        edge = left + spare
        for length in picked:
            found.append((edge + length / 2, float(y), length))
            edge += length + gap_m + spare * (len(picked) > 1) * 0.9
    return np.array(found).reshape(-1, 3)
