"""The grids of all levels: borders crisp by level, names that do not collide, hover and click."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from geopandas import GeoDataFrame

from layers.drawn import Drawn
from layers.geometry import DECIMALS, Shapes, drawn_shapes, pack
from layers.libraries import own
from layers.measures import Measure
from layers.words import Lang, has_words, say

# Figures a grid's card shows besides the measures of the map, where the frame has them.
FACTS = ("area_km2", "households", "buildings", "population", "incidents", "count")
_FACT_DECIMALS = {"area_km2": 2}


class Grids(Drawn):
    """Polygons of every level with their names, figures and parents.

    Parameters
    ----------
    frames
        One frame a level, as from ``layers.geometry.by_level``: index code; columns ``name`` and, where
        known, ``kind``, ``parent_code``, ``households``, ``buildings``, ``area_km2``, ``population``,
        ``count``.
    measures
        What the grids can be coloured by.
    lang
        Language of kinds and level labels.
    level_labels
        The zone's own words for its levels.
    """

    function: ClassVar[str] = "grids"
    default_js = own("core.js", "unpack.js", "grids.js", "labels.js")

    def __init__(
        self,
        frames: Mapping[int, GeoDataFrame],
        measures: Sequence[Measure],
        *,
        lang: Lang,
        level_labels: Mapping[int, str] | None = None,
    ) -> None:
        super().__init__()
        self._frames = frames
        self._measures = measures
        self._lang = lang
        self._labels = level_labels or {}
        facts = [key for key in FACTS if any(key in frame.columns for frame in frames.values())]
        self._keys = list(dict.fromkeys([*facts, *(measure.key for measure in measures)]))

    def options(self) -> dict[str, Any]:
        """Return the grids of each level, packed as ``unpack.js`` reads them, labels of levels, measures."""
        shapes = drawn_shapes(self._frames)
        return {
            "precision": 10**DECIMALS,
            "keys": self._keys,
            "levels": [
                {
                    "level": level,
                    "label": self._level_label(level),
                    "features": self._features(level, shapes[level]),
                }
                for level in self._frames
            ],
            "measures": [
                {"key": measure.key, "decimals": measure.decimals, "group": measure.group}
                for measure in self._measures
            ],
            "facts": [{"key": key, "decimals": _FACT_DECIMALS.get(key, 0)} for key in FACTS],
        }

    def _level_label(self, level: int) -> str:
        key = f"level_{level}"
        return self._labels.get(level) or (say(key, self._lang) if has_words(key) else str(level))

    def _features(self, level: int, shapes: Shapes) -> dict[str, Any]:
        frame = self._frames[level]
        places = shapes.places.to_dict("records")
        columns = [self._figures(frame, key) for key in self._keys]
        features = []
        for row, code in enumerate(frame.index):
            properties = {
                **self._identity(frame, row),
                "at": [places[row]["lat"], places[row]["lon"]],
                "room": places[row]["room"],
                "values": [column[row] for column in columns],
            }
            packed = pack(shapes.polygons.iloc[row])
            features.append({"type": "Feature", "id": code, "properties": properties, "packed": packed})
        return {"type": "FeatureCollection", "features": features}

    def _figures(self, frame: GeoDataFrame, key: str) -> list[float | int | None]:
        for measure in self._measures:
            if measure.key == key:
                return plain(measure.values(frame))
        return plain(_numbers(frame, key)) if key in frame.columns else [None] * len(frame)

    def _identity(self, frame: GeoDataFrame, row: int) -> dict[str, Any]:
        kind = text(frame, "kind", row)
        said = f"kind.{kind}"
        return {
            "name": text(frame, "name", row) or str(frame.index[row]),
            "parent": text(frame, "parent_code", row),
            "kind": say(said, self._lang) if has_words(said) else kind,
        }


def text(frame: GeoDataFrame, column: str, row: int) -> str | None:
    """Return a text of a frame, None where it has none."""
    value = frame[column].iloc[row] if column in frame.columns else None
    return value if isinstance(value, str) else None


def plain(values: Any) -> list[float | int | None]:
    """Return numbers as JSON has them: whole ones without a point, None for NaN."""
    return [
        None if np.isnan(value) else int(value) if value == int(value) else float(value) for value in values
    ]


def _numbers(frame: GeoDataFrame, key: str) -> Any:
    values = frame[key].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.round(np.where(np.isfinite(values), values, np.nan), _FACT_DECIMALS.get(key, 0))
