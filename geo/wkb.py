"""Geometries packed as WKB, unpacked fast."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely


def unpack(packed: npt.NDArray[np.object_]) -> npt.NDArray[Any]:
    """Make shapely geometries of (E)WKB, as bytes or in hexadecimal; None where there is none.

    Hexadecimal is turned into bytes first: GEOS itself takes several times as long to read its digits.

    Examples
    --------
    >>> point = shapely.Point(1, 2)
    >>> unpack(np.array([point.wkb, point.wkb_hex, None], dtype=object)).tolist()
    [<POINT (1 2)>, <POINT (1 2)>, None]
    """
    binary = [bytes.fromhex(each) if isinstance(each, str) else each for each in packed]
    return np.asarray(shapely.from_wkb(np.array(binary, dtype=object)), dtype=object)
