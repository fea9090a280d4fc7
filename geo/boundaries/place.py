"""Is it where the zone is? Suspected mix-ups of axes and reference systems, reported, never corrected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

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


@dataclass(frozen=True, slots=True)
class Reading:
    """How many places lie inside the zone when read in a CRS."""

    crs: str
    share: float


def check_shift(
    lon: Floats, lat: Floats, locator: Locator, *, declared: DeclaredCrs, storage_crs: str
) -> list[Fault]:
    """Whether another of the Chinese systems would put markedly more places into the zone.

    GCJ-02 lies 300 to 700 m off WGS 84, BD-09 about a kilometre; a file declared in the wrong one is shifted
    as a whole, so that its places fall out of the zone on one side.

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
    known = np.isfinite(lon) & np.isfinite(lat)
    x, y = lon[known], lat[known]
    if len(x) < _FEWEST or not len(locator) or in_box(x, y).mean() < 0.5:
        return []
    as_declared = _share_inside(x, y, locator)
    as_sent = from_storage_xy(x, y, storage_crs=storage_crs, crs=declared) if declared.offset else (x, y)
    others = [name for name in (storage_crs, GCJ02, BD09) if parse_crs(name) != declared]
    readings = []
    for other in others:
        read_x, read_y = to_storage_xy(as_sent[0], as_sent[1], crs=other, storage_crs=storage_crs)
        readings.append(Reading(other, _share_inside(read_x, read_y, locator)))
    best = max(readings, key=lambda reading: reading.share)
    if best.share - as_declared < _GAIN:
        return []
    return [
        Fault(
            None,
            "shift-suspected",
            f"as {declared}, {as_declared:.1%} of the places lie in the zone; as {best.crs} it would be "
            f"{best.share:.1%}: the file may be in {best.crs}; if so, say --crs {best.crs}",
        )
    ]


def _share_inside(x: Floats, y: Floats, locator: Locator) -> float:
    return float((locator.locate(lon=x, lat=y) >= 0).mean()) if len(x) else 0.0
