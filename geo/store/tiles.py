"""Vector tiles (MVT) made by PostGIS: one statement a layer, carrying only what the map draws.

Every statement finds its rows by the tile's envelope brought into the storage CRS, so that the spatial index
serves it; only the rows found are transformed to Web Mercator. The envelope is wider than the tile by the
tile's buffer, or strokes and symbols would be cut at seams. A polygon's name is a point of its own: drawn
from the polygon it would stand at the first vertex.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

# Side of the world in Web Mercator metres, and pixels a tile is drawn over.
_WORLD_M = 40_075_016.685578488
_TILE_PIXELS = 512
# Tile units; finer where a tile is enlarged because no finer tiles are made.
_EXTENT, _COARSE_EXTENT = 4096, 2048
_FINEST_ZOOM = 15
_BUFFER_SHARE = 1 / 32

# Zoom of the data from which a kind of road is worth drawing.
_ROADS_FROM = {"secondary": 10, "residential": 12, "other": 13, "track": 13}
_BUILDINGS_FROM, _NAMES_FROM = 13, 15
_PLACE_NAMES_FROM, _WATER_NAMES_FROM = 13, 11


@dataclass(frozen=True, slots=True)
class TileAddress:
    """A tile of the usual Web Mercator pyramid: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

    @property
    def pixel_m(self) -> float:
        """Side of a drawn pixel in Web Mercator metres."""
        return _WORLD_M / (1 << self.z) / _TILE_PIXELS

    @property
    def extent(self) -> int:
        """Units along a side."""
        return _EXTENT if self.z >= _FINEST_ZOOM else _COARSE_EXTENT


# Around every layer's own rows (kind, name, geom). bounds: one row with the tile in Web Mercator and,
# wider by the
# buffer, in the storage CRS. Lines and areas lose what is finer than half a pixel, and areas of less than two
# pixels a side go.
_BEFORE = """
    WITH bounds AS (
        SELECT ST_TileEnvelope(:z, :x, :y) AS tile,
            ST_Transform(
                ST_TileEnvelope(:z, :x, :y, margin => :margin), (SELECT storage_srid FROM zone)
            ) AS area
    ), found AS (
"""
_AFTER = """
    ), placed AS (
        SELECT kind, name, ST_Transform(geom, 3857) AS geom FROM found
    ), drawn AS (
        SELECT kind, name, ST_AsMVTGeom(
            ST_SimplifyPreserveTopology(geom, :half_pixel_m), bounds.tile, :extent, :buffer, true
        ) AS shape
        FROM placed, bounds WHERE ST_Dimension(geom) < 2 OR ST_Area(geom) >= :least_m2
    )
    SELECT ST_AsMVT(drawn, :layer, :extent, 'shape') FROM drawn WHERE shape IS NOT NULL
"""


def _layer(rows: str) -> TextClause:
    return text(_BEFORE + rows + _AFTER)


_LAND_USE = _layer("""
    SELECT kind, NULL AS name, geom FROM land_use, bounds WHERE geom && area ORDER BY ST_Area(geom) DESC, id
""")
_WATER = _layer("SELECT kind, NULL AS name, geom FROM water, bounds WHERE geom && area ORDER BY id")
_ROADS = _layer("""
    SELECT kind, name, geom FROM road, bounds WHERE geom && area AND NOT kind = ANY(:left_out) ORDER BY id
""")
_WATER_LABELS = _layer("""
    SELECT kind, name, ST_PointOnSurface(geom) AS geom FROM water, bounds
    WHERE geom && area AND name IS NOT NULL AND ST_Dimension(geom) = 2 ORDER BY ST_Area(geom) DESC, id
""")
_LAND_USE_LABELS = _layer("""
    SELECT kind, name, ST_PointOnSurface(geom) AS geom FROM land_use, bounds
    WHERE geom && area AND name IS NOT NULL ORDER BY ST_Area(geom) DESC, id
""")
_BUILDINGS = _layer("""
    SELECT kind, NULL AS name, geom FROM building, bounds
    WHERE geom && area AND valid @> CAST(:day AS date) ORDER BY code
""")
_BUILDING_LABELS = _layer("""
    SELECT kind, name, label_point AS geom FROM building, bounds
    WHERE label_point && area AND valid @> CAST(:day AS date) AND name IS NOT NULL
    ORDER BY ST_Area(building.geom) DESC, code
""")

# What a set of tiles is made of: layer name, from which zoom, statement.
_SETS: dict[str, tuple[tuple[str, int, TextClause], ...]] = {
    "ground": (
        ("land_use", 0, _LAND_USE),
        ("water", 0, _WATER),
        ("roads", 0, _ROADS),
        ("water_labels", _WATER_NAMES_FROM, _WATER_LABELS),
        ("land_use_labels", _PLACE_NAMES_FROM, _LAND_USE_LABELS),
    ),
    "buildings": (
        ("buildings", _BUILDINGS_FROM, _BUILDINGS),
        ("building_labels", _NAMES_FROM, _BUILDING_LABELS),
    ),
}
TILE_SETS = tuple(_SETS)

_VERSION = text("""
    SELECT (SELECT coalesce(max(id), 0) FROM import_run), (SELECT coalesce(max(id), 0) FROM release)
""")


def read_tile(session: Session, tile_set: str, address: TileAddress, day: date) -> bytes:
    """Return one tile, uncompressed; empty where there is nothing to draw.

    Parameters
    ----------
    tile_set
        One of ``TILE_SETS``.
    day
        Buildings standing on it are drawn.
    """
    bound = {
        "z": address.z,
        "x": address.x,
        "y": address.y,
        "margin": _BUFFER_SHARE,
        "extent": address.extent,
        "buffer": int(address.extent * _BUFFER_SHARE),
        "half_pixel_m": address.pixel_m / 2 if address.z < _FINEST_ZOOM else 0.0,
        "least_m2": (2 * address.pixel_m) ** 2 if address.z < _FINEST_ZOOM else 0.0,
        "left_out": [kind for kind, zoom in _ROADS_FROM.items() if address.z < zoom],
        "day": day,
    }
    parts = [
        session.execute(statement, bound | {"layer": layer}).scalar_one()
        for layer, from_zoom, statement in _SETS[tile_set]
        if address.z >= from_zoom
    ]
    return b"".join(bytes(part) for part in parts)


def data_version(session: Session) -> str:
    """Return what changes whenever imported data or the partition change."""
    imported, released = session.execute(_VERSION).one()
    return f"{imported}-{released}"
