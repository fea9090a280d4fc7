"""Workbooks that are none, or mean harm, are refused in words."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from geo.boundaries.limits import Limits
from geo.errors import InvalidFile
from geo.roster.rows import Unsaved
from geo.roster.workbooks import read_workbook
from tests.geo.roster.books import save, sound

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def changed(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A workbook with the bytes of its parts changed."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as sink:
        for name in source.namelist():
            sink.writestr(name, change(name, source.read(name)))
    return target


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return save(tmp_path, sound())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (OLE + b"\0" * 600, r"old \.xls format; save it as \.xlsx"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted; save it again without"),
        (b"code,name\n1,x\n", "no Excel workbook"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"", "is empty"),
    ],
    ids=["xls", "encrypted", "csv", "cut", "empty"],
)
def test_other_files_are_named(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "roster.xlsx"
    file.write_bytes(content)
    with pytest.raises(InvalidFile, match=words):
        read_workbook(file)


def test_another_office_file_is_no_workbook(tmp_path: Path) -> None:
    file = tmp_path / "letter.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    with pytest.raises(InvalidFile, match="no Excel workbook"):
        read_workbook(file)


def test_entities_are_not_opened(book: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'

    def declare(name: str, content: bytes) -> bytes:
        return bomb + content if name == "xl/worksheets/sheet1.xml" else content

    with pytest.raises(InvalidFile, match=r"changed\.xlsx declares an XML document type"):
        read_workbook(changed(book, declare))


def test_a_bomb_is_not_unpacked(book: Path) -> None:
    blanks = b" " * (20 * 1024**2)

    def blow_up(name: str, content: bytes) -> bytes:
        return content + blanks if name == "xl/worksheets/sheet1.xml" else content

    with pytest.raises(InvalidFile, match="like an archive bomb"):
        read_workbook(changed(book, blow_up))


def test_a_size_that_is_too_large_is_said(book: Path) -> None:
    with pytest.raises(InvalidFile, match="more than the 0 MB"):
        read_workbook(book, Limits(file_bytes=100))


def test_a_part_that_is_cut_off_is_damage(book: Path) -> None:
    def cut(name: str, content: bytes) -> bytes:
        return content[: len(content) // 2] if name == "xl/worksheets/sheet2.xml" else content

    with pytest.raises(InvalidFile, match=r"changed\.xlsx is damaged"):
        read_workbook(changed(book, cut))


@pytest.mark.parametrize("where", [b'r="A2000000000"', b'r="XFD2"'], ids=["rows", "columns"])
def test_cells_far_outside_are_refused_quickly(book: Path, where: bytes) -> None:
    row = b'<row r="2000000000">' if b"2000000000" in where else b'<row r="2">'
    far = b"<sheetData>" + row + b"<c " + where + b' t="n"><v>1</v></c></row></sheetData>'

    def move(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        start, end = content.index(b"<sheetData>"), content.index(b"</sheetData>") + len(b"</sheetData>")
        return content[:start] + far + content[end:]

    with pytest.raises(InvalidFile, match="beyond what is read"):
        read_workbook(changed(book, move))


def test_formulas_without_values_are_told_from_saved_ones(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["a", "b", "c"])
    sheet.append(["=1+1", "=2", "=IF(1,,)"])
    file = tmp_path / "formulas.xlsx"
    book.save(file)

    def save_values(name: str, content: bytes) -> bytes:
        return (
            content.replace(b"<f>2</f><v></v>", b"<f>2</f><v>2</v>")
            .replace(b"<f>2</f><v />", b"<f>2</f><v>2</v>")
            .replace(b'<c r="C2">', b'<c r="C2" t="str">')
        )

    rows = read_workbook(changed(file, save_values))[0].rows
    assert rows[2][:2] == (Unsaved(), 2)
    assert rows[2][2] in {None, ""}


def test_reading_leaves_the_workbook_as_it_is(book: Path) -> None:
    before = book.read_bytes()
    titles = [sheet.title for sheet in read_workbook(book)]
    assert titles == load_workbook(book).sheetnames
    assert book.read_bytes() == before
