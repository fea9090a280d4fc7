"""Import building footprints."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from sqlalchemy.orm import Session

from geo.boundaries.check import check_codes, check_known, check_unique
from geo.boundaries.footprints import check_overlaps, check_straddling
from geo.boundaries.read import ReadOptions
from geo.boundaries.shapes import multi
from geo.crs import to_storage
from geo.importer.codes import BUILDING_DIGITS, issue_codes
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
from geo.importer.values import BUILDING_KINDS, addresses, match_kinds, whole_numbers
from geo.model import Fault, Zone
from geo.store import frames, ground
from geo.store.import_lists import names_of
from geo.zones import get_zone

_FIELDS = "code name kind neighbourhood households floors built_year address street housenumber".split()
_YEARS = (1000, 2200)


def import_buildings(
    session: Session, path: str | Path, options: ReadOptions, *, commit: bool = False
) -> ImportReport:
    """Check a file of footprints and, when asked to and nothing is wrong, write the buildings.

    A building is filed under the finest grid that holds a point inside it; one outside every grid is kept
    and reported. Codes come from the file; where it has none, they are issued: the second-level code and
    five digits in the order of the file.

    Parameters
    ----------
    session
        Reaches the database as the loader; the caller commits.
    commit
        False: report only.

    Raises
    ------
    InvalidFile, InvalidInput
        The file cannot be read, or a mapped column is missing.
    """
    zone = get_zone(session)
    file, report = read_subject("buildings", path, options, zone, "polygon")
    buildings, _ = named_columns(file, _FIELDS, options, report)
    usable = buildings[buildings.geometry.notna()]
    values = _values(session, usable, report)
    filing = Filing.today(session, zone)
    points = shapely.point_on_surface(usable.geometry.to_numpy())
    values["grid_code"] = filing.codes(points)
    _check_codes(session, usable, report)
    _check_ground(usable, filing, zone, report)
    known = check_not_imported(session, report)
    report.faults.add(known or _known_footprints(session, usable, zone))
    suspect_places(session, file, zone, report)
    _count(values, usable, report)
    if commit and report.is_clean:
        run = begin_run(session, report, describe_options(options, file))
        _write(session, usable, values, points, filing, report)
        report.import_id = run
    return report


def _values(session: Session, frame: GeoDataFrame, report: ImportReport) -> pd.DataFrame:
    kinds, unknown = match_kinds(
        frame["kind"], names_of(session, "building_kinds"), default="other", more=BUILDING_KINDS
    )
    if unknown:
        shown = ", ".join(f"{value} ({count})" for value, count in list(unknown.items())[:8])
        report.notes.append(f"kinds that are on no list, taken as 'other': {shown}")
    households, wrong = whole_numbers(frame["households"], "households", low=0, high=100_000)
    report.faults.add(wrong)
    floors, odd = whole_numbers(frame["floors"], "floors", low=0, high=200)
    years, odd_years = whole_numbers(frame["built_year"], "built_year", low=_YEARS[0], high=_YEARS[1])
    # Of no consequence for responsibility: left out and said, not refused.
    report.warnings.add(odd + odd_years)
    return pd.DataFrame(
        {
            "kind": kinds,
            "name": frame["name"],
            "neighbourhood_code": frame["neighbourhood"],
            "floors": floors,
            "households": households.fillna(0),
            "built_year": years,
            "address": addresses(frame),
        }
    )


def _check_codes(session: Session, frame: GeoDataFrame, report: ImportReport) -> None:
    named = frame["code"].notna()
    if named.any() and not named.all():
        report.faults.add(
            Fault(
                int(i) + 1,
                "code-missing",
                "this building has no code but others do; give all one or none",
                "code",
            )
            for i in frame.index[~named]
        )
    report.faults.add(check_codes(frame))
    report.faults.add(check_unique(frame, cure="give every building a code of its own"))
    taken = ground.building_codes(session)
    report.faults.add(
        Fault(int(i) + 1, "code-issued", f"building {code!r} is stored already; leave it out", "code", code)
        for i, code in frame["code"].dropna().items()
        if code in taken
    )
    report.faults.add(
        check_known(
            frame,
            "neighbourhood",
            ground.neighbourhood_codes(session),
            what="neighbourhood",
            cure="import the neighbourhoods first, or map another column",
        )
    )


def _check_ground(frame: GeoDataFrame, filing: Filing, zone: Zone, report: ImportReport) -> None:
    if frame.empty:
        return
    places, rows = frame.geometry.to_numpy(), frame.index.to_numpy()
    metric = to_storage(places, zone.storage_crs, zone.metric_crs)
    grids = to_storage(filing.grids.geometry.to_numpy(), zone.storage_crs, zone.metric_crs)
    straddling = check_straddling(metric, grids, filing.grids.index.to_numpy(), rows, places)
    overlapping = check_overlaps(metric, rows, places)
    report.warnings.add(straddling + overlapping)
    report.figures["cut by a border"] = len(straddling)
    report.figures["overlapping pairs"] = len(overlapping)


def _known_footprints(session: Session, frame: GeoDataFrame, zone: Zone) -> list[Fault]:
    """The same footprint again is the same building again."""
    stored = frames.buildings_frame(session, zone.today(), zone.storage_crs)
    known = set(_outlines(stored)) if len(stored) else set()
    outlines = _outlines(frame) if known else []
    return [
        Fault(
            int(i) + 1,
            "building-known",
            "a building with this very footprint is stored already; leave it out",
            geometry=frame.geometry.loc[i],
        )
        for i, outline in zip(frame.index, outlines, strict=False)
        if outline in known
    ]


def _outlines(frame: GeoDataFrame) -> list[bytes]:
    return list(shapely.to_wkb(shapely.normalize(multi(frame.geometry.to_numpy()))))


def _count(values: pd.DataFrame, frame: GeoDataFrame, report: ImportReport) -> None:
    outside = values["grid_code"].isna()
    report.rows_to_write = len(values)
    report.figures["buildings"] = len(values)
    report.figures["inside a grid"] = int((~outside).sum())
    report.figures["outside every grid"] = int(outside.sum())
    report.figures["households"] = int(values["households"].sum())
    report.warnings.add(
        Fault(
            int(i) + 1,
            "building-outside",
            "the building lies outside every grid; it is kept, filed under none",
            geometry=frame.geometry.loc[i],
        )
        for i in values.index[outside]
    )


def _write(
    session: Session,
    frame: GeoDataFrame,
    values: pd.DataFrame,
    points: np.ndarray,
    filing: Filing,
    report: ImportReport,
) -> None:
    zone = filing.zone
    codes = frame["code"].to_numpy(dtype=object)
    if frame["code"].isna().all():
        prefixes = filing.prefixes(values["grid_code"].to_numpy(dtype=object))
        codes = np.array(
            issue_codes(prefixes, ground.building_codes(session), digits=BUILDING_DIGITS), dtype=object
        )
    table = values.drop(columns="address").assign(code=codes, valid=f"[{zone.today().isoformat()},)")
    rows = GeoDataFrame(
        table, geometry=GeoSeries(multi(frame.geometry.to_numpy()), index=table.index, crs=zone.storage_crs)
    ).rename_geometry("geom")
    rows["label_point"] = GeoSeries(points, index=table.index, crs=zone.storage_crs)
    ground.add_buildings(session, rows, srid=zone.storage_srid)
    known = pd.DataFrame({"building_code": codes, "text": values["address"].to_numpy()}).dropna()
    report.figures["addresses"] = ground.add_addresses(session, known)
    report.figures["joined to a neighbourhood by place"] = ground.join_neighbourhoods(session)
