"""Is it where the zone is? Suspected mix-ups of axes and reference systems, reported, never corrected."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from geo.boundaries.shift.outline import compare, separate
from geo.crs import BD09, GCJ02, DeclaredCrs, from_storage_xy, parse_crs, to_storage_xy
from geo.locate.index import Locator
from geo.model import Fault
from geo.offsets import in_box

Floats = NDArray[np.float64]
#: Degrees beyond the area of use of the metric CRS that are still believed.
_MARGIN = 1.0
#: By how much more of the features another reading must put inside before it is worth a word.
_GAIN = 0.02
_FEWEST = 10
#: How often chance may bring about the lead of another reading.
_CHANCE = 0.01
#: Roughly: how close together places are no separate evidence.
_METRES_A_DEGREE = 1e5


def check_area(lon: Floats, lat: Floats, *, metric_crs: str) -> list[Fault]:
    """Whether most places lie where the zone's metric CRS can be used at all.

    Returns
    -------
    list of Fault
        Rule ``place-implausible`` for the file as a whole, or nothing.
    """
    area = CRS.from_user_input(metric_crs).area_of_use
    known = np.isfinite(lon) & np.isfinite(lat)
    if area is None or not known.any():
        return []
    x, y = lon[known], lat[known]
    if _share_within(x, y, area.bounds) > 0.5:
        return []
    swapped = _share_within(y, x, area.bounds)
    hint = (
        "longitude and latitude seem to be swapped"
        if swapped > 0.5
        else "check --crs and the zone's metric CRS"
    )
    return [
        Fault(
            None,
            "place-implausible",
            f"most places lie near {np.median(x):.3f}, {np.median(y):.3f}, outside the area of the zone's "
            f"metric CRS {metric_crs} ({area.name}); {hint}",
        )
    ]


def _share_within(x: Floats, y: Floats, bounds: tuple[float, float, float, float]) -> float:
    west, south, east, north = bounds
    inside = (x >= west - _MARGIN) & (x <= east + _MARGIN) & (y >= south - _MARGIN) & (y <= north + _MARGIN)
    return float(inside.mean())


def check_shift(
    lon: Floats, lat: Floats, locator: Locator, *, declared: DeclaredCrs, storage_crs: str
) -> list[Fault]:
    """Whether another of the Chinese systems would put markedly more places into the zone.

    GCJ-02 lies 300 to 700 m off WGS 84, BD-09 about a kilometre; a file declared in the wrong one is shifted
    as a whole, so that its places fall out of the zone on one side. This is the quick look of an import, by
    the test of :mod:`geo.boundaries.shift.outline`; ``wangge crs-check`` looks closely.

    Parameters
    ----------
    lon, lat
        Places in the storage CRS, as declared.
    locator
        The zone's grids.

    Returns
    -------
    list of Fault
        Rule ``shift-suspected`` for the file as a whole, or nothing.
    """
    apart = separate(np.column_stack([lon, lat]), (_METRES_A_DEGREE, _METRES_A_DEGREE))
    x, y = lon[apart], lat[apart]
    if len(x) < _FEWEST or not len(locator) or in_box(x, y).mean() < 0.5:
        return []
    as_sent = from_storage_xy(x, y, storage_crs=storage_crs, crs=declared) if declared.offset else (x, y)
    others = [parse_crs(name) for name in (storage_crs, GCJ02, BD09) if parse_crs(name) != declared]
    read = [(x, y), *(to_storage_xy(*as_sent, crs=other, storage_crs=storage_crs) for other in others)]
    found = compare([locator.locate(lon=at_x, lat=at_y) >= 0 for at_x, at_y in read])
    as_declared, best = found.shares[0], found.shares[found.best]
    if best - as_declared < _GAIN or found.p_over[0] > _CHANCE:
        return []
    other = others[found.best - 1]
    return [
        Fault(
            None,
            "shift-suspected",
            f"as {declared}, {as_declared:.1%} of the places lie in the zone; as {other} it would be "
            f"{best:.1%}: the file may be in {other}; look with `wangge crs-check`; if so, say --crs {other}",
        )
    ]
