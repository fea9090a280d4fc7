"""What a feature of a street map is: role and kind, from OSM tags or from a column of kinds."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple

Role = Literal["roads", "water", "land_use"]
Tags = Mapping[str, str]


class Meaning(NamedTuple):
    """A feature's place in the basemap."""

    role: Role
    kind: str


def _each(kind: str, values: str) -> dict[str, str]:
    return dict.fromkeys(values.split(), kind)


_HIGHWAY = (
    _each("expressway", "motorway motorway_link")
    | _each("trunk", "trunk trunk_link")
    | _each("primary", "primary primary_link")
    | _each("secondary", "secondary secondary_link")
    | _each(
        "residential",
        "tertiary tertiary_link unclassified residential living_street service road pedestrian busway",
    )
    | _each("track", "track path footway cycleway bridleway steps")
)
_RAILWAY = _each("railway", "rail light_rail subway tram narrow_gauge monorail")
_WATERWAY = _each("river", "river canal fairway") | _each("stream", "stream ditch drain brook")
_WATER = (
    _each("river", "river canal stream_pool oxbow")
    | _each("lake", "lake reservoir lagoon")
    | _each("pond", "pond basin fishpond wastewater reflecting_pool")
)
_LAND_USE: Mapping[str, dict[str, str]] = {
    "landuse": _each("residential", "residential")
    | _each("commercial", "commercial retail")
    | _each("industrial", "industrial railway quarry landfill construction brownfield")
    | _each("education", "education")
    | _each("public", "institutional religious cemetery military")
    | _each("park", "grass recreation_ground village_green greenfield flowerbed")
    | _each("forest", "forest")
    | _each("farmland", "farmland meadow farmyard paddy greenhouse_horticulture allotments")
    | _each("orchard", "orchard vineyard plant_nursery"),
    "leisure": _each("park", "park garden playground pitch golf_course nature_reserve common sports_centre"),
    "natural": _each("forest", "wood scrub") | _each("park", "grassland heath"),
    "amenity": _each("education", "school university college kindergarten")
    | _each(
        "public", "hospital clinic townhall police fire_station library community_centre place_of_worship"
    ),
}
TAGS = ("highway", "railway", "waterway", "natural", "water", "landuse", "leisure", "amenity")
_PAIR = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')


def parse_other_tags(text: str | None) -> dict[str, str]:
    r"""Read the tags that GDAL packs into ``other_tags``.

    >>> parse_other_tags('"railway"=>"rail","name:en"=>"The \\"Line\\""')
    {'railway': 'rail', 'name:en': 'The "Line"'}
    """
    pairs = _PAIR.findall(text or "")
    return {re.sub(r"\\(.)", r"\1", key): re.sub(r"\\(.)", r"\1", value) for key, value in pairs}


def read_tags(tags: Tags, *, is_area: bool) -> Meaning | None:
    """Role and kind of a feature by its OSM tags; None when it is not drawn.

    >>> read_tags({"highway": "motorway"}, is_area=False)
    Meaning(role='roads', kind='expressway')
    >>> read_tags({"natural": "water", "water": "pond"}, is_area=True)
    Meaning(role='water', kind='pond')
    """
    return _area(tags) if is_area else _line(tags)


def _line(tags: Tags) -> Meaning | None:
    for key, kinds in (("highway", _HIGHWAY), ("railway", _RAILWAY)):
        if tags.get(key) in kinds:
            return Meaning("roads", kinds[tags[key]])
    if tags.get("waterway") in _WATERWAY:
        return Meaning("water", _WATERWAY[tags["waterway"]])
    return None


def _area(tags: Tags) -> Meaning | None:
    if tags.get("natural") == "water" or tags.get("waterway") == "riverbank":
        default = "river" if tags.get("waterway") == "riverbank" else "lake"
        return Meaning("water", _WATER.get(tags.get("water", ""), default))
    if tags.get("landuse") in {"reservoir", "basin", "aquaculture"}:
        return Meaning("water", "lake" if tags["landuse"] == "reservoir" else "pond")
    for key, kinds in _LAND_USE.items():
        if tags.get(key) in kinds:
            return Meaning("land_use", kinds[tags[key]])
    return None


def read_kind(kind: str | None, lists: Mapping[Role, Mapping[str, str]], *, is_area: bool) -> Meaning:
    """Role and kind of a feature by a column of kinds; its geometry decides between lists that share a word.

    Parameters
    ----------
    lists
        Code by each way to write it, for each role.

    Returns
    -------
    Meaning
        Kind ``other`` when the word is on no list.
    """
    roles: Collection[Role] = ("land_use", "water") if is_area else ("roads", "water")
    for role in roles:
        if kind is not None and kind in lists[role] and lists[role][kind] != "other":
            return Meaning(role, lists[role][kind])
    return Meaning("land_use" if is_area else "roads", "other")
