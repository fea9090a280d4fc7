"""Arrays in a file that is mapped into memory: a checked header, then each array at its place.

The file begins with the mark, the length of the header and its checksum; the header is JSON and names each
array's type, shape, place and checksum. Numbers are little-endian.
"""

from __future__ import annotations

import json
import math
import os
import struct
import sys
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import InvalidFile

MARK = b"WANGGE-LOCATOR\r\n"
VERSION = 1
_PRELUDE = struct.Struct("<16sIQI")  # mark, version, length of the header, its checksum
_ALIGNMENT = 64
_MOST_HEADER = 1 << 20
_TYPES = ("<f8", "<i8", "<i4", "|u1")


def write(path: Path, kind: str, facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a file that is there whole or not at all."""
    entries, place = {}, 0
    for name, array in arrays.items():
        entries[name] = {
            "type": array.dtype.newbyteorder("<").str,
            "shape": list(array.shape),
            "place": place,
            "checksum": zlib.crc32(np.ascontiguousarray(array).data),
        }
        place += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
    header = json.dumps({"kind": kind, "facts": dict(facts), "arrays": entries, "length": place}).encode()
    header += b" " * (-(_PRELUDE.size + len(header)) % _ALIGNMENT)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(_PRELUDE.pack(MARK, VERSION, len(header), zlib.crc32(header)))
            file.write(header)
            for array in arrays.values():
                file.write(np.ascontiguousarray(array).data)
                file.write(b"\0" * (-array.nbytes % _ALIGNMENT))
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def read(path: Path, kind: str, *, verify: bool = True) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Map a file's arrays into memory, to be read only.

    Raises
    ------
    InvalidFile
        It is missing, none of ours, of another version, or damaged.
    """
    if sys.byteorder != "little":
        raise InvalidFile(
            f"{path.name}: saved indexes are read on little-endian machines only; build it anew"
        )
    try:
        with path.open("rb") as file:
            header, body = _read_header(path, file.read(_PRELUDE.size), file)
            size = os.fstat(file.fileno()).st_size
        if header["kind"] != kind:
            raise InvalidFile(f"{path.name} holds a {header['kind']}, not a {kind}; load it as what it is")
        if size != body + header["length"]:
            raise InvalidFile(
                f"{path.name} is {size} bytes long, not {body + header['length']}; build it anew"
            )
        mapped = np.memmap(path, dtype=np.uint8, mode="r")
    except OSError as error:
        raise InvalidFile(f"{path.name} cannot be read ({error.strerror}); build the index anew") from error
    arrays = {
        name: _array(path, mapped[body:], name, entry, verify) for name, entry in header["arrays"].items()
    }
    return header["facts"], arrays


def _read_header(path: Path, prelude: bytes, file: Any) -> tuple[dict[str, Any], int]:
    if len(prelude) < _PRELUDE.size or not prelude.startswith(MARK):
        raise InvalidFile(f"{path.name} is no saved index; write one with Locator.save")
    _, version, length, checksum = _PRELUDE.unpack(prelude)
    if version != VERSION:
        raise InvalidFile(f"{path.name} is of version {version}, this program reads {VERSION}; build it anew")
    raw = file.read(min(length, _MOST_HEADER))
    if len(raw) != length or zlib.crc32(raw) != checksum:
        raise InvalidFile(f"{path.name}: its header is damaged; build the index anew")
    return json.loads(raw), _PRELUDE.size + length


def _array(
    path: Path, body: NDArray[np.uint8], name: str, entry: Mapping[str, Any], verify: bool
) -> NDArray[Any]:
    count = math.prod(entry["shape"])
    kind = np.dtype(entry["type"])
    raw = body[entry["place"] : entry["place"] + count * kind.itemsize]
    if entry["type"] not in _TYPES or len(raw) != count * kind.itemsize:
        raise InvalidFile(f"{path.name}: array {name} does not fit its place; build the index anew")
    if verify and zlib.crc32(raw.data) != entry["checksum"]:
        raise InvalidFile(f"{path.name}: array {name} is damaged; build the index anew")
    array: NDArray[Any] = np.asarray(raw).view(kind).reshape(entry["shape"])
    return array
