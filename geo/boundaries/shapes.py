"""Geometries row by row: what is missing, broken, of the wrong kind or off the Earth becomes a fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.crs import DeclaredCrs
from geo.model import Fault

Geometries = NDArray[Any]
Kind = Literal["polygon", "polygon or point", "any"]

_TYPES: Mapping[str, frozenset[int]] = {
    "polygon": frozenset({3, 6}),
    "polygon or point": frozenset({0, 3, 6}),
    "any": frozenset({0, 1, 3, 4, 5, 6}),
}
_NAMES = {
    0: "point",
    1: "line",
    2: "ring",
    3: "polygon",
    4: "points",
    5: "lines",
    6: "polygons",
    7: "collection",
}


def check_shapes(geometries: Geometries, broken: Mapping[int, str], kind: Kind) -> list[Fault]:
    """Find rows whose geometry cannot be used, one fault a row.

    Parameters
    ----------
    geometries
        As read, two-dimensional, any CRS.
    broken
        Reason by position for those that could not be built.
    kind
        What the import needs.

    Returns
    -------
    list of Fault
        Rules ``geometry-broken``, ``geometry-missing``, ``geometry-empty``, ``coordinates-not-finite``,
        ``geometry-kind``, ``geometry-invalid``; in the order of the rows.
    """
    types = shapely.get_type_id(geometries)
    empty = shapely.is_empty(geometries)
    finite = _all_finite(geometries)
    valid = shapely.is_valid(geometries)
    allowed = np.isin(types, list(_TYPES[kind]))
    suspects = np.flatnonzero((types == -1) | empty | ~finite | ~allowed | ~valid)
    faults = []
    for i in suspects:
        geometry = geometries[i]
        if geometry is None:
            faults.append(_missing(int(i), broken))
        elif empty[i]:
            faults.append(
                Fault(int(i) + 1, "geometry-empty", "the geometry is empty; draw it or leave the row out")
            )
        elif not finite[i]:
            faults.append(_not_finite(int(i)))
        elif not allowed[i]:
            faults.append(_wrong_kind(int(i), geometry, int(types[i]), kind))
        else:
            faults.append(_invalid(int(i), geometry))
    return faults


def _missing(i: int, broken: Mapping[int, str]) -> Fault:
    if i in broken:
        return Fault(
            i + 1,
            "geometry-broken",
            f"the geometry cannot be built: {broken[i]}; close every ring and give it at least four points",
        )
    return Fault(i + 1, "geometry-missing", "the row has no geometry; draw it or leave the row out")


def _not_finite(i: int) -> Fault:
    return Fault(
        i + 1,
        "coordinates-not-finite",
        "the geometry holds NaN or infinite coordinates; correct or remove those vertices",
    )


def _wrong_kind(i: int, geometry: BaseGeometry, type_id: int, kind: Kind) -> Fault:
    return Fault(
        i + 1,
        "geometry-kind",
        f"the geometry is a {_NAMES.get(type_id, geometry.geom_type)}; a {kind} is needed",
        geometry=geometry,
    )


def _invalid(i: int, geometry: BaseGeometry) -> Fault:
    reason = shapely.is_valid_reason(geometry)
    return Fault(
        i + 1,
        "geometry-invalid",
        f"the polygon is not valid: {reason}; redraw it there",
        geometry=shapely.make_valid(geometry),
    )


def _all_finite(geometries: Geometries) -> NDArray[np.bool_]:
    coordinates, owners = shapely.get_coordinates(geometries, return_index=True)
    bad = owners[~np.isfinite(coordinates).all(axis=1)]
    finite = np.ones(len(geometries), dtype=bool)
    finite[bad] = False
    return finite


def check_range(geometries: Geometries, crs: DeclaredCrs, rows: NDArray[np.intp]) -> list[Fault]:
    """Find geometries whose coordinates cannot be in the CRS they are declared in.

    Parameters
    ----------
    geometries
        Usable geometries in ``crs``.
    rows
        Position of each in the file.

    Returns
    -------
    list of Fault
        Rule ``coordinates-out-of-range``.
    """
    if not crs.is_degrees:
        return []
    bounds = shapely.bounds(geometries)
    off = (np.abs(bounds[:, [0, 2]]) > 180).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90).any(axis=1)
    return [_out_of_range(int(rows[i]), bounds[i], crs) for i in np.flatnonzero(off)]


def _out_of_range(row: int, bounds: NDArray[np.float64], crs: DeclaredCrs) -> Fault:
    x, y = float(bounds[0]), float(bounds[1])
    hint = "the file is in metres: declare its CRS with --crs EPSG:n"
    if abs(x) <= 90 and abs(y) <= 180:
        hint = "longitude and latitude seem to be swapped: longitude comes first"
    return Fault(
        row + 1,
        "coordinates-out-of-range",
        f"x {x:.6g}, y {y:.6g} cannot be longitude and latitude in {crs}; {hint}",
        value=f"{x:.6g} {y:.6g}",
    )


def multi(geometries: Geometries) -> Geometries:
    """Polygons as multipolygons, lines as multilines; what is multiple stays as it is."""
    made = np.array(geometries, dtype=object)
    for single, several in ((3, shapely.multipolygons), (1, shapely.multilinestrings)):
        which = np.flatnonzero(shapely.get_type_id(made) == single)
        if len(which):
            made[which] = several(made[which], indices=np.arange(len(which)))
    return made
