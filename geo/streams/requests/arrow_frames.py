"""The messages of an Arrow stream, looked at before they are believed.

A message says itself how long its body is, and a compressed one how far it unpacks; both could be lies that
cost all memory. Layout: https://arrow.apache.org/docs/format/Columnar.html, Message.fbs.
"""

from __future__ import annotations

import io
import struct

from geo.errors import InvalidFile
from geo.streams.json_items import Readable

_CONTINUED = 0xFFFFFFFF
_DICTIONARY, _BATCH = 2, 3
_MOST_METADATA = 16 * 1024 * 1024


class CheckedStream(io.RawIOBase):
    """An Arrow stream as a file that gives only whole messages of a bearable size.

    Parameters
    ----------
    most_bytes
        Most that the body of one message may have.
    """

    def __init__(self, source: Readable, most_bytes: int) -> None:
        super().__init__()
        self._source, self._most = source, most_bytes
        self._message, self._at, self._ended = b"", 0, False

    def readable(self) -> bool:
        """As files say it."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes, fewer only at the end."""
        taken = b""
        while len(taken) < size or size < 0:
            if self._at == len(self._message):
                self._message, self._at = self._next(), 0
                if not self._message:
                    break
            end = len(self._message) if size < 0 else self._at + size - len(taken)
            piece = self._message[self._at : end]
            self._at += len(piece)
            taken += piece
        return taken

    def _next(self) -> bytes:
        """One message with its frame; nothing at the end."""
        if self._ended:
            return b""
        prefix = self._source.read(8)
        if not prefix:
            return b""
        if len(prefix) < 8:
            raise _cut_off()
        mark, size = struct.unpack("<II", prefix)
        if mark != _CONTINUED:
            raise InvalidFile("the body is no Arrow IPC stream; send that format, not a file of it")
        if size == 0:
            self._ended = True
            return prefix
        if size > _MOST_METADATA:
            raise InvalidFile(f"an Arrow message has {size:,} bytes of metadata; send fewer columns")
        metadata = self._exactly(size)
        try:
            body = _body_bytes(metadata)
        except (struct.error, IndexError) as error:
            raise InvalidFile("the body is no Arrow IPC stream, or damaged; write it again") from error
        if not 0 <= body <= self._most:
            raise InvalidFile(
                f"an Arrow batch has {body:,} bytes, more than {self._most:,}; send smaller batches"
            )
        return prefix + metadata + self._exactly(body)

    def _exactly(self, size: int) -> bytes:
        got = self._source.read(size) if size else b""
        if len(got) < size:
            raise _cut_off()
        return got


def _cut_off() -> InvalidFile:
    return InvalidFile("the Arrow stream ends in the middle of a message; send it whole")


def _body_bytes(metadata: bytes) -> int:
    """Length of the body a message announces; compressed ones are refused."""
    (root,) = struct.unpack_from("<I", metadata, 0)
    kind_at, header_at = _member(metadata, root, 1), _member(metadata, root, 2)
    kind = metadata[kind_at] if kind_at else 0
    if header_at and kind in {_DICTIONARY, _BATCH}:
        batch = _followed(metadata, header_at)
        if kind == _DICTIONARY:
            data_at = _member(metadata, batch, 1)
            batch = _followed(metadata, data_at) if data_at else 0
        if batch and _member(metadata, batch, 3):
            raise InvalidFile("the Arrow stream is compressed; send it without compression")
    length_at = _member(metadata, root, 3)
    return int(struct.unpack_from("<q", metadata, length_at)[0]) if length_at else 0


def _member(buffer: bytes, table: int, slot: int) -> int:
    """Where a member of a flatbuffer table stands; 0 when it is left out."""
    (back,) = struct.unpack_from("<i", buffer, table)
    at = table - back
    if at < 0:
        raise IndexError(at)
    (size,) = struct.unpack_from("<H", buffer, at)
    if 4 + 2 * slot >= size:
        return 0
    (offset,) = struct.unpack_from("<H", buffer, at + 4 + 2 * slot)
    return table + int(offset) if offset else 0


def _followed(buffer: bytes, at: int) -> int:
    return at + int(struct.unpack_from("<I", buffer, at)[0])
