"""Does a file look as if it were in another reference system than it declares? Nothing is corrected."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.boundaries.read import ReadOptions, read_sent
from geo.boundaries.shift.check import Systems, check_geometries
from geo.boundaries.shift.ground import Ground
from geo.boundaries.shift.verdict import CrsVerdict
from geo.crs import parse_crs, to_storage
from geo.model import Zone
from geo.store import frames
from geo.zones import get_zone


@dataclass(frozen=True)
class CrsCheck:
    """A file and the verdict on it.

    Attributes
    ----------
    notes
        How it was read: CRS, encoding, layer.
    """

    file_name: str
    notes: tuple[str, ...]
    verdict: CrsVerdict

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"file": self.file_name, "notes": list(self.notes), **self.verdict.as_dict()}


def check_crs(session: Session, path: str | Path, options: ReadOptions) -> CrsCheck:
    """Hold a file against the zone's buildings, neighbourhoods or borders as they are today.

    Parameters
    ----------
    session
        Reads the zone; nothing is written.
    options
        How the file is to be read; ``crs`` is the system to be checked, the file's own when None.

    Raises
    ------
    InvalidFile, InvalidInput
        The file cannot be read, or a mapped column is missing.
    NotFound
        The database serves no zone yet.
    """
    zone = get_zone(session)
    sent = read_sent(path, options)
    own = parse_crs(sent.layer.crs) if sent.layer.crs is not None else None
    systems = Systems(sent.crs, zone.storage_crs, zone.metric_crs, own)
    geometries = shapely.force_2d(sent.layer.geometry)
    return CrsCheck(sent.name, sent.notes, check_geometries(geometries, systems, _ground(session, zone)))


def _ground(session: Session, zone: Zone) -> Ground:
    day, stored = zone.today(), zone.storage_crs
    grids = frames.grids_frame(session, day, stored)
    shapes = _metric(grids.geometry.to_numpy(), zone)
    quarters = frames.neighbourhoods_frame(session, day, stored).geometry.dropna().to_numpy()
    quarters = quarters[np.isin(shapely.get_type_id(quarters), (3, 6))]
    return Ground(
        outline=shapes[(grids["level"] == 1).to_numpy()],
        buildings=_metric(frames.buildings_frame(session, day, stored).geometry.to_numpy(), zone),
        quarters=_metric(quarters, zone),
        borders=shapely.boundary(shapes),
    )


def _metric(geometries: NDArray[Any], zone: Zone) -> NDArray[Any]:
    # A shape that cannot be drawn is no ground to compare with.
    moved = to_storage(geometries, zone.storage_crs, zone.metric_crs)
    return np.asarray(moved[shapely.is_valid(moved)], dtype=object)
