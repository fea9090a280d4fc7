"""The list of what is missing, beside the map and on it."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo.errors import InvalidInput
from layers.drawn import Drawn
from layers.geometry import DECIMALS
from layers.libraries import own

#: More than a reader goes through; the list says how many there are in all.
MOST_GAPS = 1_000

_TEXTS = ("kind", "grid_code", "what", "name", "unit")
_NUMBERS = ("people", "households", "measure", "limit")


class Gaps(Drawn):
    """Gaps ranked by people affected; a click flies there and opens the grid's card.

    Parameters
    ----------
    gaps
        As ``geo.measure_coverage`` gives them, most people first: columns ``kind``, ``grid_code``, ``what``
        (code of the post, function or team meant), ``name`` (of what lacks it), ``people``, ``households``,
        ``measure``, ``limit``, ``unit``; geometry: a point to fly to.

    Raises
    ------
    InvalidInput
        If a column is missing.
    """

    function: ClassVar[str] = "gaps"
    default_js = own("supercluster.js", "core.js", "gaps.js", "gapmarks.js")
    default_css = own("theme.css", "map.css", "places.css")

    def __init__(self, gaps: GeoDataFrame) -> None:
        super().__init__()
        missing = {*_TEXTS, *_NUMBERS} - set(gaps.columns)
        if missing:
            raise InvalidInput(f"the gaps lack {', '.join(sorted(missing))}; give what measure_coverage gave")
        self._gaps = gaps

    def options(self) -> dict[str, Any]:
        """Return the first gaps column by column, and how many there are of each kind in all."""
        shown = self._gaps.head(MOST_GAPS)
        if shown.crs is not None and not shown.crs.is_geographic:
            shown = shown.to_crs(4490)
        points = shown.geometry.to_numpy()
        return {
            "total": len(self._gaps),
            "columns": {name: _texts(shown[name]) for name in _TEXTS}
            | {name: _numbers(shown[name]) for name in _NUMBERS}
            | {"lat": _numbers(shapely.get_y(points)), "lon": _numbers(shapely.get_x(points))},
        }


def _texts(column: pd.Series) -> list[str | None]:
    return [value if isinstance(value, str) else None for value in column]


def _numbers(column: Any) -> list[float | int | None]:
    values = np.round(np.asarray(column, dtype=np.float64), DECIMALS)
    return [
        None if not np.isfinite(value) else int(value) if value == int(value) else float(value)
        for value in values
    ]
