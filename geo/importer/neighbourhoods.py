"""Import residential quarters and villager groups."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from sqlalchemy.orm import Session

from geo.boundaries.check import check_codes, check_filled, check_known, check_unique
from geo.boundaries.read import ReadOptions, required
from geo.boundaries.shapes import multi
from geo.importer.codes import NEIGHBOURHOOD_DIGITS, issue_codes
from geo.importer.common import (
    begin_run,
    check_not_imported,
    describe_options,
    named_columns,
    read_subject,
    suspect_places,
)
from geo.importer.filing import Filing
from geo.importer.report import ImportReport
from geo.importer.values import match_kinds
from geo.model import Fault
from geo.store import ground
from geo.store.import_lists import names_of
from geo.zones import get_zone

_FIELDS = ("code", "name", "kind", "parent_code")
_GROUP_ENDINGS = ("组", "小组", "村民小组", "屋场")


def import_neighbourhoods(
    session: Session, path: str | Path, options: ReadOptions, *, commit: bool = False
) -> ImportReport:
    """Check a file of quarters and groups and, when asked to and nothing is wrong, write them.

    Outlines or points are accepted; of a point only the grid is kept. Each is filed under the finest grid its
    file names, else under the one that holds a point inside it. Buildings that name no neighbourhood join the
    one whose outline holds them.

    Parameters
    ----------
    session
        Reaches the database as the loader; the caller commits.
    commit
        False: report only.

    Raises
    ------
    InvalidFile, InvalidInput
        The file cannot be read, or has no column of names.
    """
    zone = get_zone(session)
    file, report = read_subject("neighbourhoods", path, options, zone, "polygon or point")
    rows, columns = named_columns(file, _FIELDS, options, report)
    required(columns.get("name"), "name", [str(c) for c in file.frame.columns if c != "geometry"])
    filing = Filing.today(session, zone)
    usable = rows[rows.geometry.notna()]
    values = _values(session, usable, filing, report)
    _check(session, usable, values, filing, report)
    suspect_places(session, file, zone, report)
    if commit and report.is_clean:
        run = begin_run(session, report, describe_options(options, file))
        _write(session, usable, values, filing, report)
        report.import_id = run
    return report


def _values(session: Session, frame: GeoDataFrame, filing: Filing, report: ImportReport) -> pd.DataFrame:
    kinds, unknown = match_kinds(frame["kind"], names_of(session, "neighbourhood_kinds"), default="other")
    if unknown:
        report.notes.append(f"kinds that are on no list, taken as 'other': {', '.join(list(unknown)[:8])}")
    guessed = (
        frame["name"].fillna("").str.endswith(_GROUP_ENDINGS).map({True: "villager_group", False: "quarter"})
    )
    kinds = kinds.where(frame["kind"].notna(), guessed)
    points = shapely.point_on_surface(frame.geometry.to_numpy())
    by_place = pd.Series(filing.codes(points), index=frame.index, dtype=object)
    grid_code = frame["parent_code"].where(frame["parent_code"].notna(), by_place)
    report.rows_to_write = len(frame)
    report.figures |= {str(kind): int(count) for kind, count in kinds.value_counts().items()}
    report.figures["outside every grid"] = int(grid_code.isna().sum())
    return pd.DataFrame({"kind": kinds, "name": frame["name"], "grid_code": grid_code})


def _check(
    session: Session, frame: GeoDataFrame, values: pd.DataFrame, filing: Filing, report: ImportReport
) -> None:
    report.faults.add(check_not_imported(session, report))
    report.faults.add(check_filled(frame, "name", what="name"))
    report.faults.add(check_codes(frame))
    report.faults.add(check_unique(frame, cure="give every neighbourhood a code of its own"))
    cure = "name a grid of the finest level in force, or leave the column out"
    report.faults.add(check_known(frame, "parent_code", set(filing.grids.index), what="grid", cure=cure))
    named = frame["code"].notna()
    if named.any():
        report.faults.add(check_filled(frame, "code", what="code"))
    taken = ground.neighbourhood_codes(session)
    report.faults.add(
        Fault(
            int(i) + 1, "code-issued", f"neighbourhood {code!r} is stored already; leave it out", "code", code
        )
        for i, code in frame["code"].dropna().items()
        if code in taken
    )
    report.warnings.add(
        Fault(
            int(i) + 1,
            "neighbourhood-outside",
            "it lies outside every grid; it is kept, filed under none",
            geometry=frame.geometry.loc[i],
        )
        for i in values.index[values["grid_code"].isna()]
    )


def _write(
    session: Session, frame: GeoDataFrame, values: pd.DataFrame, filing: Filing, report: ImportReport
) -> None:
    zone = filing.zone
    codes = frame["code"].to_numpy(dtype=object)
    if frame["code"].isna().all():
        prefixes = filing.prefixes(values["grid_code"].to_numpy(dtype=object))
        taken = ground.neighbourhood_codes(session)
        codes = np.array(issue_codes(prefixes, taken, digits=NEIGHBOURHOOD_DIGITS, mark="N"), dtype=object)
    outlines = frame.geometry.to_numpy().copy()
    outlines[shapely.get_type_id(outlines) == 0] = None
    table = values.assign(code=codes, valid=f"[{zone.today().isoformat()},)")
    written = GeoDataFrame(
        table, geometry=GeoSeries(multi(outlines), index=table.index, crs=zone.storage_crs)
    )
    ground.add_neighbourhoods(session, written.rename_geometry("geom"), srid=zone.storage_srid)
    report.figures["buildings joined by place"] = ground.join_neighbourhoods(session)
