"""Writing the zone's background: roads, water, land use."""

from __future__ import annotations

from collections.abc import Mapping

from geopandas import GeoDataFrame
from sqlalchemy import Table, delete
from sqlalchemy.orm import Session

from geo.store import tables
from geo.store.copy import copy_frame

#: Tables in the order they are drawn, by the name of their role.
ROLES: Mapping[str, Table] = {
    "land_use": tables.LandUse.__table__,
    "water": tables.Water.__table__,
    "roads": tables.Road.__table__,
}


def replace_basemap(session: Session, layers: Mapping[str, GeoDataFrame], *, srid: int) -> dict[str, int]:
    """Put new layers in the place of the present basemap; layers not given become empty.

    Parameters
    ----------
    layers
        By role; columns ``kind``, ``name``, ``geom``.

    Returns
    -------
    dict
        Rows written by role.
    """
    written = {}
    for role, table in ROLES.items():
        session.execute(delete(table))
        written[role] = copy_frame(session.connection(), table, layers[role], srid=srid) if role in layers else 0
    return written
