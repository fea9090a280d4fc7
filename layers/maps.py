"""Named maps, composed of layers: the same for notebooks and for the web server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from geopandas import GeoDataFrame

from geo.errors import InvalidInput
from layers.card import Card
from layers.coverage import coverage_layers
from layers.density import density_layers, with_counts
from layers.drawn import Drawn
from layers.gaps import Gaps
from layers.geometry import Grids, by_level
from layers.gridmap import GridMap, Names
from layers.heat import Heat
from layers.legend import Legend
from layers.measures import DENSITY_MEASURES, coverage_measures, get_measure
from layers.paper import Imprint, Paper
from layers.place import Place
from layers.places import Places, PlaceSource
from layers.search import Search
from layers.switches import Switches
from layers.tiles import PictureTiles, TileSource, VectorTiles, XyzBasemap
from layers.words import check_lang, say


def coverage_map(  # noqa: PLR0913 - choices about one picture, all by keyword and with defaults
    grids: Grids,
    *,
    measure: str = "households",
    level: int = 3,
    scheme: str = "FisherJenks",
    places: Mapping[str, PlaceSource] | None = None,
    gaps: GeoDataFrame | None = None,
    lang: str = "zh",
    tiles: TileSource | None = None,
    basemap: XyzBasemap | None = None,
    base_url: str = "",
    place_url: str | None = None,
    card: Card | None = None,
    imprint: Imprint | None = None,
    names: Names | None = None,
    level_labels: Mapping[int, str] | None = None,
    keep_state_in_address: bool = False,
) -> GridMap:
    """Draw the grids of all levels, coloured by a measure of coverage, with places and gaps.

    Parameters
    ----------
    grids
        A frame a level, or one frame with a column ``level``: index ``code``; columns ``name``, ``kind``,
        ``parent_code``, ``households``, ``buildings``, ``area_km2``, and any of
        ``layers.measures.COVERAGE_MEASURES``, as ``geo.measure_coverage`` gives them; any CRS.
    measure
        What it is coloured by at first, of those the frames can give; the reader can switch.
    level
        Which level is coloured at first.
    scheme
        Class breaks, a scheme of mapclassify.
    places
        Service sites, teams, party organisations and cameras: see ``layers.places.Places``.
    gaps
        What is missing: see ``layers.gaps.Gaps``; None draws no list.
    lang
        ``zh`` or ``en``.
    tiles
        Vector tiles of buildings and ground; None draws the grids alone, as in a notebook without a server.
    basemap
        A picture map below, instead of the ground.
    base_url
        Put before the tiles' addresses.
    place_url
        Address that says what lies at a place, as ``GET /geocode`` does: asked when the reader clicks; None
        shows the grid alone, as in a notebook without a server.
    card
        The card of a chosen place, with the addresses it asks; None for one that asks nothing.
    imprint
        What stands around the map on paper.
    names
        The zone's own names of kinds: see ``layers.GridMap``.
    level_labels
        The zone's own words for its levels.
    keep_state_in_address
        Whether the reader's choices are written into the page's address.

    Raises
    ------
    InvalidInput
        For a measure, level, scheme or language that is not there, or frames that lack what is drawn.
    """
    spoken = check_lang(lang)
    frames = by_level(grids)
    get_measure(measure, [known.key for known in coverage_measures(frames)])
    drawn = coverage_layers(frames, scheme=scheme, lang=spoken, level_labels=level_labels)
    if places:
        drawn.append(Places(places))
    if gaps is not None:
        drawn.append(Gaps(gaps))
    canvas = GridMap(
        bounds=_bounds(frames),
        title=say("coverage", spoken),
        lang=spoken,
        state={"level": _check_level(level, frames), "measure": measure},
        names=names,
        keep_state_in_address=keep_state_in_address,
    )
    return _composed(
        canvas, [*_below(tiles, basemap, base_url), *drawn, *_places(place_url)], card=card, imprint=imprint
    )


def density_map(  # noqa: PLR0913 - choices about one picture, all by keyword and with defaults
    grids: Grids,
    counts: pd.DataFrame | pd.Series,
    *,
    measure: str = "count",
    level: int = 3,
    scheme: str = "FisherJenks",
    heat: npt.NDArray[np.float64] | None = None,
    lang: str = "zh",
    tiles: TileSource | None = None,
    basemap: XyzBasemap | None = None,
    base_url: str = "",
    place_url: str | None = None,
    card: Card | None = None,
    imprint: Imprint | None = None,
    names: Names | None = None,
    level_labels: Mapping[int, str] | None = None,
    keep_state_in_address: bool = False,
) -> GridMap:
    """Draw the grids of all levels, coloured by cases, cases per 1,000 households or per km².

    Parameters
    ----------
    counts
        Cases by code, all levels together: see ``layers.density.with_counts``.
    measure
        ``count``, ``per_1000_households`` or ``per_km2``.
    heat
        Shape (n, 2) or (n, 3): longitude, latitude, weight of each case, for a heat map.
    grids, level, scheme, lang, tiles, basemap, base_url, place_url, card, imprint, names, level_labels
        As for ``coverage_map``.
    keep_state_in_address
        As for ``coverage_map``.

    Raises
    ------
    InvalidInput
        As for ``coverage_map``, and for counts of codes that are no grids.
    """
    spoken = check_lang(lang)
    frames = with_counts(by_level(grids), counts)
    get_measure(measure, DENSITY_MEASURES)
    drawn = density_layers(frames, scheme=scheme, lang=spoken, level_labels=level_labels)
    if heat is not None:
        drawn.append(Heat(heat))
    canvas = GridMap(
        bounds=_bounds(frames),
        title=say("density", spoken),
        lang=spoken,
        state={"level": _check_level(level, frames), "measure": measure},
        names=names,
        keep_state_in_address=keep_state_in_address,
    )
    return _composed(
        canvas, [*_below(tiles, basemap, base_url), *drawn, *_places(place_url)], card=card, imprint=imprint
    )


def _below(tiles: TileSource | None, basemap: XyzBasemap | None, base_url: str) -> list[Drawn]:
    pictures: list[Drawn] = [PictureTiles(basemap)] if basemap else []
    vectors: list[Drawn] = [VectorTiles(tiles, base_url=base_url, ground=basemap is None)] if tiles else []
    return pictures + vectors


def _places(url: str | None) -> list[Drawn]:
    return [Place(url)] if url is not None else []


def _composed(
    canvas: GridMap, drawn: Sequence[Drawn], *, card: Card | None = None, imprint: Imprint | None = None
) -> GridMap:
    for part in (*drawn, Search(), Switches(), Legend(), Paper(imprint), card or Card()):
        part.add_to(canvas)
    return canvas


def _check_level(level: int, frames: Mapping[int, GeoDataFrame]) -> int:
    if frames and level not in frames:
        raise InvalidInput(f"level {level} is not among the grids; use one of {', '.join(map(str, frames))}")
    return level


def _bounds(frames: Mapping[int, GeoDataFrame]) -> tuple[float, float, float, float]:
    """Return west, south, east, north over all grids; the whole world when there are none."""
    boxes = [frame.total_bounds for frame in frames.values() if len(frame)]
    if not boxes:
        return -180.0, -60.0, 180.0, 75.0
    west, south, east, north = zip(*boxes, strict=True)
    return float(min(west)), float(min(south)), float(max(east)), float(max(north))
