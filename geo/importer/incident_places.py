"""Where the incidents of a register lie: the grid chain of each, or why it has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.crs import DeclaredCrs, to_storage_xy
from geo.ground import chain_locator
from geo.locate.chain import ChainLocator
from geo.locate.index import Locator, pick
from geo.model import Zone
from geo.store.ground_state import find_release

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Places:
    """Places of a block of incidents.

    Attributes
    ----------
    lon, lat
        In the storage CRS; NaN where there is no place.
    points
        The same as shapely points, None where there is no place.
    status
        ``inside``, ``outside``, ``no_coordinates`` or ``null_island``.
    chains
        Codes by column: ``grid1_code`` … ``building_code``; None where there is none.
    off_earth
        Rows whose coordinates cannot be on Earth; they count as without coordinates.
    """

    lon: Floats
    lat: Floats
    points: NDArray[Any]
    status: NDArray[Any]
    chains: dict[str, NDArray[Any]]
    off_earth: NDArray[np.bool_]


@dataclass(frozen=True)
class Ground:
    """The partition in force today and the buildings standing, ready to be asked."""

    zone: Zone
    chain: ChainLocator
    release_id: int | None

    @classmethod
    def today(cls, session: Session, zone: Zone) -> Ground:
        """As of today: the day the incidents are taken in."""
        release = find_release(session, zone.today())
        return cls(zone, chain_locator(session), release.id if release else None)

    @property
    def has_grids(self) -> bool:
        """Whether there is a partition at all."""
        return 1 in self.chain.levels

    @property
    def outline(self) -> Locator:
        """The coarsest grids: the zone."""
        return self.chain.grid_locator(1)

    def place(self, x: Floats, y: Floats, crs: DeclaredCrs) -> Places:
        """Find the chain of each point.

        Parameters
        ----------
        x, y
            Coordinates as sent, in ``crs``; NaN for none.
        """
        lon, lat, status, off_earth = locate_status(x, y, crs, self.zone.storage_crs)
        points = np.full(len(x), None, dtype=object)
        placed = np.isfinite(lon)
        points[placed] = shapely.points(lon[placed], lat[placed])
        rows = self.chain.locate(lon=lon, lat=lat)
        status[rows.inside] = "inside"
        chains = {
            f"grid{level}_code": pick(self.chain.codes[level], found) for level, found in rows.grids.items()
        }
        if len(self.chain.building_codes):
            chains["building_code"] = pick(self.chain.building_codes, rows.buildings)
        return Places(lon, lat, points, status, chains, off_earth)


def locate_status(
    x: Floats, y: Floats, crs: DeclaredCrs, storage_crs: str
) -> tuple[Floats, Floats, NDArray[Any], NDArray[np.bool_]]:
    """Coordinates in the storage CRS, NaN without a place, and why; what has one is ``outside`` so far."""
    missing = ~(np.isfinite(x) & np.isfinite(y))
    null_island = ~missing & (x == 0) & (y == 0)
    lon, lat = to_storage_xy(
        np.where(missing | null_island, np.nan, x),
        np.where(missing | null_island, np.nan, y),
        crs=crs,
        storage_crs=storage_crs,
    )
    off_earth = ~missing & ~null_island & ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    nowhere = missing | null_island | off_earth
    status = np.full(len(x), "outside", dtype=object)
    status[missing | off_earth] = "no_coordinates"
    status[null_island] = "null_island"
    return np.where(nowhere, np.nan, lon), np.where(nowhere, np.nan, lat), status, off_earth
