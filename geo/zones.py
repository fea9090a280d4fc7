"""The zone a database serves: give it one, ask which it is."""

from __future__ import annotations

from sqlalchemy.orm import Session

from geo.errors import Conflict, NotFound
from geo.model import Zone
from geo.store import zones as store
from geo.zone_file import ZoneFile


def get_zone(session: Session) -> Zone:
    """The zone this database serves.

    Raises
    ------
    NotFound
        The database has not been initialised.
    """
    zone = store.find_zone(session)
    if zone is None:
        raise NotFound("this database serves no zone yet; run `wangge init ZONE.toml` or `wangge demo load`")
    return zone


def find_zone(session: Session) -> Zone | None:
    """The zone this database serves, or None before ``wangge init``."""
    return store.find_zone(session)


def record_zone(session: Session, file: ZoneFile) -> Zone:
    """Write the zone and its code lists; the session reaches the database as its owner.

    The first time it may choose the storage CRS; afterwards everything else can be changed.

    Raises
    ------
    Conflict
        The database serves another zone, or holds geometries in another storage CRS.
    """
    present = store.find_zone(session)
    if present is not None and present.code_prefix != file.zone.code_prefix:
        raise Conflict(
            f"this database serves {present.name} ({present.code_prefix}), not {file.zone.name} "
            f"({file.zone.code_prefix}); one database serves one zone: "
            "use another one (DATABASE_URL or WANGGE_STATE_DIR)"
        )
    if present is None or present.storage_srid != file.zone.storage_srid:
        _choose_storage(session, file.zone)
    store.save_zone(session, file.zone)
    for name, rows in file.lists.items():
        store.save_code_list(session, name, rows)
    return file.zone


def _choose_storage(session: Session, zone: Zone) -> None:
    if store.has_geometries(session):
        raise Conflict(f"geometries are stored already; storage_crs can no longer become {zone.storage_crs}")
    store.set_storage_srid(session, zone.storage_srid)
