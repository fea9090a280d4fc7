"""The layers of the coverage map: what each grid has to look after."""

from __future__ import annotations

from collections.abc import Mapping

from geopandas import GeoDataFrame

from layers.choropleth import Choropleth
from layers.drawn import Drawn
from layers.grids import Grids
from layers.measures import coverage_measures
from layers.words import Lang


def coverage_layers(
    frames: Mapping[int, GeoDataFrame],
    *,
    scheme: str = "FisherJenks",
    lang: Lang = "zh",
    level_labels: Mapping[int, str] | None = None,
) -> list[Drawn]:
    """Return grids coloured by each measure the frames can give, to be added to a map in this order."""
    measures = coverage_measures(frames)
    return [
        Grids(frames, measures, lang=lang, level_labels=level_labels),
        Choropleth(frames, measures, scheme=scheme, colors="coverage", lang=lang),
    ]
