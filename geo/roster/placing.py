"""Where the located rows of a roster lie: in the storage CRS, and in which grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo.crs import to_storage_xy
from geo.importer.filing import Filing
from geo.importer.report import Findings
from geo.model import Fault, Zone
from geo.roster.checks.places import LOCATED
from geo.roster.faults import Faults
from geo.roster.rows import Roster, Row


@dataclass(frozen=True)
class Placed:
    """Places by id of the row.

    Attributes
    ----------
    points
        x and y in the storage CRS.
    grids
        Finest grid that holds the place, by the border rule; None outside every grid.
    """

    points: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    grids: Mapping[int, str | None] = field(default_factory=dict)


def place_rows(
    session: Session, zone: Zone, roster: Roster, crs: str, faults: Faults, warnings: Findings
) -> Placed:
    """Bring coordinates to the storage CRS and look up their grids; warn of places outside."""
    rows = [row for sheet in LOCATED for row in roster.of(sheet) if _has_place(row)]
    if not rows:
        return Placed()
    x, y = to_storage_xy(
        np.array([row["lon"] for row in rows], dtype=float),
        np.array([row["lat"] for row in rows], dtype=float),
        crs=crs,
        storage_crs=zone.storage_crs,
    )
    for row in (row for row, good in zip(rows, np.isfinite(x), strict=True) if not good):
        faults.add(row, "lon", "number-range", f"and 纬度 cannot be transformed from {crs}; check --crs")
    found = np.isfinite(x) & np.isfinite(y)
    kept = [row for row, good in zip(rows, found, strict=True) if good]
    x, y = x[found], y[found]
    codes = Filing.today(session, zone).codes(shapely.points(x, y))
    warnings.add(_outside(row) for row, code in zip(kept, codes, strict=True) if code is None)
    return Placed(
        {id(row): (float(a), float(b)) for row, a, b in zip(kept, x, y, strict=True)},
        {id(row): code for row, code in zip(kept, codes, strict=True)},
    )


def _has_place(row: Row) -> bool:
    return row["lon"] is not None and row["lat"] is not None


def _outside(row: Row) -> Fault:
    code = row[row.table.sheet.columns[0].name]
    return Fault(
        row.number,
        "place-outside",
        f"{code} lies outside every grid; it is kept, filed under none",
        column="经度",
        value=str(code),
        sheet=row.table.title,
        cell=row.table.cell("lon", row.number),
    )
