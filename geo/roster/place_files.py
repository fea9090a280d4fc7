"""Sites, cameras, teams and party organisations out as CSV, GeoJSON, GeoPackage or Excel."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyogrio
import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame
from sqlalchemy.orm import Session

from geo.errors import InvalidInput
from geo.importer.report_files import plain_cell
from geo.masking import mask_phone
from geo.model import Zone
from geo.roster.columns import Sheet
from geo.roster.exporting import cell_words, thing_rows
from geo.roster.sheets import PLACES
from geo.spreadsheets import write_workbook
from geo.zones import get_zone

Rows = list[dict[str, Any]]


def export_places(
    session: Session, subject: str, path: Path, *, as_of: date | None = None, with_phones: bool = False
) -> int:
    """Write the places of a day into a file, in the format its suffix says, and count them.

    CSV and Excel carry the Chinese headings and words of the workbook, in the storage CRS; GeoJSON and
    GeoPackage the English names and codes.

    Parameters
    ----------
    subject
        sites, cameras, teams or party-orgs.

    Raises
    ------
    InvalidInput
        The suffix is none of .csv, .geojson, .gpkg and .xlsx, or the file cannot be written.
    """
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise InvalidInput(
            f"{path.name}: files of kind {path.suffix or 'without suffix'!r} are not written; "
            f"use one of {' '.join(_WRITERS)}"
        )
    zone, sheet = get_zone(session), PLACES[subject]
    rows = thing_rows(session, sheet.brings or "", as_of or zone.today())
    if not with_phones:
        rows = [row | {"phone": _masked(row["phone"])} if row.get("phone") else row for row in rows]
    try:
        writer(session, zone, sheet, rows, path)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror or error}") from error
    return len(rows)


def _masked(phone: str) -> str:
    return (mask_phone(phone) or "").ljust(3, "*")


def _table(session: Session, zone: Zone, sheet: Sheet, rows: Rows) -> tuple[list[str], list[list[Any]]]:
    words = cell_words(session, zone, with_phones=True)  # masked already
    cells = [[words(column, row.get(column.name)) for column in sheet.columns] for row in rows]
    return [column.zh for column in sheet.columns], cells


def _csv(session: Session, zone: Zone, sheet: Sheet, rows: Rows, path: Path) -> None:
    headings, cells = _table(session, zone, sheet, rows)
    # The byte order mark lets spreadsheets see that it is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows([plain_cell(cell) for cell in row] for row in cells)


def _xlsx(session: Session, zone: Zone, sheet: Sheet, rows: Rows, path: Path) -> None:
    path.write_bytes(write_workbook({sheet.zh: _table(session, zone, sheet, rows)}))


def _frame(zone: Zone, sheet: Sheet, rows: Rows) -> GeoDataFrame:
    columns = [column for column in sheet.columns if column.name not in {"lon", "lat"}]
    table = DataFrame({column.name: [row.get(column.name) for row in rows] for column in columns})
    for column in columns:
        numeric = column.kind in {"number", "whole"}
        table[column.name] = table[column.name].astype("float64" if numeric else object)
        if column.kind == "date":
            table[column.name] = [None if day is None else day.isoformat() for day in table[column.name]]
    places = [None if row["lon"] is None else shapely.Point(row["lon"], row["lat"]) for row in rows]
    return GeoDataFrame(table, geometry=places, crs=zone.storage_crs)


def _geojson(_session: Session, zone: Zone, sheet: Sheet, rows: Rows, path: Path) -> None:
    _vector(_frame(zone, sheet, rows), path, "GeoJSON", COORDINATE_PRECISION=15)


def _gpkg(_session: Session, zone: Zone, sheet: Sheet, rows: Rows, path: Path) -> None:
    _vector(_frame(zone, sheet, rows), path, "GPKG", layer=sheet.name)


def _vector(frame: GeoDataFrame, path: Path, driver: str, **options: Any) -> None:
    """Write beside, then put in place: a file that is there stays whole until the new one is."""
    with tempfile.TemporaryDirectory(prefix=".wangge-export-", dir=path.parent) as folder:
        written = Path(folder) / path.name
        pyogrio.write_dataframe(frame, written, driver=driver, geometry_type="Point", **options)
        written.replace(path)


_WRITERS: Mapping[str, Callable[[Session, Zone, Sheet, Rows, Path], None]] = {
    ".csv": _csv,
    ".geojson": _geojson,
    ".gpkg": _gpkg,
    ".xlsx": _xlsx,
}
