"""One question, the whole chain: grids of every level, building and neighbourhood of each point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from numpy.typing import ArrayLike, NDArray

from geo.errors import InvalidInput
from geo.locate import files
from geo.locate.index import Locator, in_blocks, plain, points_of
from geo.locate.kernels import ask
from geo.locate.nesting import parent_rows

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]
Codes = NDArray[np.object_]
_KIND = "ChainLocator"


@dataclass(frozen=True)
class Layer:
    """One layer of polygons by code."""

    codes: Codes
    locator: Locator

    @classmethod
    def of(cls, frame: GeoDataFrame) -> Layer:
        """The layer of a frame whose index is the codes."""
        return cls(frame.index.to_numpy(dtype=object), Locator.from_frame(frame))


@dataclass(frozen=True)
class ChainRows:
    """What :meth:`ChainLocator.locate` found.

    Attributes
    ----------
    grids
        Per level int32 positions in the codes of that level; -1 for none.
    buildings
        int32 positions in the codes of buildings; -1 for none.
    """

    grids: dict[int, Rows]
    buildings: Rows

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Whether a grid of any level holds the point."""
        held = np.zeros(len(self.buildings), dtype=bool)
        for rows in self.grids.values():
            held |= rows >= 0
        return held


class ChainLocator:
    """An index over the grids of all levels, the buildings and the neighbourhoods of one day.

    A level is looked up through the level below it where that is proven to give the same answer (see
    ``geo.locate.nesting``), else in its own polygons. Each answer is the one of ``geo.Locator``.

    Attributes
    ----------
    levels
        Numbers of the levels, coarse to fine.
    """

    def __init__(
        self,
        grids: Mapping[int, Layer],
        parents: Mapping[int, Rows],
        buildings: Layer | None,
        neighbourhoods: Layer | None,
        lived_in: Rows,
        crs: str,
    ) -> None:
        self.levels = tuple(sorted(grids))
        self.crs = crs
        self._grids, self._parents = dict(grids), dict(parents)
        self._buildings, self._neighbourhoods, self._lived_in = buildings, neighbourhoods, lived_in

    @classmethod
    def from_frames(
        cls,
        grids: GeoDataFrame,
        buildings: GeoDataFrame | None = None,
        neighbourhoods: GeoDataFrame | None = None,
    ) -> ChainLocator:
        """Build the index.

        Parameters
        ----------
        grids
            Index ``code``; columns ``level`` and ``parent_code``; polygons.
        buildings
            Index ``code``, footprints in the CRS of the grids; ``neighbourhood_code`` if known.
        neighbourhoods
            Index ``code``, outlines in the CRS of the grids, None where there is none.

        Raises
        ------
        InvalidInput
            Codes repeat, a geometry is no valid polygon, or the frames are not in one CRS.
        """
        _check_crs(grids, buildings, neighbourhoods)
        by_level = {int(level): part for level, part in grids.groupby("level")}
        levels = sorted(by_level)
        parents = {
            coarse: rows
            for coarse, fine in pairwise(levels)
            if (rows := parent_rows(by_level[coarse], by_level[fine])) is not None
        }
        return cls(
            {level: Layer.of(part) for level, part in by_level.items()},
            parents,
            None if buildings is None else Layer.of(buildings),
            None if neighbourhoods is None else Layer.of(neighbourhoods),
            _lived_in(buildings, neighbourhoods),
            str(grids.crs),
        )

    @property
    def codes(self) -> dict[int, Codes]:
        """Codes of the grids of each level, as positions count them."""
        return {level: layer.codes for level, layer in self._grids.items()}

    @property
    def building_codes(self) -> Codes:
        """Codes of the buildings, as positions count them."""
        return _codes_of(self._buildings)

    @property
    def neighbourhood_codes(self) -> Codes:
        """Codes of the neighbourhoods, as positions count them."""
        return _codes_of(self._neighbourhoods)

    @property
    def nested(self) -> tuple[int, ...]:
        """The levels that are looked up through the level below them."""
        return tuple(sorted(self._parents))

    def grid_locator(self, level: int) -> Locator:
        """The index of one level's polygons."""
        return self._grids[level].locator

    def locate(self, *, lon: ArrayLike, lat: ArrayLike, threads: int = 1) -> ChainRows:
        """Find the chain of each point.

        Parameters
        ----------
        lon, lat
            Coordinates in the index's CRS, arrays of one length.

        Raises
        ------
        InvalidInput
            The arrays differ in length.
        """
        x, y = points_of(lon, lat)
        found = ChainRows(
            {level: np.empty(len(x), dtype=np.int32) for level in self.levels},
            np.full(len(x), -1, dtype=np.int32)
            if self._buildings is None
            else np.empty(len(x), dtype=np.int32),
        )
        in_blocks(lambda block: self._fill(plain(x[block]), plain(y[block]), found, block), len(x), threads)
        return found

    def _fill(self, lon: Floats, lat: Floats, found: ChainRows, block: slice) -> None:
        below = found.buildings  # of no use to the finest level, which has no parents to be looked up
        for level in reversed(self.levels):
            rows = found.grids[level]
            if level in self._parents:
                ask.look_up(below[block], self._parents[level], rows[block])
            else:
                self._grids[level].locator.fill(lon, lat, rows[block])
            below = rows
        if self._buildings is not None:
            self._buildings.locator.fill(lon, lat, found.buildings[block])

    def neighbourhoods_of(self, buildings: Rows, *, lon: ArrayLike, lat: ArrayLike) -> Rows:
        """Find the neighbourhood of each point: its building's, else the one whose outline holds it.

        Parameters
        ----------
        buildings
            Positions of the points' buildings, as :meth:`locate` gave them.

        Returns
        -------
        numpy.ndarray
            int32 positions in the codes of neighbourhoods; -1 for none.
        """
        rows = self._lived_in[buildings]
        open_ones = np.flatnonzero(rows < 0)
        if self._neighbourhoods is not None and len(open_ones):
            x, y = np.asarray(lon).ravel()[open_ones], np.asarray(lat).ravel()[open_ones]
            rows[open_ones] = self._neighbourhoods.locator.locate(lon=x, lat=y)
        return rows

    def nearest_grid(self, *, lon: ArrayLike, lat: ArrayLike) -> tuple[Rows, Floats]:
        """Find the nearest grid of the finest level, as ``Locator.nearest`` does."""
        return self._grids[self.levels[-1]].locator.nearest(lon=lon, lat=lat)

    def nearest_building(self, *, lon: ArrayLike, lat: ArrayLike) -> tuple[Rows, Floats]:
        """Find the nearest building, as ``Locator.nearest`` does."""
        if self._buildings is None:
            count = np.asarray(lon).size
            return np.full(count, -1, dtype=np.int32), np.full(count, np.nan)
        return self._buildings.locator.nearest(lon=lon, lat=lat)

    def save(self, path: str | Path) -> None:
        """Write the index to one file, whole or not at all; :meth:`load` maps it back into memory."""
        arrays: dict[str, NDArray[Any]] = {"lived_in": self._lived_in}
        for name, layer in self._layers().items():
            arrays[f"{name}/codes"] = _to_bytes(layer.codes)
            arrays |= {f"{name}/{part}": array for part, array in layer.locator.arrays().items()}
        for level, rows in self._parents.items():
            arrays[f"{level}/parents"] = rows
        files.write(Path(path), _KIND, {"crs": self.crs, "layers": list(self._layers())}, arrays)

    def _layers(self) -> dict[str, Layer]:
        named = {str(level): layer for level, layer in self._grids.items()}
        others = {"buildings": self._buildings, "neighbourhoods": self._neighbourhoods}
        return named | {name: layer for name, layer in others.items() if layer is not None}

    @classmethod
    def load(cls, path: str | Path, *, verify: bool = True) -> ChainLocator:
        """Map a saved index into memory; processes that load the same file share it.

        Raises
        ------
        InvalidFile
            The file is missing, none of ours, of another version, or damaged.
        """
        facts, arrays = files.read(Path(path), _KIND, verify=verify)
        parts: dict[str, dict[str, NDArray[Any]]] = {}
        for name, array in arrays.items():
            layer, _, part = name.rpartition("/")
            parts.setdefault(layer, {})[part] = array
        layers = {
            name: Layer(_from_bytes(parts[name]["codes"]), Locator.from_arrays(parts[name], facts["crs"]))
            for name in facts["layers"]
        }
        return cls(
            {int(name): layer for name, layer in layers.items() if name.isdigit()},
            {int(name): own["parents"] for name, own in parts.items() if "parents" in own},
            layers.get("buildings"),
            layers.get("neighbourhoods"),
            arrays["lived_in"],
            facts["crs"],
        )


def _check_crs(*frames: GeoDataFrame | None) -> None:
    known = [frame.crs for frame in frames if frame is not None]
    if any(crs != known[0] for crs in known):
        raise InvalidInput(
            f"the layers are in different systems ({', '.join(str(crs) for crs in known)}); "
            "bring them to one with frame.to_crs(…)"
        )


def _lived_in(buildings: GeoDataFrame | None, neighbourhoods: GeoDataFrame | None) -> Rows:
    """Per building the position of its neighbourhood, and -1 at the end for points in no building."""
    count = 0 if buildings is None else len(buildings)
    rows = np.full(count + 1, -1, dtype=np.int32)
    if buildings is not None and neighbourhoods is not None and "neighbourhood_code" in buildings:
        rows[:-1] = pd.Index(neighbourhoods.index).get_indexer(buildings["neighbourhood_code"])
    return rows


def _codes_of(layer: Layer | None) -> Codes:
    return np.empty(0, dtype=object) if layer is None else layer.codes


def _to_bytes(codes: Codes) -> NDArray[np.uint8]:
    """Codes as text, each ended by a line break, which no code holds."""
    return np.frombuffer("".join(f"{code}\n" for code in codes).encode(), dtype=np.uint8)


def _from_bytes(text: NDArray[np.uint8]) -> Codes:
    return np.array(text.tobytes().decode().split("\n")[:-1], dtype=object)
