"""The template is a clean no-op; what is exported comes back without changing anything."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.roster import export_people, import_people, template_workbook
from geo.roster.sheets import SHEETS
from tests.database import TestDatabase, disposed
from tests.geo.roster.books import save, sound
from tests.geo.roster.test_import import counts


def saved(folder: Path, content: bytes, name: str) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_an_untouched_template_is_a_clean_no_op(loader: Session, tmp_path: Path) -> None:
    file = saved(tmp_path, template_workbook(loader), "template.xlsx")
    before = counts(loader)
    report = import_people(loader, file, commit=True)
    assert not report.faults.kept
    assert not report.warnings.kept
    assert (report.rows_read, report.rows_to_write, report.is_written) == (0, 0, False)
    assert counts(loader) == before


def test_the_template_explains_every_column_and_offers_the_lists(loader: Session) -> None:
    book = load_workbook(io.BytesIO(template_workbook(loader)))
    assert book.sheetnames == ["说明", *(sheet.zh for sheet in SHEETS), "_列表"]
    assert book["_列表"].sheet_state == "hidden"
    for what in SHEETS:
        sheet = book[what.zh]
        assert sheet.max_row == 1
        ruled = {str(rule.sqref)[0] for rule in sheet.data_validations.dataValidation}
        for place, column in enumerate(what.columns):
            cell = sheet.cell(1, place + 1)
            assert cell.value.removesuffix("（必填）") == column.zh
            assert column.name in cell.comment.text
            assert (cell.column_letter in ruled) == bool(column.listed or column.words)
            if column.kind == "code":
                assert sheet.column_dimensions[cell.column_letter].number_format == "@"
    posts = [
        cell.value for column in book["_列表"].columns if column[0].value == "posts" for cell in column[1:]
    ]
    assert "网格长" in posts


def test_what_is_typed_into_the_template_is_read(loader: Session, tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(template_workbook(loader)))
    for title, rows in sound().items():
        for row in rows:
            book[title].append(list(row.values()))
    file = tmp_path / "filled.xlsx"
    book.save(file)
    report = import_people(loader, file, commit=True)
    assert not report.faults.kept
    assert report.is_written


def test_an_export_changes_nothing_when_it_comes_back(loader: Session, tmp_path: Path) -> None:
    assert import_people(loader, save(tmp_path, sound()), commit=True).is_written
    loader.execute(text("UPDATE person SET name = '=HYPERLINK(1)' WHERE code = 'R1'"))
    before = counts(loader)
    for with_phones in (False, True):
        content = export_people(loader, with_phones=with_phones)
        report = import_people(loader, saved(tmp_path, content, "export.xlsx"), commit=True)
        assert not report.faults.kept
        assert report.rows_to_write == 0, report.figures
        assert counts(loader) == before
    people = load_workbook(io.BytesIO(export_people(loader)))["人员"]
    assert people["B2"].data_type == "s"


def test_an_export_masks_telephones_unless_asked(loader: Session, tmp_path: Path) -> None:
    assert import_people(loader, save(tmp_path, sound()), commit=True).is_written

    def phones(content: bytes) -> set[str]:
        book = load_workbook(io.BytesIO(content))
        words = {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value}
        return {word for word in words if word.startswith("0799")}

    assert phones(export_people(loader)) == set()
    assert phones(export_people(loader, with_phones=True)) >= {"0799-0000001", "0799-0000003", "0799-1"}


def test_an_export_of_another_day_shows_that_day(loader: Session, tmp_path: Path) -> None:
    assert import_people(loader, save(tmp_path, sound()), commit=True).is_written
    held = load_workbook(io.BytesIO(export_people(loader, as_of=date(2026, 2, 28))))["任职"]
    assert [cell.value for cell in held["A"][1:]] == ["R1"]


def test_the_demo_comes_back_unchanged(demo_database: TestDatabase, tmp_path: Path) -> None:
    with disposed(demo_database.urls.app) as engine, Session(engine) as app:
        content = export_people(app, with_phones=True)
    with disposed(demo_database.urls.loader) as engine, Session(engine) as loader:
        report = import_people(loader, saved(tmp_path, content, "demo.xlsx"), commit=True)
        assert not report.faults.kept
        assert report.rows_to_write == 0, report.figures
        loader.rollback()
