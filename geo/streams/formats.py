"""Formats by the suffix of a file's name, and what its first bytes must be."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from geo.errors import InvalidFile


class Form(StrEnum):
    """How rows are written down."""

    CSV = "CSV"
    GEOJSON = "GeoJSON"
    GEOJSON_LINES = "GeoJSON lines"
    NDJSON = "NDJSON"
    PARQUET = "Parquet"
    GPKG = "GeoPackage"
    ARROW_FILE = "Arrow file"
    ARROW_STREAM = "Arrow stream"


_SUFFIXES = {
    ".csv": Form.CSV,
    ".csv.gz": Form.CSV,
    ".tsv": Form.CSV,
    ".tsv.gz": Form.CSV,
    ".geojson": Form.GEOJSON,
    ".json": Form.GEOJSON,
    ".geojsonl": Form.GEOJSON_LINES,
    ".geojsons": Form.GEOJSON_LINES,
    ".geojsonseq": Form.GEOJSON_LINES,
    ".ndjson": Form.NDJSON,
    ".jsonl": Form.NDJSON,
    ".parquet": Form.PARQUET,
    ".geoparquet": Form.PARQUET,
    ".gpkg": Form.GPKG,
    ".arrow": Form.ARROW_FILE,
    ".feather": Form.ARROW_FILE,
    ".arrows": Form.ARROW_STREAM,
}
_SIGNATURES = {
    Form.PARQUET: b"PAR1",
    Form.ARROW_FILE: b"ARROW1",
    Form.GPKG: b"SQLite format 3\0",
}
#: Formats whose rows carry a geometry of their own kind.
MAP_FORMS = frozenset({Form.GEOJSON, Form.GEOJSON_LINES, Form.GPKG})


def suffix_of(path: Path) -> str:
    """The suffix that says the format; compressed tables keep theirs before ``.gz``.

    >>> suffix_of(Path("12345.CSV.gz"))
    '.csv.gz'
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return "".join(suffixes[-2:]) if suffixes[-1:] == [".gz"] else "".join(suffixes[-1:])


def form_of(path: Path) -> Form:
    """The format that a file's name promises.

    Raises
    ------
    InvalidFile
        It is none of ours.
    """
    form = _SUFFIXES.get(suffix_of(path))
    if form is None:
        raise InvalidFile(
            f"{path.name}: files of kind {suffix_of(path) or 'without suffix'!r} are not geocoded; "
            f"use one of {' '.join(_SUFFIXES)}"
        )
    return form


def check_signature(path: Path, form: Form) -> None:
    """Hold a file's first bytes against its name.

    Raises
    ------
    InvalidFile
        They are those of another format.
    """
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith(b"FEA1"):
        raise InvalidFile(f"{path.name} is Feather of version 1, which is not read; save it as version 2")
    wanted = _SIGNATURES.get(form)
    if wanted is not None and not head.startswith(wanted):
        raise InvalidFile(
            f"{path.name} is not what its suffix says: it does not begin like {form}; "
            "save it again in that format, or give it its right suffix"
        )
