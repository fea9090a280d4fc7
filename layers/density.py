"""The layers of the density map: how many cases each grid has, in itself and for its size."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from geopandas import GeoDataFrame

from geo.errors import InvalidInput
from layers.choropleth import Choropleth
from layers.drawn import Drawn
from layers.grids import Grids
from layers.measures import DENSITY_MEASURES, get_measure
from layers.words import Lang


def with_counts(
    frames: Mapping[int, GeoDataFrame], counts: pd.DataFrame | pd.Series
) -> dict[int, GeoDataFrame]:
    """Return the grids with their counts of cases.

    Parameters
    ----------
    frames
        One frame a level, indexed by code.
    counts
        Indexed by code, all levels together: a Series, or a frame with a column ``count`` and, where known,
        ``per_1000_households`` and ``per_km2``. A grid that is not in it has no cases.

    Raises
    ------
    InvalidInput
        If a code in ``counts`` is not a grid's or comes twice: cases would be lost or counted twice.
    """
    table = counts.to_frame("count") if isinstance(counts, pd.Series) else counts
    table = table[[key for key in DENSITY_MEASURES if key in table.columns]]
    table.index = table.index.astype(str)
    if not table.index.is_unique:
        raise InvalidInput(
            f"code {table.index[table.index.duplicated()][0]!r} is counted twice; sum it first"
        )
    known = pd.Index([code for frame in frames.values() for code in frame.index])
    strange = table.index.difference(known)
    if len(strange):
        raise InvalidInput(
            f"cases are counted for {strange[0]!r}, which is no grid on this map; leave it out"
        )
    joined = {}
    for level, frame in frames.items():
        frame = frame.drop(columns=[key for key in table.columns if key in frame.columns])  # noqa: PLW2901
        joined[level] = frame.join(table.reindex(frame.index).fillna({"count": 0}))
    return joined


def density_layers(
    frames: Mapping[int, GeoDataFrame],
    *,
    scheme: str = "FisherJenks",
    lang: Lang = "zh",
    level_labels: Mapping[int, str] | None = None,
) -> list[Drawn]:
    """Return grids coloured by cases, cases per 1,000 households and per km², to be added in this order."""
    measures = [get_measure(key, DENSITY_MEASURES) for key in DENSITY_MEASURES]
    return [
        Grids(frames, measures, lang=lang, level_labels=level_labels),
        Choropleth(frames, measures, scheme=scheme, colors="density", lang=lang),
    ]
