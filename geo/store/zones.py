"""The zone's row and the code lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geo.model import CoverageNorms, LevelLabel, Zone
from geo.store import tables

#: Lists a zone brings along; the others (states, roles, statuses) are part of the program.
EDITABLE_LISTS: Mapping[str, type[tables.Base]] = {
    "grid_kinds": tables.GridKind,
    "neighbourhood_kinds": tables.NeighbourhoodKind,
    "building_kinds": tables.BuildingKind,
    "road_kinds": tables.RoadKind,
    "water_kinds": tables.WaterKind,
    "land_use_kinds": tables.LandUseKind,
    "incident_categories": tables.IncidentCategory,
    "incident_sources": tables.IncidentSource,
    "educations": tables.Education,
    "post_groups": tables.PostGroup,
    "posts": tables.Post,
    "organisation_kinds": tables.OrganisationKind,
    "party_org_kinds": tables.PartyOrgKind,
    "site_kinds": tables.SiteKind,
    "site_functions": tables.SiteFunction,
    "team_kinds": tables.TeamKind,
    "camera_kinds": tables.CameraKind,
    "camera_networks": tables.CameraNetwork,
    "camera_states": tables.CameraState,
    "duty_shifts": tables.DutyShift,
    "leave_kinds": tables.LeaveKind,
    "service_kinds": tables.ServiceKind,
    "service_projects": tables.ServiceProject,
    "unit_facts": tables.UnitFact,
}


def find_zone(session: Session) -> Zone | None:
    """The zone of this database, if it has been initialised."""
    row = session.get(tables.Zone, 1)
    return None if row is None else _zone(row)


def save_zone(session: Session, zone: Zone) -> None:
    """Write the zone's row, or overwrite it."""
    norms = {"households_band": list(zone.household_band), **asdict(zone.norms)}
    session.merge(
        tables.Zone(
            id=1,
            name=zone.name,
            name_en=zone.name_en,
            code_prefix=zone.code_prefix,
            storage_srid=zone.storage_srid,
            metric_srid=zone.metric_srid,
            time_zone=zone.time_zone,
            levels=[{"zh": level.zh, "en": level.en} for level in zone.levels],
            norms=norms,
            declared={"grids": list(zone.declared_grids)},
            notice_zh=zone.notice_zh,
            notice_en=zone.notice_en,
            is_demo=zone.is_demo,
        )
    )
    session.flush()


def _zone(row: tables.Zone) -> Zone:
    norms = dict(row.norms)
    low, high = norms.pop("households_band", (300, 500))
    return Zone(
        name=row.name,
        name_en=row.name_en,
        code_prefix=row.code_prefix,
        storage_srid=row.storage_srid,
        metric_srid=row.metric_srid,
        time_zone=row.time_zone,
        levels=tuple(LevelLabel(**label) for label in row.levels),
        household_band=(int(low), int(high)),
        norms=CoverageNorms(**norms),
        declared_grids=tuple(row.declared.get("grids", ())),
        notice_zh=row.notice_zh,
        notice_en=row.notice_en,
        is_demo=row.is_demo,
    )


def save_code_list(session: Session, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the rows of a list, or bring those of the same code up to date; none is removed."""
    if not rows:
        return
    statement = insert(EDITABLE_LISTS[name])
    changed = {column: statement.excluded[column] for column in rows[0] if column != "code"}
    session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=changed), list(rows))


def list_codes(session: Session, name: str) -> set[str]:
    """Codes of one editable list."""
    return set(session.scalars(select(EDITABLE_LISTS[name].__table__.c.code)))


def has_geometries(session: Session) -> bool:
    """Whether any table with a geometry holds a row."""
    return any(
        session.scalar(text(f'SELECT EXISTS (SELECT FROM "{table}")'))  # noqa: S608 - names from the catalogue
        for table in {table for table, _ in geometry_columns(session)}
    )


def geometry_columns(session: Session) -> list[tuple[str, str]]:
    """(table, column) of every geometry in our schema."""
    rows = session.execute(
        text(
            "SELECT f_table_name, f_geometry_column FROM geometry_columns "
            "WHERE f_table_schema = current_schema() ORDER BY 1, 2"
        )
    )
    return [(table, column) for table, column in rows]


def set_storage_srid(session: Session, srid: int) -> None:
    """Retype every geometry column of an empty database to another storage CRS; needs the owner."""
    # Not from geometry_columns: it takes the first kind that a check constraint names for the column's own.
    rows = session.execute(
        text(
            "SELECT c.relname, a.attname, postgis_typmod_type(a.atttypmod) "
            "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
            "WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'r' "
            "AND a.atttypid = CAST('geometry' AS regtype) AND postgis_typmod_srid(a.atttypmod) <> :srid"
        ),
        {"srid": srid},
    ).all()
    for table, column, kind in rows:
        session.execute(
            text(
                f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE geometry({kind}, {int(srid)}) '
                f'USING ST_SetSRID("{column}", {int(srid)})'
            )
        )
