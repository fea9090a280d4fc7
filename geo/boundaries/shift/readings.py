"""The systems a file's coordinates could be in: each a way to read the same numbers as places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from geo.crs import BD09, GCJ02, DeclaredCrs, from_storage_xy, parse_crs, to_storage_xy

Floats = NDArray[np.float64]

#: Readings that put the same numbers less than this apart, metres, are one and the same here.
SAME_M = 3.0
#: A reading is worth a look when this share of the samples comes near the zone.
NEAR = 0.2
TWICE = "twice"
_NAMES_OF_PROJECTED = {None: "{}", GCJ02: "{} drawn over GCJ-02", BD09: "{} drawn over BD-09"}


@dataclass(frozen=True)
class Reading:
    """One way to read coordinates.

    Attributes
    ----------
    crs
        System the numbers are taken to be in: degrees or metres.
    offset
        ``GCJ-02`` or ``BD-09``: the places were drawn over a map in it; ``twice``: WGS 84 from which the
        GCJ-02 offset was taken off although it was not in it; None.
    swapped
        The second number is x.
    """

    crs: DeclaredCrs
    offset: str | None = None
    swapped: bool = False

    @property
    def name(self) -> str:
        """How a person would call it."""
        if self.offset == TWICE:
            name = f"{self.crs} after an offset of GCJ-02 that was not there was taken off"
        elif self.offset and self.crs.is_degrees:
            name = self.offset
        else:
            name = _NAMES_OF_PROJECTED[self.offset].format(self.crs)
        return f"{name} with the axes swapped" if self.swapped else name

    @property
    def cure(self) -> str:
        """What to do if the file is in it."""
        if self.swapped:
            return f"exchange the columns of x and y, and {replace(self, swapped=False).cure}"
        if self.offset == TWICE:
            return "take the coordinates as they were before the conversion"
        if self.offset and not self.crs.is_degrees:
            return f"unproject it from {self.crs} to degrees, and declare those as {self.offset}"
        return f"say --crs {self.name}"

    def place(self, x: Floats, y: Floats, *, metric_crs: str) -> Floats:
        """Where the coordinates lie in the metric plane, ``(n, 2)``; NaN where they cannot be."""
        if self.swapped:
            x, y = y, x
        if self.crs.is_degrees:
            off = (np.abs(x) > 180) | (np.abs(y) > 90)
            x, y = np.where(off, np.nan, x), np.where(off, np.nan, y)
        if self.offset is None:
            return np.column_stack(to_storage_xy(x, y, crs=self.crs, storage_crs=metric_crs))
        if not self.crs.is_degrees or self.offset == TWICE:
            x, y = to_storage_xy(x, y, crs=self.crs, storage_crs="EPSG:4326")
        if self.offset == TWICE:
            x, y = from_storage_xy(x, y, storage_crs="EPSG:4326", crs=GCJ02)
            return np.column_stack(to_storage_xy(x, y, crs="EPSG:4326", storage_crs=metric_crs))
        return np.column_stack(to_storage_xy(x, y, crs=self.offset, storage_crs=metric_crs))


def plain_readings(
    x: Floats,
    y: Floats,
    declared: DeclaredCrs,
    *,
    storage_crs: str,
    metric_crs: str,
    lon: float,
    own: DeclaredCrs | None = None,
) -> list[Reading]:
    """Readings without an offset of web maps, by both orders of the axes; before them the declared one.

    Parameters
    ----------
    x, y
        As sent; at least one.
    lon
        Longitude of the zone: which strips of Gauss-Krueger are near.
    own
        What the file itself says, if that is not what is declared.
    """
    in_metres = bool(max(np.median(np.abs(x)), np.median(np.abs(y))) > 180)
    systems = _metres(metric_crs, lon) if in_metres else [parse_crs(storage_crs)]
    said = [crs for crs in (declared, own) if crs is not None and crs.offset is None]
    systems = [*(crs for crs in said if crs.is_degrees != in_metres), *systems]
    found = [Reading(crs, None, swapped) for swapped, crs in product((False, True), systems)]
    return list(dict.fromkeys([Reading(declared, declared.offset), *found]))


def _variants(reading: Reading) -> Iterator[Reading]:
    """The same numbers over a map with an offset."""
    yield from (replace(reading, offset=offset) for offset in (GCJ02, BD09))
    if reading.crs.is_degrees and not reading.swapped:
        yield replace(reading, offset=TWICE)


def _metres(metric_crs: str, lon: float) -> list[DeclaredCrs]:
    """Projected systems in use around a longitude: the strips of CGCS2000, UTM, web maps."""
    three, six = round(lon / 3), int(lon // 6) + 1
    codes = [metric_crs, "EPSG:3857", f"EPSG:{32630 + six}"]
    for number in (three, three - 1, three + 1, three - 2, three + 2):
        if 25 <= number <= 45:
            codes += [f"EPSG:{4534 + number - 25}", f"EPSG:{4513 + number - 25}"]
    if 13 <= six <= 23:
        codes += [f"EPSG:{4502 + six - 13}", f"EPSG:{4491 + six - 13}"]
    return [parse_crs(code) for code in dict.fromkeys(codes)]


@dataclass(frozen=True)
class Placed:
    """A reading, and where it puts the samples: ``xy`` is ``(n, 2)`` metres."""

    reading: Reading
    xy: Floats


def place_all(
    readings: list[Reading], x: Floats, y: Floats, *, metric_crs: str, bounds: NDArray[np.float64]
) -> list[Placed]:
    """Place the samples by each reading and by its variants over web maps.

    Parameters
    ----------
    readings
        As of :func:`plain_readings`.
    bounds
        West, south, east, north of the zone in the metric plane, with a margin of some kilometres.

    Returns
    -------
    list of Placed
        The declared reading first, wherever it leads; then those that come near the zone. Readings that put
        everything in the same places are given once.
    """
    few = np.linspace(0, len(x) - 1, min(len(x), 200)).astype(int)
    kept = [Placed(readings[0], readings[0].place(x, y, metric_crs=metric_crs))]
    for reading in readings:
        at = reading.place(x[few], y[few], metric_crs=metric_crs)
        if reading.offset is not None or near_share(at, bounds) < NEAR:
            continue
        for variant in (reading, *_variants(reading)):
            xy = variant.place(x, y, metric_crs=metric_crs)
            if not any(_same(xy, other.xy) for other in kept):
                kept.append(Placed(variant, xy))
    return kept


def near_share(xy: Floats, bounds: NDArray[np.float64]) -> float:
    """Share of places within bounds."""
    west, south, east, north = bounds
    x, y = xy[:, 0], xy[:, 1]
    return float(((x >= west) & (x <= east) & (y >= south) & (y <= north)).mean()) if len(xy) else 0.0


def _same(xy: Floats, other: Floats) -> bool:
    apart = np.hypot(*(xy - other).T)
    return bool(np.isfinite(apart).any() and np.nanmax(apart) < SAME_M)
