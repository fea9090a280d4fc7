"""A file as given by a user, made safe to open: local, real, of a known format, within limits."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from geo.boundaries.archives import unpack
from geo.boundaries.limits import DEFAULT_LIMITS, Limits
from geo.boundaries.signatures import FORMATS, Format, format_of
from geo.errors import InvalidFile

_PACKED = {".zip": "zip archive", ".kmz": "KMZ"}
#: Files that belong to one layer, beside the file that is named.
_SIBLINGS = {
    ".shp": (".dbf", ".shx", ".prj", ".cpg"),
    ".tab": (".dat", ".map", ".id", ".ind"),
    ".mif": (".mid",),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file that may be opened.

    Attributes
    ----------
    name
        Name the user knows it by, without folder.
    path
        Where to open it: a plain name in a folder of our own.
    format
        What it is, verified.
    """

    name: str
    path: Path
    format: Format

    @property
    def siblings(self) -> dict[str, Path]:
        """Files of the same layer by suffix, those that are there."""
        suffixes = _SIBLINGS.get(self.path.suffix, ())
        return {s: self.path.with_suffix(s) for s in suffixes if self.path.with_suffix(s).exists()}


@contextmanager
def open_source(path: str | Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[Source]:
    """Make a user's file safe to open for the length of the block.

    The file is seen through a folder of our own under a plain name, together with the files of its layer and
    nothing else: neither its name nor its neighbours can tell GDAL to do anything.

    Raises
    ------
    InvalidFile
        It is no local file, too large, of an unknown format, not what its suffix says, or a bad archive.
    """
    file = local_file(path, limits)
    with tempfile.TemporaryDirectory(prefix="wangge-import-") as folder:
        room = Path(folder)
        inside = _unpacked(file, room, limits) if file.suffix.lower() in _PACKED else _linked(file, room)
        try:
            yield Source(file.name, inside, format_of(inside))
        except InvalidFile as error:
            if inside.name in str(error) and inside.name != file.name:
                raise InvalidFile(str(error).replace(inside.name, file.name)) from error
            raise


def local_file(path: str | Path, limits: Limits = DEFAULT_LIMITS) -> Path:
    """The path of a real file on this machine.

    Raises
    ------
    InvalidFile
        It is a connection string, an address, missing, empty, a folder or a device, or too large.
    """
    text = str(path)
    if "\0" in text or re.match(r"(?i)/?vsi[a-z0-9_]+[/:]|[a-z][a-z0-9+.-]{1,30}:", text):
        raise InvalidFile(
            f"{text[:60]!r} is an address or a connection, not a file on this machine; "
            "save it here and import that"
        )
    try:
        return _whole(Path(path), text, limits)
    except OSError as error:
        raise InvalidFile(f"{text[:200]} cannot be read: {error.strerror or error}") from error


def _whole(file: Path, text: str, limits: Limits) -> Path:
    if file.is_dir():
        raise InvalidFile(f"{file.name} is a folder; name the file inside it")
    if not file.is_file():
        raise InvalidFile(f"{text[:200]}: there is no such file")
    with file.open("rb"):  # not one that only others may read
        size = file.stat().st_size
    if size == 0:
        raise InvalidFile(f"{file.name} is empty")
    if size > limits.file_bytes:
        raise InvalidFile(
            f"{file.name} has {size / 1e6:.0f} MB, more than the {limits.file_bytes / 1e6:.0f} MB that are "
            "read; import it in parts"
        )
    return file.resolve()


def _linked(file: Path, room: Path) -> Path:
    suffix = _suffix(file)
    inside = room / f"source{suffix}"
    inside.symlink_to(file)
    wanted = {f"{file.stem}{s}".lower(): s for s in _SIBLINGS.get(suffix, ())}
    for neighbour in file.parent.iterdir() if wanted else ():
        sibling = wanted.get(neighbour.name.lower())
        link = room / f"source{sibling}"
        if sibling and neighbour.is_file() and not link.exists():
            link.symlink_to(neighbour.resolve())
    return inside


def _suffix(file: Path) -> str:
    """The suffix that says the format; compressed tables keep theirs under the .gz."""
    suffix, inner = file.suffix.lower(), Path(file.stem).suffix.lower()
    return inner if suffix == ".gz" and inner in {".csv", ".tsv", ".txt"} else suffix


def _unpacked(archive: Path, room: Path, limits: Limits) -> Path:
    written = unpack(archive, room, limits)
    readable = [path for path in written if path.suffix in FORMATS and path.suffix != ".txt"]
    shapes = [path for path in readable if path.suffix == ".shp"]
    candidates = shapes or readable
    if archive.suffix.lower() == ".kmz":
        candidates = [path for path in readable if path.suffix == ".kml"][:1]
    if len(candidates) != 1:
        found = "no layer that can be read" if not candidates else f"{len(candidates)} layers"
        raise InvalidFile(f"{archive.name} holds {found}; pack exactly one shapefile or one other layer")
    return candidates[0]
