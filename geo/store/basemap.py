"""Writing the zone's background: roads, water, land use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geopandas import GeoDataFrame
from sqlalchemy import Table, delete
from sqlalchemy.orm import Session

from geo.store import tables
from geo.store.copy import copy_frame

#: Tables in the order they are drawn, by the name of their role.
ROLES: Mapping[str, Table] = {
    "land_use": tables.metadata.tables["land_use"],
    "water": tables.metadata.tables["water"],
    "roads": tables.metadata.tables["road"],
}


def replace_basemap(session: Session, layers: Mapping[Any, GeoDataFrame], *, srid: int) -> dict[str, int]:
    """Put new layers in the place of those of the present basemap; layers not given stay.

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
    for role, layer in layers.items():
        session.execute(delete(ROLES[role]))
        written[role] = copy_frame(session.connection(), ROLES[role], layer, srid=srid)
    return written
