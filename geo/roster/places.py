"""Sites, cameras, teams and party organisations from CSV and vector files, by the rules of the workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo.boundaries.columns import match_columns
from geo.boundaries.read import ReadOptions, choose_crs, read_features, sha256
from geo.boundaries.sources import open_source
from geo.boundaries.tables import read_blocks, read_dialect
from geo.importer.report import ImportReport
from geo.model import Zone
from geo.roster.columns import Sheet, heading
from geo.roster.faults import Faults
from geo.roster.importing import DEFAULT_CRS, RosterImport, import_people, import_roster
from geo.roster.look_up import make_reading
from geo.roster.rows import Roster
from geo.roster.sheets import PLACES
from geo.roster.tables import fill, find_columns
from geo.roster.workbooks import SUFFIXES
from geo.zones import get_zone

_COORDINATES = {heading(word) for word in ("lon", "lat", "经度", "纬度")}


@dataclass(frozen=True)
class PlaceFile:
    """A file of places as read: headings and rows, the first of them row 1."""

    headings: Sequence[str]
    rows: Mapping[int, Sequence[Any]]
    crs: str


def import_places(
    session: Session, subject: str, path: str | Path, options: ReadOptions, *, commit: bool = False
) -> ImportReport:
    """Check a file of places and, when asked to and nothing is wrong, write what differs.

    Parameters
    ----------
    session
        Reaches the database as the loader; the caller commits.
    subject
        sites, cameras, teams or party-orgs.

    Raises
    ------
    InvalidFile, InvalidInput
        The file cannot be read safely, or a mapped column is missing.
    """
    if Path(path).suffix.lower() in SUFFIXES:
        return import_people(session, path, RosterImport(crs=options.crs or DEFAULT_CRS), commit=commit)
    zone, sheet = get_zone(session), PLACES[subject]
    report = ImportReport(subject, Path(path).name)
    file, sheet = _read(path, options, zone, sheet, report)
    fields = [column.name for column in sheet.columns]
    match_columns(file.headings, fields, options.mapping)  # refuses a mapping of what is not there
    reading = make_reading(session, zone, file.crs)

    def read(faults: Faults) -> Roster:
        table = find_columns(sheet, None, 0, file.headings, faults, report.warnings, options.mapping)
        fill(table, file.rows, reading, faults)
        return Roster([table])

    kept = {"map": options.mapping or None, "layer": options.layer, "encoding": options.encoding}
    return import_roster(session, zone, read, report, file.crs, commit=commit, options=kept)


def _read(
    path: str | Path, options: ReadOptions, zone: Zone, sheet: Sheet, report: ImportReport
) -> tuple[PlaceFile, Sheet]:
    with open_source(path, options.limits) as source:
        if source.format.name == "CSV":
            report.sha256 = sha256(source.path)
            dialect = read_dialect(source.path, options.encoding, options.limits)
            crs, said = choose_crs(source, None, options.crs)
            report.notes += [said, f"encoding {dialect.encoding.shown}: {dialect.encoding.evidence}"]
            rows: dict[int, Sequence[Any]] = {}
            for block in read_blocks(source.path, dialect, options.limits):
                for values in zip(*(column.to_pylist() for column in block.columns), strict=True):
                    rows[len(rows) + 1] = [_plain(value) for value in values]
            return PlaceFile(dialect.columns, rows, crs.name), sheet
    return _vector(path, options, zone, sheet, report)


def _plain(text: str | None) -> str | None:
    """A field of a CSV; the sign that keeps spreadsheets from seeing a formula is taken off again."""
    if text is None:
        return None
    text = text.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@", "|", "%"} else text


def _vector(
    path: str | Path, options: ReadOptions, zone: Zone, sheet: Sheet, report: ImportReport
) -> tuple[PlaceFile, Sheet]:
    """A vector file: the geometry takes the place of longitude and latitude."""
    file = read_features(path, options, storage_crs=zone.storage_crs, kind="polygon or point")
    report.sha256 = file.sha256
    report.notes += file.notes
    must = sheet.column("lon").required
    report.faults.add(fault for fault in file.faults if must or fault.rule != "geometry-missing")
    names = [str(name) for name in file.frame.columns if name != "geometry"]
    names = [name for name in names if heading(name) not in _COORDINATES]
    places = shapely.point_on_surface(file.frame.geometry.to_numpy())
    columns = [file.frame[name].to_numpy() for name in names] + [shapely.get_x(places), shapely.get_y(places)]
    rows = {i: [_value(v) for v in row] for i, row in enumerate(zip(*columns, strict=True), start=1)}
    loose = [replace(c, required=c.required and c.name not in {"lon", "lat"}) for c in sheet.columns]
    return PlaceFile([*names, "lon", "lat"], rows, zone.storage_crs), replace(sheet, columns=tuple(loose))


def _value(value: Any) -> Any:
    """A value of a vector file as a cell would hold it; whole numbers are exact here."""
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
        return None
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return str(int(value))
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        return value.removesuffix("T00:00:00").strip() or None
    return value
