"""A report as files: report.json, faults.csv for a spreadsheet, faults.gpkg for a map."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from geo.errors import InvalidInput
from geo.importer.report import ImportReport
from geo.model import Fault

_COLUMNS = ("severity", "sheet", "cell", "row", "rule", "column", "value", "message")


def write_report(report: ImportReport, folder: Path, *, crs: str) -> list[Path]:
    """Write a report into a folder, which is made if it is not there.

    ``faults.gpkg`` is written only when a finding has a place.

    Returns
    -------
    list of Path
        Files written.

    Raises
    ------
    InvalidInput
        The folder cannot be written to.
    """
    rows = [("error", fault) for fault in report.faults.kept]
    rows += [("warning", fault) for fault in report.warnings.kept]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = [_json(report, folder / "report.json"), _csv(rows, folder / "faults.csv")]
        drawn = _gpkg(rows, folder / "faults.gpkg", crs)
    except OSError as error:
        raise InvalidInput(f"the report cannot be written to {folder}: {error.strerror or error}") from error
    return [*written, *([drawn] if drawn else [])]


def _json(report: ImportReport, path: Path) -> Path:
    path.write_text(json.dumps(report.as_dict(), ensure_ascii=False, indent=2), encoding="utf-8")
    return path


def _csv(rows: list[tuple[str, Fault]], path: Path) -> Path:
    # The byte order mark lets spreadsheets see that it is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for severity, fault in rows:
            writer.writerow([plain_cell(cell) for cell in _cells(severity, fault)])
    return path


def _cells(severity: str, f: Fault) -> tuple[str | int | None, ...]:
    return severity, f.sheet, f.cell, f.row, f.rule, f.column, f.value, f.message


def plain_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula.

    >>> plain_cell("=1+1"), plain_cell("-x"), plain_cell(7), plain_cell(None)
    ("'=1+1", "'-x", 7, '')
    """
    if value is None:
        return ""
    if isinstance(value, str) and value.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "|", "%")):
        return f"'{value}"
    return value


def _gpkg(rows: list[tuple[str, Fault]], path: Path, crs: str) -> Path | None:
    placed = [(severity, fault) for severity, fault in rows if fault.geometry is not None]
    path.unlink(missing_ok=True)
    if not placed:
        return None
    table = pd.DataFrame([_cells(severity, fault) for severity, fault in placed], columns=_COLUMNS)
    frame = gpd.GeoDataFrame(table, geometry=[fault.geometry for _, fault in placed], crs=crs)
    pyogrio.write_dataframe(frame, path, layer="faults", driver="GPKG", geometry_type="Unknown")
    return path
