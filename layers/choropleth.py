"""Grids filled by class of a measure, for every level and measure a reader may switch to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from geopandas import GeoDataFrame

from layers.drawn import Drawn
from layers.libraries import own
from layers.measures import Measure
from layers.style import DEFAULT_CLASSES, PALETTES, Classes, classify
from layers.words import Lang, class_words, say

_ROW = ("low", "high", "count", "color", "night", "words")


class Choropleth(Drawn):
    """Fill colours of the grids; add it after ``Grids``.

    Parameters
    ----------
    frames, measures
        The same as the ``Grids`` of the map have.
    scheme, k
        Class breaks: a scheme of mapclassify and how many classes.
    colors
        ``coverage`` or ``density``.
    lang
        Language of the words for classes.
    """

    function: ClassVar[str] = "choropleth"
    default_js = own("core.js", "choropleth.js")

    def __init__(
        self,
        frames: Mapping[int, GeoDataFrame],
        measures: Sequence[Measure],
        *,
        scheme: str,
        k: int = DEFAULT_CLASSES,
        colors: str,
        lang: Lang,
    ) -> None:
        super().__init__()
        self._lang = lang
        self.classes: dict[int, dict[str, Classes]] = {
            level: {
                measure.key: classify(
                    measure.values(frame), scheme=scheme, k=k, colors=PALETTES[measure.colors or colors]
                )
                for measure in measures
            }
            for level, frame in frames.items()
        }

    def options(self) -> dict[str, Any]:
        """Return the classes of every level and measure, in numbers and words."""
        return {
            "classes": {
                str(level): {key: self._described(classes) for key, classes in by_measure.items()}
                for level, by_measure in self.classes.items()
            },
        }

    def _described(self, classes: Classes) -> dict[str, Any]:
        words = class_words(len(classes.counts), self._lang) if classes.counts else []
        return {
            "scheme": say(classes.scheme, self._lang),
            "missing": classes.missing,
            "rows": [
                dict(zip(_ROW, row, strict=True))
                for row in zip(
                    classes.lows,
                    classes.highs,
                    classes.counts,
                    classes.colors,
                    classes.night,
                    words,
                    strict=True,
                )
            ],
        }
