"""Workbooks from strangers: looked through before they are opened, then read value by value."""

from __future__ import annotations

import re
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from geo.boundaries.archives import unpack
from geo.boundaries.limits import Limits
from geo.boundaries.signatures import xml_root
from geo.boundaries.sources import local_file
from geo.errors import InvalidFile
from geo.roster.rows import ERRORS, Unsaved

WORKBOOK_LIMITS = Limits(file_bytes=100 * 1024**2, unpacked_bytes=1024**3)
SUFFIXES = (".xlsx", ".xlsm")
#: More than any roster; a few bytes of a workbook can claim a billion cells.
MOST_COLUMNS, MOST_ROWS, MOST_FILLED = 1_000, 1_048_576, 500_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


@dataclass(frozen=True)
class RawSheet:
    """A sheet as it stands.

    Attributes
    ----------
    rows
        Filled rows by their number, 1 first; a value is text, a number, a date or time, an ``Unsaved``
        formula or None.
    """

    title: str
    rows: dict[int, tuple[Any, ...]]


def read_workbook(path: str | Path, limits: Limits = WORKBOOK_LIMITS) -> list[RawSheet]:
    """Read all sheets of a workbook; formulas by the values saved with them, nothing is computed.

    Raises
    ------
    InvalidFile
        It is no workbook, encrypted, of the old format, damaged, hostile or too large.
    """
    file = local_file(path, limits)
    with_formulas = _look_through(file, limits)
    sheets = _read(file, data_only=True)
    if not with_formulas:
        return sheets
    return [
        _unsaved(values, formulas)
        for values, formulas in zip(sheets, _read(file, data_only=False), strict=True)
    ]


def _look_through(file: Path, limits: Limits) -> bool:
    """Refuse what is hostile; say whether there are formulas."""
    _refuse_other_formats(file)
    with tempfile.TemporaryDirectory(prefix="wangge-roster-") as folder:
        parts = unpack(file, Path(folder), limits)
        try:
            for part in parts:
                if part.suffix in {".xml", ".rels", ".vml"}:
                    xml_root(part)
        except InvalidFile as error:
            raise InvalidFile(str(error).replace(part.name, file.name)) from error
        return any(_FORMULA.search(part.read_bytes()) for part in parts if part.suffix == ".xml")


def _refuse_other_formats(file: Path) -> None:
    with file.open("rb") as opened:
        head = opened.read(8)
    if head == _OLE:
        if _ENCRYPTED in file.read_bytes():
            raise InvalidFile(f"{file.name} is encrypted; save it again without a password")
        raise InvalidFile(f"{file.name} is a workbook of the old .xls format; save it as .xlsx")
    if not head.startswith(b"PK") or not _has_workbook(file):
        raise InvalidFile(f"{file.name} is no Excel workbook (.xlsx); save it as one")


def _has_workbook(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as opened:
            return "xl/workbook.xml" in opened.namelist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InvalidFile(f"{file.name} is damaged ({error}); save it again") from error


@contextmanager
def _opened(file: Path, *, data_only: bool) -> Iterator[Workbook]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of drop-downs and styles we do not need
        try:
            book = load_workbook(file, read_only=True, data_only=data_only, keep_links=False)
            try:
                yield book
            finally:
                book.close()
        except InvalidFile:
            raise
        except (
            InvalidFileException,
            zipfile.BadZipFile,
            ParseError,
            KeyError,
            ValueError,
            TypeError,
            AttributeError,
            IndexError,
            OverflowError,
            EOFError,
            OSError,
        ) as error:
            raise InvalidFile(f"{file.name} is damaged ({str(error)[:200]}); save it again") from error


def _read(file: Path, *, data_only: bool) -> list[RawSheet]:
    with _opened(file, data_only=data_only) as book:
        return [
            RawSheet(sheet.title, _rows(file, sheet, formulas=not data_only)) for sheet in book.worksheets
        ]


def _rows(file: Path, sheet: Any, *, formulas: bool) -> dict[int, tuple[Any, ...]]:
    sheet.reset_dimensions()  # what a workbook says of its own size may be a lie
    filled: dict[int, tuple[Any, ...]] = {}
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if len(row) > MOST_COLUMNS or number > MOST_ROWS or len(filled) > MOST_FILLED:
            raise InvalidFile(
                f"{file.name}, sheet {sheet.title}: row {number} is beyond what is read (at most "
                f"{MOST_COLUMNS} columns, {MOST_FILLED} filled rows); remove what stands outside the table"
            )
        values = tuple(_formula(cell) if formulas else _value(cell) for cell in row)
        if any(value not in {None, ""} for value in values):
            filled[number] = values
    return filled


def _value(cell: Any) -> Any:
    value = cell.value
    if value is None and cell.data_type == "str":
        return ""  # a formula with an empty text saved: empty, but saved
    return (value.strip() or None) if isinstance(value, str) else value


def _formula(cell: Any) -> Any:
    return Unsaved() if cell.data_type == "f" else None


def _unsaved(values: RawSheet, formulas: RawSheet) -> RawSheet:
    """Put a mark where a formula stands and no value does."""
    rows = dict(values.rows)
    for number, marks in formulas.rows.items():
        pairs = zip_longest(rows.get(number, ()), marks)
        rows[number] = tuple(mark if value is None else value for value, mark in pairs)
    return RawSheet(values.title, dict(sorted(rows.items())))


def is_error(value: Any) -> bool:
    """Whether a cell holds an Excel error."""
    return isinstance(value, str) and value.upper() in ERRORS
