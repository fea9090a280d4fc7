"""Zip archives from strangers: looked through before a byte is unpacked, unpacked under a limit."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from geo.boundaries.limits import DEFAULT_LIMITS, Limits
from geo.errors import InvalidFile

ARCHIVE_SUFFIXES = frozenset(".zip .kmz .gz .bz2 .xz .7z .rar .tar .tgz .zst".split())
_BLOCK = 1024 * 1024
#: Left in archives by operating systems; of no use to anybody.
_CLUTTER = ("__MACOSX/", ".DS_Store", "Thumbs.db")


def unpack(archive: Path, into: Path, limits: Limits = DEFAULT_LIMITS) -> list[Path]:
    """Unpack a zip archive into an empty folder.

    Members are written under names of our own making (``0001.shp``): folder parts are dropped, the stem's
    place among the stems is kept, so that the files of one shapefile stay together.

    Returns
    -------
    list of Path
        Files written.

    Raises
    ------
    InvalidFile
        It is damaged, encrypted or nested; has members outside its folder, links, too many members or too
        many bytes; or unpacks suspiciously far.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _members(archive, opened, limits)
            return _write(archive, opened, members, into, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise InvalidFile(f"{archive.name} is no readable zip archive ({error}); pack it again") from error


def _members(archive: Path, opened: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    infos = opened.infolist()
    if len(infos) > limits.members:
        raise InvalidFile(
            f"{archive.name} holds {len(infos)} files; at most {limits.members} are read: pack only the layer"
        )
    for info in infos:
        _refuse_dangerous(archive, info)
    total = sum(info.file_size for info in infos)
    _refuse_too_much(archive, total, limits)
    return [info for info in infos if not info.is_dir() and not _is_clutter(info.filename)]


def _is_clutter(name: str) -> bool:
    return name.startswith(_CLUTTER[0]) or name.endswith(_CLUTTER[1:])


def _refuse_dangerous(archive: Path, info: zipfile.ZipInfo) -> None:
    name = info.filename.replace("\\", "/")
    path = PurePosixPath(name)
    if (
        path.is_absolute()
        or ".." in path.parts
        or (len(name) > 1 and name[1] == ":")
        or "\0" in info.orig_filename
    ):
        raise InvalidFile(
            f"{archive.name} names a file outside its own folder ({info.filename!r}); "
            "such an archive is not opened"
        )
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise InvalidFile(
            f"{archive.name} holds a link or device ({info.filename!r}); pack the file itself, not a link"
        )
    if info.flag_bits & 0x1:
        raise InvalidFile(f"{archive.name} is encrypted ({info.filename!r}); pack it without a password")
    if path.suffix.lower() in ARCHIVE_SUFFIXES:
        raise InvalidFile(
            f"{archive.name} holds another archive ({info.filename!r}); unpack that one, pack only the layer"
        )


def _refuse_too_much(archive: Path, unpacked: int, limits: Limits) -> None:
    packed = max(archive.stat().st_size, 1)
    if unpacked > limits.unpacked_bytes:
        raise InvalidFile(
            f"{archive.name} unpacks to more than {limits.unpacked_bytes / 1e6:.0f} MB; import it in parts"
        )
    if unpacked > limits.ratio_from_bytes and unpacked / packed > limits.unpacked_ratio:
        raise InvalidFile(
            f"{archive.name} ({packed / 1e6:.2f} MB) unpacks more than {limits.unpacked_ratio:.0f}-fold, "
            "like an archive bomb; if it is honest, unpack it yourself and import the file inside"
        )


def _write(
    archive: Path, opened: zipfile.ZipFile, members: list[zipfile.ZipInfo], into: Path, limits: Limits
) -> list[Path]:
    stems: dict[str, int] = {}
    written: list[Path] = []
    total = 0
    for info in members:
        path = PurePosixPath(info.filename.replace("\\", "/"))
        number = stems.setdefault(str(path.with_suffix("")).lower(), len(stems) + 1)
        target = into / f"{number:04d}{_plain_suffix(path)}"
        if target in written:
            raise InvalidFile(f"{archive.name} holds {info.filename!r} twice; pack it again")
        total = _write_member(archive, opened, info, target, total, limits)
        written.append(target)
    return written


def _plain_suffix(path: PurePosixPath) -> str:
    suffix = path.suffix.lower()
    return suffix if suffix[1:].isalnum() and suffix.isascii() else ".bin"


def _write_member(
    archive: Path, opened: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, total: int, limits: Limits
) -> int:
    """Write one member and count its bytes as they come: the sizes an archive states may be lies."""
    with opened.open(info) as source, target.open("xb") as sink:
        while block := source.read(_BLOCK):
            total += len(block)
            _refuse_too_much(archive, total, limits)
            sink.write(block)
    return total
