"""Vector tiles for maps: checked address in, compressed tile out, made once while the data stay the same."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from sqlalchemy.orm import Session

from geo.errors import InvalidInput, NotFound
from geo.store import tiles as store
from geo.store.tiles import TileAddress
from geo.zones import get_zone

MAX_ZOOM = 15


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile as it is sent.

    Attributes
    ----------
    content
        Mapbox Vector Tile, compressed by gzip; of an empty one too.
    etag
        Strong validator of the content, quoted.
    """

    content: bytes
    etag: str


@dataclass
class TileCache:
    """Tiles made before, the least recently used dropped first; safe for threads.

    Parameters
    ----------
    most_bytes
        Bound of what is kept.
    """

    most_bytes: int = 64 * 1024 * 1024
    _tiles: OrderedDict[tuple[object, ...], Tile] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def find(self, key: tuple[object, ...]) -> Tile | None:
        """Return the tile kept under ``key``, or None."""
        with self._lock:
            tile = self._tiles.get(key)
            if tile is not None:
                self._tiles.move_to_end(key)
            return tile

    def keep(self, key: tuple[object, ...], tile: Tile) -> None:
        """Keep a tile, dropping old ones beyond the bound."""
        with self._lock:
            if key in self._tiles:
                return
            self._tiles[key] = tile
            self._bytes += len(tile.content)
            while self._bytes > self.most_bytes:
                _, dropped = self._tiles.popitem(last=False)
                self._bytes -= len(dropped.content)

    @property
    def size_bytes(self) -> int:
        """Bytes kept at present."""
        return self._bytes


def check_address(tile_set: str, z: int, x: int, y: int) -> TileAddress:
    """Return the address of a tile that can exist.

    Raises
    ------
    NotFound
        If there is no such set of tiles.
    InvalidInput
        If zoom, column or row lie outside of the pyramid.
    """
    if tile_set not in store.TILE_SETS:
        raise NotFound(f"there are no tiles {tile_set!r}; there are {', '.join(store.TILE_SETS)}")
    if not 0 <= z <= MAX_ZOOM:
        raise InvalidInput(f"zoom {z} has no tiles; use 0 to {MAX_ZOOM} and enlarge the last")
    last = (1 << z) - 1
    if not (0 <= x <= last and 0 <= y <= last):
        raise InvalidInput(
            f"tile {z}/{x}/{y} is off the map; columns and rows at zoom {z} go from 0 to {last}"
        )
    return TileAddress(z, x, y)


def get_tile(session: Session, cache: TileCache, tile_set: str, z: int, x: int, y: int) -> Tile:
    """Return one tile of today's data.

    Parameters
    ----------
    cache
        Where tiles made before are looked for, under the version of the data.
    tile_set
        ``ground`` (land use, water, roads) or ``buildings``.
    z, x, y
        Zoom, column from the west, row from the north, as everywhere on the web.

    Raises
    ------
    NotFound, InvalidInput
        See ``check_address``.
    """
    address = check_address(tile_set, z, x, y)
    day = get_zone(session).today()
    key = (store.data_version(session), day, tile_set, address)
    tile = cache.find(key)
    if tile is None:
        tile = _made(session, tile_set, address, day)
        cache.keep(key, tile)
    return tile


def _made(session: Session, tile_set: str, address: TileAddress, day: date) -> Tile:
    raw = store.read_tile(session, tile_set, address, day)
    digest = hashlib.sha256(raw).hexdigest()[:32]
    return Tile(content=gzip.compress(raw, compresslevel=6, mtime=0), etag=f'"{digest}"')


def tiles_version(session: Session) -> str:
    """Return what a page puts into the tiles' addresses, so that browsers may keep tiles while it stays."""
    return f"{store.data_version(session)}-{get_zone(session).today():%Y%m%d}"
