"""Basic checks of a level of grids before it is written; the full certificate is another matter.

Frames are in the storage CRS, indexed by position in the file (row 1 is 0), with columns ``code``, ``name``,
``parent_code`` and ``geometry``; parents are indexed by code. Rows without a geometry have been faulted
already and are left alone here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.crs import to_storage
from geo.model import Fault

#: Overhang below this is rounding, not drawing.
ROUNDING_M = 0.05
_SHOWN = 10
#: Longest code of a grid, neighbourhood or building; the API asks for no longer ones.
LONGEST_CODE = 40


def check_filled(frame: pd.DataFrame, column: str, *, what: str) -> list[Fault]:
    """Rows whose ``column`` is blank; rule ``<column>-missing``."""
    return [
        Fault(int(row) + 1, f"{column}-missing", f"the {what} is blank; give every row one", column=column)
        for row in np.flatnonzero(frame[column].isna())
    ]


def check_unique(frame: pd.DataFrame, column: str = "code", *, cure: str) -> list[Fault]:
    """Rows that share their code with others; rule ``code-repeated``, one fault a row."""
    values = frame[column].dropna()
    repeated = values[values.duplicated(keep=False)]
    rows_of = {code: [int(i) + 1 for i in group.index] for code, group in repeated.groupby(repeated)}
    return [
        Fault(
            int(i) + 1,
            "code-repeated",
            f"code {code!r} is used in rows {listed(rows_of[code])}; {cure}",
            column=column,
            value=str(code),
            geometry=_geometry(frame, i),
        )
        for i, code in repeated.items()
    ]


def check_codes(frame: pd.DataFrame, column: str = "code") -> list[Fault]:
    """Codes that no address, label or index can carry; rule ``code-unfit``."""
    return [
        Fault(
            int(i) + 1,
            "code-unfit",
            f"code {str(code)[:LONGEST_CODE]!r} is no code: use up to {LONGEST_CODE} visible characters",
            column=column,
            value=str(code)[:200],
        )
        for i, code in frame[column].dropna().items()
        if len(str(code)) > LONGEST_CODE or not str(code).isprintable()
    ]


def check_issued(frame: pd.DataFrame, issued: Mapping[str, int], level: int) -> list[Fault]:
    """Codes that the register has already, at this or another level; rule ``code-issued``."""
    return [
        Fault(
            int(i) + 1,
            "code-issued",
            f"code {code!r} was issued before for a grid of level {issued[code]}; codes are never reused: "
            + ("give the new grid a new code" if issued[code] == level else "no code stands at two levels"),
            column="code",
            value=code,
        )
        for i, code in frame["code"].dropna().items()
        if code in issued
    ]


def check_known(
    frame: pd.DataFrame, column: str, known: Collection[str], *, what: str, cure: str
) -> list[Fault]:
    """Values that are on no list; rule ``<column>-unknown``, one fault for each distinct value."""
    values = frame[column].dropna()
    unknown = values[~values.isin(list(known))]
    return [
        Fault(
            int(group.index[0]) + 1,
            f"{column}-unknown",
            f"{what} {value!r} is not known (rows {listed(int(i) + 1 for i in group.index)}); {cure}",
            column=column,
            value=str(value),
        )
        for value, group in unknown.groupby(unknown, sort=False)
    ]


def check_parents_cover(
    frame: GeoDataFrame, parents: GeoDataFrame, *, metric_crs: str, storage_crs: str, tolerance_m: float
) -> tuple[list[Fault], list[Fault]]:
    """Grids that reach beyond their parent.

    Both are measured in the metric CRS. A grid overhangs by the greatest distance from the parent of any
    point of it. More than ``tolerance_m`` is a fault, less but more than rounding a warning.

    Returns
    -------
    faults, warnings : list of Fault
        Rule ``parent-does-not-cover``; the geometry is the part outside, in the storage CRS.
    """
    known = frame[frame["parent_code"].isin(parents.index) & frame.geometry.notna()]
    if known.empty:
        return [], []
    children = _metric(known.geometry.to_numpy(), storage_crs, metric_crs)
    metric_parents = _metric(parents.geometry.to_numpy(), storage_crs, metric_crs)
    of_parent = dict(zip(parents.index, metric_parents, strict=True))
    faults: list[Fault] = []
    warnings: list[Fault] = []
    for i, code, parent, child in zip(
        known.index, known["code"], known["parent_code"], children, strict=True
    ):
        width_m, outside = _overhang(child, of_parent[parent])
        if width_m <= ROUNDING_M:
            continue
        place = to_storage(np.array([outside], dtype=object), metric_crs, storage_crs)[0]
        finding = _overhang_fault(int(i), str(code), str(parent), width_m, outside.area, tolerance_m, place)
        (faults if width_m > tolerance_m else warnings).append(finding)
    return faults, warnings


def _overhang(child: BaseGeometry, parent: BaseGeometry) -> tuple[float, BaseGeometry]:
    """Greatest distance of the child beyond the parent, metres, and the part outside."""
    if shapely.covers(parent, child):
        return 0.0, shapely.Polygon()
    outside = shapely.difference(child, parent)
    corners = shapely.points(shapely.get_coordinates(outside))
    # The farthest point of a part outside is one of its vertices, but for hollows of the parent.
    return (float(shapely.distance(corners, parent).max()) if len(corners) else 0.0), outside


def _overhang_fault(
    i: int, code: str, parent: str, width_m: float, area_m2: float, tolerance_m: float, place: BaseGeometry
) -> Fault:
    cure = (
        f"within the tolerance of {tolerance_m:g} m"
        if width_m <= tolerance_m
        else f"more than {tolerance_m:g} m: correct the border or the parent, "
        f"or accept it with --tolerance {np.ceil(width_m):.0f}"
    )
    return Fault(
        i + 1,
        "parent-does-not-cover",
        f"grid {code!r} reaches {width_m:.2f} m ({area_m2:.0f} m²) beyond its parent {parent!r}; {cure}",
        column="geometry",
        value=f"{width_m:.3f} m",
        geometry=place,
    )


def _metric(geometries: NDArray[Any], storage_crs: str, metric_crs: str) -> NDArray[Any]:
    return np.asarray(to_storage(geometries, storage_crs, metric_crs), dtype=object)


def _geometry(frame: pd.DataFrame, i: Any) -> BaseGeometry | None:
    return frame.geometry.loc[i] if isinstance(frame, GeoDataFrame) else None


def listed(rows: Iterable[int]) -> str:
    """Row numbers in words, cut after the first ten.

    >>> listed([1, 4, 9])
    '1, 4, 9'
    """
    numbers = list(rows)
    more = f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
    return ", ".join(map(str, numbers[:_SHOWN])) + more
