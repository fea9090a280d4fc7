"""Service sites, teams, party organisations and cameras on a map, asked for when first shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar, TypeAlias

import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo.errors import InvalidInput
from layers.drawn import Drawn
from layers.geometry import rounded
from layers.libraries import own

#: Where the places of a kind come from: an address that answers GeoJSON, or a frame.
PlaceSource: TypeAlias = str | GeoDataFrame

#: What can be shown, with the family of its symbols, in the order of the switches.
FAMILIES = {
    "sites": "site",
    "teams": "team",
    "party_organisations": "party",
    "cameras": "camera",
    "views": "camera",
}


class Places(Drawn):
    """Located resources: symbols by kind, gathered where they would lie on one another; off at first.

    Parameters
    ----------
    sources
        By ``sites``, ``teams``, ``party_organisations``, ``cameras`` and ``views`` (the ground cameras see):
        an address, or a frame as ``geo.sites_frame`` and its like give it. A frame of cameras with a column
        ``view`` brings the ground they see.
    shown
        Which of them are shown at first.

    Raises
    ------
    InvalidInput
        For a source of another name, or a frame without ``kind`` and ``name``.
    """

    function: ClassVar[str] = "places"
    default_js = own("supercluster.js", "core.js", "ask.js", "places.js", "kinds.js")
    default_css = own("theme.css", "map.css", "places.css")

    def __init__(self, sources: Mapping[str, PlaceSource], *, shown: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._sources = {**_views_of(sources), **sources}
        for key in (*self._sources, *shown):
            if key not in FAMILIES:
                raise InvalidInput(
                    f"places {key!r} are not drawn on this map; use some of {', '.join(FAMILIES)}"
                )
        self._shown = shown

    def options(self) -> dict[str, Any]:
        """Return each layer with its address or its features."""
        return {
            "layers": [
                {"key": key, "family": family, "shown": key in self._shown, **_given(self._sources[key])}
                for key, family in FAMILIES.items()
                if key in self._sources
            ]
        }


def _views_of(sources: Mapping[str, PlaceSource]) -> dict[str, PlaceSource]:
    cameras = sources.get("cameras")
    if not isinstance(cameras, GeoDataFrame) or "view" not in cameras.columns:
        return {}
    return {"views": cameras.set_geometry("view", crs=cameras.crs).drop(columns="geometry")}


def _given(source: PlaceSource) -> dict[str, Any]:
    return {"url": source} if isinstance(source, str) else {"features": features(source)}


def features(places: GeoDataFrame) -> list[dict[str, Any]]:
    """Return the places that have a geometry as GeoJSON features in longitude and latitude.

    Raises
    ------
    InvalidInput
        If the frame has no CRS, no ``kind`` or no ``name``.
    """
    missing = {"kind", "name"} - set(places.columns)
    if missing or places.crs is None:
        raise InvalidInput(f"the places lack {', '.join(sorted(missing)) or 'a CRS'}; add it")
    degrees = places[places.geometry.notna()]
    if not places.crs.is_geographic:
        degrees = degrees.to_crs(4490)
    shapes = shapely.to_geojson(rounded(degrees.geometry).to_numpy())
    table = pd.DataFrame(degrees.drop(columns=[*degrees.columns[degrees.dtypes == "geometry"]]))
    records = table.astype(object).where(table.notna(), None).to_dict("records")
    return [
        {
            "type": "Feature",
            "id": str(code),
            "properties": {key: _plain(value) for key, value in record.items()},
            "geometry": json.loads(shape),
        }
        for code, record, shape in zip(degrees.index, records, shapes, strict=True)
    ]


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, str | bool | list | dict) or value is None:
        return value
    return value.item() if hasattr(value, "item") else value if isinstance(value, int | float) else str(value)
