"""Import one level of grids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from sqlalchemy.orm import Session

from geo.boundaries.check import (
    check_codes,
    check_filled,
    check_issued,
    check_known,
    check_parents_cover,
    check_unique,
)
from geo.boundaries.dissolve import dissolve
from geo.boundaries.read import ReadOptions, required
from geo.boundaries.shapes import multi
from geo.errors import Conflict, InvalidInput
from geo.importer.common import (
    area_m2,
    begin_run,
    describe_options,
    label_points,
    named_columns,
    read_subject,
    suspect_places,
)
from geo.importer.report import ImportReport
from geo.locate.index import Locator, pick
from geo.model import Fault, Zone
from geo.store import frames, partition
from geo.store import zones as zone_store
from geo.zones import get_zone

_FIELDS = ("code", "name", "parent_code", "kind")
_IDS = {"code": ("id", "fid", "osmid")}
_DISSOLVE = "correct the codes, or unite features of one code and name with --dissolve"


@dataclass(frozen=True)
class GridImport:
    """How a level of grids is to be imported.

    Attributes
    ----------
    level
        1 coarse to 3 fine; the level above must be there.
    in_force_from
        First day in force; today in the zone when None.
    title
        What the release is called.
    tolerance_m
        How far a grid may reach beyond its parent, metres.
    unite
        Unite features of the same code, name and parent into one grid.
    """

    level: int
    in_force_from: date | None = None
    title: str | None = None
    tolerance_m: float = 1.0
    unite: bool = False
    read: ReadOptions = field(default_factory=ReadOptions)


def import_grids(
    session: Session, path: str | Path, options: GridImport, *, commit: bool = False
) -> ImportReport:
    """Check a file of grids and, when asked to and nothing is wrong, write it as a release.

    Buildings and neighbourhoods that are stored already are filed under new grids of the finest level;
    incidents keep the chain found at intake.

    Parameters
    ----------
    session
        Reaches the database as the loader; the caller commits.
    commit
        False: report only.

    Raises
    ------
    InvalidFile, InvalidInput
        The file cannot be read, a column is missing, the level cannot be.
    Conflict
        The level is in force already, or the one above is not there.
    """
    zone = get_zone(session)
    day = options.in_force_from or zone.today()
    _check_level(session, zone, options.level, day)
    file, report = read_subject("grids", path, options.read, zone, "polygon")
    grids, columns = named_columns(file, _FIELDS, options.read, report, _IDS)
    present = [str(column) for column in file.frame.columns if column != "geometry"]
    for name in ("code", "name"):
        required(columns.get(name), name, present)
    grids = _united(grids, report, unite=options.unite)
    parents = frames.grids_frame(session, day, zone.storage_crs, level=options.level - 1)
    grids = _with_parents(grids, parents, options.level, report)
    _check(session, grids, parents, zone, options, report)
    suspect_places(session, file, zone, report)
    report.rows_to_write = len(grids)
    report.figures["grids"] = len(grids)
    if commit and report.is_clean:
        run = begin_run(session, report, describe_options(options.read, file) | {"level": options.level})
        _write(session, grids, zone, options, day, report)
        report.import_id = run
    return report


def _check_level(session: Session, zone: Zone, level: int, day: date) -> None:
    if not 1 <= level <= len(zone.levels):
        raise InvalidInput(f"level {level} does not exist here; the zone has levels 1 to {len(zone.levels)}")
    present = partition.count_in_force(session, level, day)
    if present:
        raise Conflict(
            f"level {level} has {present} grids in force on {day} or later; importing would overwrite them. "
            "A change of grids in force is published as a new release, which this command does not do"
        )
    if level > 1 and not len(frames.grids_frame(session, day, zone.storage_crs, level=level - 1)):
        raise Conflict(
            f"level {level - 1} has no grids in force on {day}; import it first: "
            "every grid has a parent one level up"
        )


def _united(grids: GeoDataFrame, report: ImportReport, *, unite: bool) -> GeoDataFrame:
    if not unite:
        return grids
    result, united = dissolve(grids, ("code", "name", "parent_code"))
    report.notes += [f"united {one}" for one in united]
    report.figures["united features"] = sum(len(one.rows) for one in united)
    return result


def _with_parents(
    grids: GeoDataFrame, parents: GeoDataFrame, level: int, report: ImportReport
) -> GeoDataFrame:
    """Fill in parents that the file does not name: the grid one level up that holds a point inside."""
    if level == 1:
        return grids.assign(parent_code=None)
    unnamed = grids["parent_code"].isna() & grids.geometry.notna()
    if not unnamed.any():
        return grids
    points = shapely.point_on_surface(grids.geometry[unnamed].to_numpy())
    rows = Locator.from_frame(parents).locate(lon=shapely.get_x(points), lat=shapely.get_y(points))
    filled = grids["parent_code"].copy()
    filled[unnamed] = pick(parents.index.to_numpy(dtype=object), rows)
    found = int(filled[unnamed].notna().sum())
    if found:
        report.notes.append(f"parents of {found} grids found by place (a point inside them)")
    return grids.assign(parent_code=filled)


def _check(
    session: Session,
    grids: GeoDataFrame,
    parents: GeoDataFrame,
    zone: Zone,
    options: GridImport,
    report: ImportReport,
) -> None:
    faults = check_filled(grids, "code", what="code") + check_filled(grids, "name", what="name")
    faults += check_codes(grids) + check_unique(grids, cure=_DISSOLVE)
    faults += check_issued(grids, partition.issued_codes(session), options.level)
    kinds = zone_store.list_codes(session, "grid_kinds")
    faults += check_known(
        grids,
        "kind",
        kinds,
        what="kind",
        cure=f"use one of {', '.join(sorted(kinds))}, or add it to [lists] in ZONE.toml",
    )
    if options.level > 1:
        faults += _check_parents(grids, parents, options.level)
        covering, close = check_parents_cover(
            grids,
            parents,
            metric_crs=zone.metric_crs,
            storage_crs=zone.storage_crs,
            tolerance_m=options.tolerance_m,
        )
        faults += covering
        report.warnings.add(close)
    report.faults.add(sorted(faults, key=lambda fault: fault.row or 0))


def _check_parents(grids: GeoDataFrame, parents: GeoDataFrame, level: int) -> list[Fault]:
    orphans = grids[grids["parent_code"].isna() & grids.geometry.notna()]
    faults = [
        Fault(
            int(i) + 1,
            "parent-missing",
            f"the grid names no parent and lies in no grid of level {level - 1}; give it a parent_code",
            column="parent_code",
            geometry=grids.geometry.loc[i],
        )
        for i in orphans.index
    ]
    known = list(parents.index)
    cure = f"level {level - 1} has {listed_codes(known)}"
    return faults + check_known(grids, "parent_code", known, what="parent", cure=cure)


def listed_codes(codes: list[str]) -> str:
    """The first few codes in words."""
    return ", ".join(codes[:5]) + (f" and {len(codes) - 5} more" if len(codes) > 5 else "")


def _write(
    session: Session, grids: GeoDataFrame, zone: Zone, options: GridImport, day: date, report: ImportReport
) -> None:
    title = options.title or f"level {options.level} from {report.file_name}"
    release = partition.add_release(session, day, title)
    partition.add_grids(session, _rows(grids, zone, options.level, day, release), srid=zone.storage_srid)
    report.figures["release"] = release
    report.figures["in force from"] = day.isoformat()
    if options.level == len(zone.levels):
        as_of = max(day, zone.today())
        report.figures["buildings filed anew"] = partition.refile_buildings(session, options.level, as_of)
        report.figures["neighbourhoods filed anew"] = partition.refile_neighbourhoods(
            session, options.level, as_of
        )


def _rows(grids: GeoDataFrame, zone: Zone, level: int, day: date, release: int) -> GeoDataFrame:
    geometry = multi(grids.geometry.to_numpy())
    crs = zone.storage_crs
    table = pd.DataFrame(
        {
            "code": grids["code"].to_numpy(),
            "level": level,
            "kind": grids["kind"].to_numpy(),
            "name": grids["name"].to_numpy(),
            "parent_code": grids["parent_code"].to_numpy(),
            "area_m2": area_m2(geometry, zone=zone),
            "valid": f"[{day.isoformat()},)",
            "release_id": release,
        }
    )
    table["label_point"] = GeoSeries(label_points(geometry, zone=zone), crs=crs)
    return GeoDataFrame(table, geometry=GeoSeries(geometry, crs=crs, name="geom")).rename_geometry("geom")
