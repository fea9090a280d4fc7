"""CSV as it comes: any delimiter, byte order marks, GBK, decimal commas, compressed; read block by block."""

from __future__ import annotations

import csv as std_csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute as pc
from pyarrow import csv

from geo.boundaries.encodings import Encoding, declared_encoding, find_encoding
from geo.boundaries.limits import DEFAULT_LIMITS, Limits
from geo.errors import InvalidFile

SAMPLE_BYTES = 256 * 1024
_BLOCK_BYTES = 8 * 1024 * 1024
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written."""

    encoding: Encoding
    delimiter: str
    columns: tuple[str, ...]


def read_dialect(path: Path, encoding: str | None, limits: Limits = DEFAULT_LIMITS) -> Dialect:
    """Find out how a CSV file is written, from its first quarter of a megabyte.

    Raises
    ------
    InvalidFile
        Its encoding cannot be told, or it has no header line.
    """
    try:
        with _opened(path, limits) as file:
            sample = file.read(SAMPLE_BYTES)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InvalidFile(f"{path.name} is damaged gzip ({error}); pack it again") from error
    return dialect_of(sample, encoding, path.name)


def dialect_of(sample: bytes, encoding: str | None, name: str) -> Dialect:
    """Find out how CSV is written from how it begins.

    Raises
    ------
    InvalidFile
        Its encoding cannot be told, or it has no header line.
    """
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        found = Encoding("utf-16", "byte order mark")
    elif encoding is not None:
        found = declared_encoding(encoding, "declared by --encoding")
    else:
        found = find_encoding([sample], name)
    text = sample.decode(found.name, errors="replace").removeprefix("\ufeff")
    delimiter = _delimiter(text)
    header = next(
        std_csv.reader(io.StringIO(text.splitlines()[0] if text.strip() else ""), delimiter=delimiter), []
    )
    columns = tuple(heading.strip() for heading in header)
    if not columns or not all(columns):
        raise InvalidFile(f"{name}: the first line has to name every column; it reads {text[:80]!r}")
    if len(set(columns)) < len(columns):
        raise InvalidFile(f"{name}: the first line names a column twice ({', '.join(columns)})")
    return Dialect(found, delimiter, columns)


def _delimiter(text: str) -> str:
    """The sign that the header has most of, outside quotes."""
    header = re.sub(r'"[^"]*"', "", text.splitlines()[0]) if text.strip() else ""
    return max(_DELIMITERS, key=header.count)


def read_blocks(
    path: Path, dialect: Dialect, limits: Limits = DEFAULT_LIMITS, only: list[str] | None = None
) -> Iterator[pa.Table]:
    """Read a CSV file block by block; every column is text, empty fields are null.

    Parameters
    ----------
    only
        Columns wanted; all when None.

    Raises
    ------
    InvalidFile
        A line has too many or too few fields, or the text is not in the encoding found.
    """
    options = {
        "read_options": csv.ReadOptions(
            block_size=_BLOCK_BYTES,
            column_names=list(dialect.columns),
            skip_rows=1,
            encoding=dialect.encoding.name,
        ),
        "parse_options": csv.ParseOptions(delimiter=dialect.delimiter, newlines_in_values=True),
        "convert_options": csv.ConvertOptions(
            column_types={name: pa.string() for name in dialect.columns},
            strings_can_be_null=True,
            null_values=[""],
            include_columns=only,
        ),
    }
    try:
        with _opened(path, limits) as file, csv.open_csv(file, **options) as reader:
            for batch in reader:
                yield pa.Table.from_batches([batch])
    except (pa.ArrowInvalid, UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InvalidFile(
            f"{path.name} cannot be read as CSV in {dialect.encoding.shown} with delimiter "
            f"{dialect.delimiter!r}: {str(error)[:300]}"
        ) from error


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[BinaryIO]:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield _Counted(unpacked, path.name, limits)  # type: ignore[misc]
        else:
            yield file


class _Counted(io.RawIOBase):
    """A compressed stream that refuses to grow beyond the limit."""

    def __init__(self, inner: gzip.GzipFile, name: str, limits: Limits) -> None:
        super().__init__()
        self._inner, self._name, self._limits, self._seen = inner, name, limits, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self._inner.read(size)
        self._seen += len(block)
        if self._seen > self._limits.unpacked_bytes:
            raise InvalidFile(
                f"{self._name} unpacks to more than {self._limits.unpacked_bytes / 1e6:.0f} MB; "
                "import it in parts"
            )
        return block


def numbers(values: pa.ChunkedArray) -> NDArray[np.float64]:
    """Numbers from text, with decimal points or commas; NaN where there is none.

    >>> numbers(pa.chunked_array([["113,85", " 27.6", "", None, "x"]]))
    array([113.85,  27.6 ,    nan,    nan,    nan])
    """
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return np.asarray(pc.cast(values, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    trimmed = pc.utf8_trim_whitespace(values)
    for texts in (trimmed, pc.replace_substring(trimmed, ",", ".")):
        try:
            return np.asarray(pc.cast(texts, pa.float64()).to_numpy(), dtype=np.float64)
        except pa.ArrowInvalid:
            continue
    return np.array([_number(text) for text in trimmed.to_pylist()], dtype=np.float64)


def _number(text: str | None) -> float:
    try:
        return float(text.replace(",", ".")) if text and "_" not in text else np.nan
    except ValueError:
        return np.nan
