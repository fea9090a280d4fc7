"""What a file says it is must be what it is: formats by suffix, verified by content before GDAL sees it.

GDAL chooses its driver by content, not by name: a file ``grids.kml`` that begins with ``<OGRVRTDataSource>``
would be opened as a *virtual* file that reads other files, databases or web addresses. So each suffix has a
check of its own, and only the drivers named here may open it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from geo.errors import InvalidFile

_HEAD = 64 * 1024
_GEOJSON_TYPES = frozenset(
    "FeatureCollection Feature Point MultiPoint LineString MultiLineString Polygon MultiPolygon "
    "GeometryCollection".split()
)


@dataclass(frozen=True, slots=True)
class Format:
    """A format read here.

    Attributes
    ----------
    name
        As people call it.
    drivers
        GDAL drivers that may open it; empty when GDAL does not.
    verify
        Raises InvalidFile when the content is something else.
    """

    name: str
    drivers: frozenset[str]
    verify: Callable[[Path], None]


def _starts_with(*signatures: bytes) -> Callable[[Path], None]:
    def verify(path: Path) -> None:
        with path.open("rb") as file:
            head = file.read(64)
        if not any(head.startswith(signature) for signature in signatures):
            raise InvalidFile(_mismatch(path))

    return verify


def _mismatch(path: Path, found: str = "") -> str:
    what = f" (it holds {found})" if found else ""
    return f"{path.name} is not what its suffix {path.suffix!r} says{what}; save it again in that format"


def _xml_with_root(*roots: str) -> Callable[[Path], None]:
    def verify(path: Path) -> None:
        root = xml_root(path)
        if root.rpartition(":")[2] not in roots:
            raise InvalidFile(_mismatch(path, f"<{root[:40]}>"))

    return verify


class _RootFound(Exception):
    pass


def xml_root(path: Path) -> str:
    """Name of an XML file's root element; the file may declare no document type and no entities.

    Entities let a small file grow without end or pull in other files, and a document type is where they are
    declared. It can only stand before the root element, so no more than that is parsed.

    Raises
    ------
    InvalidFile
        There is a document type or entity, or it is no XML.
    """
    found: list[str] = []

    def start(name: str, _attributes: object) -> None:
        found.append(name)
        raise _RootFound

    def refuse(*_arguments: object) -> None:
        raise InvalidFile(
            f"{path.name} declares an XML document type or entities; such files are not opened: "
            "remove the <!DOCTYPE …> or save it again"
        )

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except _RootFound:
        return found[0]
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise InvalidFile(f"{path.name} is no readable XML ({error}); save it again in UTF-8") from error
    raise InvalidFile(f"{path.name} is no XML; save it again")


def _geojson(path: Path) -> None:
    """Refuse JSON that is no GeoJSON: GDAL also reads JSON that names commands and services."""
    head = _json_head(path)
    if not head.startswith("{"):
        raise InvalidFile(_mismatch(path))
    if path.stat().st_size <= _HEAD:
        _refuse_other_json(path, head)
    kinds = set(re.findall(r'"type"\s*:\s*"([^"]{0,40})"', head))
    if "gdal_streamed_alg" in head or not kinds & _GEOJSON_TYPES:
        raise InvalidFile(_mismatch(path, "JSON that is no GeoJSON"))


def _json_head(path: Path) -> str:
    with path.open("rb") as file:
        raw = file.read(_HEAD)
    return raw.decode("utf-8-sig", errors="ignore").lstrip()


def _refuse_other_json(path: Path, text: str) -> None:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidFile(f"{path.name} is damaged JSON ({error}); save it again") from error
    if not isinstance(content, dict) or content.get("type") not in _GEOJSON_TYPES:
        raise InvalidFile(_mismatch(path, "JSON that is no GeoJSON"))


def _geojson_lines(path: Path) -> None:
    if not _json_head(path).lstrip("\x1e").lstrip().startswith("{"):
        raise InvalidFile(_mismatch(path))


def _pbf(path: Path) -> None:
    with path.open("rb") as file:
        if b"OSMHeader" not in file.read(64):
            raise InvalidFile(_mismatch(path))


def _nothing(path: Path) -> None:
    """No signature to check: plain text is read by ourselves, not by GDAL."""


_SQLITE = _starts_with(b"SQLite format 3\0")
FORMATS: dict[str, Format] = {
    ".gpkg": Format("GeoPackage", frozenset({"GPKG"}), _SQLITE),
    ".geojson": Format("GeoJSON", frozenset({"GeoJSON"}), _geojson),
    ".json": Format("GeoJSON", frozenset({"GeoJSON"}), _geojson),
    ".geojsonl": Format("GeoJSON lines", frozenset({"GeoJSONSeq"}), _geojson_lines),
    ".geojsons": Format("GeoJSON lines", frozenset({"GeoJSONSeq"}), _geojson_lines),
    ".shp": Format("Shapefile", frozenset({"ESRI Shapefile"}), _starts_with(b"\x00\x00\x27\x0a")),
    ".fgb": Format("FlatGeobuf", frozenset({"FlatGeobuf"}), _starts_with(b"fgb\x03fgb")),
    ".kml": Format("KML", frozenset({"KML", "LIBKML"}), _xml_with_root("kml")),
    ".gpx": Format("GPX", frozenset({"GPX"}), _xml_with_root("gpx")),
    ".osm": Format("OSM", frozenset({"OSM"}), _xml_with_root("osm")),
    ".pbf": Format("OSM", frozenset({"OSM"}), _pbf),
    ".tab": Format("MapInfo", frozenset({"MapInfo File"}), _starts_with(b"!table", b"!Table", b"!TABLE")),
    ".mif": Format("MapInfo", frozenset({"MapInfo File"}), _starts_with(b"Version", b"VERSION", b"version")),
    ".parquet": Format("GeoParquet", frozenset(), _starts_with(b"PAR1")),
    ".geoparquet": Format("GeoParquet", frozenset(), _starts_with(b"PAR1")),
    ".csv": Format("CSV", frozenset(), _nothing),
    ".tsv": Format("CSV", frozenset(), _nothing),
    ".txt": Format("CSV", frozenset(), _nothing),
}


def format_of(path: Path) -> Format:
    """The format a file's suffix promises, once its content keeps the promise.

    Raises
    ------
    InvalidFile
        The suffix is not known, or the content is another.
    """
    known = FORMATS.get(path.suffix.lower())
    if known is None:
        raise InvalidFile(
            f"{path.name}: files of kind {path.suffix or 'without suffix'!r} are not read; "
            f"use one of {' '.join(FORMATS)} .csv.gz .zip .kmz"
        )
    known.verify(path)
    return known
