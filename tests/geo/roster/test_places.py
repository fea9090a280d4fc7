"""Places by CSV and vector files: the same rules, rows instead of cells, and round trips."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.boundaries.read import ReadOptions
from geo.crs import from_storage_xy
from geo.errors import InvalidInput
from geo.roster import export_places, import_people, import_places
from geo.roster.sheets import PLACES
from geo.store import tables
from tests.geo.roster.books import GRID, OTHER_GRID, save, sound
from tests.geo.roster.test_import import counts

HEAD = "阵地编码,名称,类别,经度,纬度\n"


def csv_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "sites.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("suffix", [".csv", ".geojson", ".gpkg", ".xlsx"])
@pytest.mark.parametrize("subject", sorted(PLACES))
def test_an_export_comes_back_unchanged(loader: Session, tmp_path: Path, subject: str, suffix: str) -> None:
    assert import_people(loader, save(tmp_path, sound()), commit=True).is_written
    before = counts(loader)
    file = tmp_path / f"places{suffix}"
    number = export_places(loader, subject, file)
    report = import_places(loader, subject, file, ReadOptions(), commit=True)
    assert not report.faults.kept
    assert (report.rows_read, report.rows_to_write) == (number, 0), report.figures
    assert number > 0
    assert counts(loader) == before


def test_sites_of_a_csv_are_filed_by_their_place(loader: Session, tmp_path: Path) -> None:
    file = csv_file(tmp_path, HEAD + "A,书屋,农家书屋,113.805,27.605\nB,外面,农家书屋,114.5,27.605\n", "gbk")
    report = import_places(loader, "sites", file, ReadOptions(encoding="GBK"), commit=True)
    assert report.is_written
    assert [(fault.rule, fault.row, fault.cell) for fault in report.warnings.kept] == [
        ("place-outside", 2, None)
    ]
    site = tables.ServiceSite
    assert dict(loader.execute(select(site.code, site.grid_code)).all()) == {"A": GRID, "B": None}


def test_coordinates_are_taken_in_the_crs_declared(loader: Session, tmp_path: Path) -> None:
    x, y = from_storage_xy([113.815], [27.605], storage_crs="EPSG:4490", crs="EPSG:4547")
    file = csv_file(tmp_path, f"{HEAD}A,书屋,农家书屋,{x[0]},{y[0]}\n")
    assert import_places(loader, "sites", file, ReadOptions(crs="EPSG:4547"), commit=True).is_written
    assert loader.scalar(select(tables.ServiceSite.grid_code)) == OTHER_GRID


def test_columns_may_be_mapped_and_others_are_named(loader: Session, tmp_path: Path) -> None:
    file = csv_file(tmp_path, "BM,mc,类别,经度,纬度\nA,书屋,农家书屋,113.805,27.605\n")
    report = import_places(loader, "sites", file, ReadOptions(mapping={"code": "BM", "name": "mc"}))
    assert not report.faults.kept
    assert report.rows_to_write == 1
    with pytest.raises(InvalidInput, match="no column"):
        import_places(loader, "sites", file, ReadOptions(mapping={"code": "XX"}))
    lacking = import_places(loader, "sites", file, ReadOptions())
    assert [fault.rule for fault in lacking.faults.kept] == ["column-missing", "column-missing"]
    assert [fault.column for fault in lacking.warnings.kept] == ["BM", "mc"]


def test_faults_name_the_row(loader: Session, tmp_path: Path) -> None:
    rows = "A,书屋,农家书屋,113.805,27.605\nB,书屋,游泳馆,113.805,27.605\nA,书屋,农家书屋,x,\n"
    report = import_places(loader, "sites", csv_file(tmp_path, HEAD + rows), ReadOptions(), commit=True)
    found = [(fault.rule, fault.row, fault.column) for fault in report.faults.kept]
    assert found == [
        ("list-unknown", 2, "类别"),
        ("code-repeated", 3, "阵地编码"),
        ("number-form", 3, "经度"),
        ("value-missing", 3, "纬度"),
    ]
    assert not report.is_written


def test_a_site_that_moves_is_filed_anew(loader: Session, tmp_path: Path) -> None:
    file = csv_file(tmp_path, HEAD + "A,书屋,农家书屋,113.805,27.605\n")
    assert import_places(loader, "sites", file, ReadOptions(), commit=True).is_written
    moved = csv_file(tmp_path, HEAD + "A,书屋,农家书屋,113.815,27.605\n")
    report = import_places(loader, "sites", moved, ReadOptions(), commit=True)
    assert report.figures["sites"] == "0 new, 1 changed, 0 as stored"
    assert loader.scalar(select(tables.ServiceSite.grid_code)) == OTHER_GRID


def test_another_suffix_is_not_written(loader: Session, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="not written"):
        export_places(loader, "sites", tmp_path / "sites.doc")
