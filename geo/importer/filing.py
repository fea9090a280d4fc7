"""Which grid a place is filed under, and the prefix of the codes issued there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.locate.index import Locator, pick
from geo.model import Zone
from geo.store import frames


@dataclass(frozen=True)
class Filing:
    """The finest grids in force today, and their parents.

    Attributes
    ----------
    grids
        Finest-level grids, index ``code``.
    """

    zone: Zone
    grids: GeoDataFrame

    @classmethod
    def today(cls, session: Session, zone: Zone) -> Filing:
        """The partition as it is in force today."""
        finest = len(zone.levels)
        return cls(zone, frames.grids_frame(session, zone.today(), zone.storage_crs, level=finest))

    def codes(self, points: NDArray[Any]) -> NDArray[np.object_]:
        """Code of the grid that holds each point, by the border rule; None outside."""
        rows = Locator.from_frame(self.grids).locate(lon=shapely.get_x(points), lat=shapely.get_y(points))
        return pick(self.grids.index.to_numpy(dtype=object), rows)

    def prefixes(self, codes: NDArray[np.object_]) -> list[str]:
        """What codes issued under these grids begin with: the code of level two, or zeros outside."""
        above = self.grids["parent_code"] if len(self.zone.levels) == 3 else self.grids.index.to_series()
        of = dict(zip(self.grids.index, above, strict=True))
        nowhere = self.zone.code_prefix + "0" * 6
        return [str(of.get(code) or nowhere) for code in codes]
