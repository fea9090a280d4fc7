"""The items of one long JSON array, one after the other, without reading the rest into memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.errors import InvalidFile

Bytes = NDArray[np.uint8]
Positions = NDArray[np.int64]
BLOCK_BYTES = 1024 * 1024
_HEAD_BYTES = 256 * 1024
_MOST_BLANKS = 64
_BLANKS = " \t\r\n"
_BLANK_BYTES = b" \t\r\n\x1e"
_COMMA, _QUOTE, _ESCAPE, _BREAK = 0x2C, 0x22, 0x5C, 0x0A


class Readable(Protocol):
    """Whatever gives bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes; none at the end."""


@dataclass(frozen=True)
class Items:
    """Some items as they are written.

    Attributes
    ----------
    text
        They and what separates them.
    starts, ends
        Where each begins and ends in it, blanks included.
    """

    text: bytes
    starts: Positions
    ends: Positions

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def is_gapless(self) -> bool:
        """Whether one byte stands between each two, such as a comma or a line break."""
        return bool((self.starts[1:] == self.ends[:-1] + 1).all())

    def slices(self) -> list[bytes]:
        """Each by itself."""
        text = self.text
        return [text[i:j] for i, j in zip(self.starts.tolist(), self.ends.tolist(), strict=True)]

    def trimmed(self) -> Items | None:
        """The same without blanks around them; None when one is empty or there are very many blanks."""
        text = np.frombuffer(self.text, dtype=np.uint8)
        starts, ends = self.starts.copy(), self.ends.copy()
        for _ in range(_MOST_BLANKS):
            if (starts >= ends).any():
                return None
            before, after = _IS_BLANK[text[starts]], _IS_BLANK[text[ends - 1]]
            if not (before.any() or after.any()):
                return Items(self.text, starts, ends)
            starts += before
            ends -= after
        return None

    def compact(self, *, less: int = 0) -> pa.LargeBinaryArray:
        """Each by itself as Arrow data, ``less`` bytes left out at the end."""
        text = np.frombuffer(self.text, dtype=np.uint8)
        steps = np.zeros(len(text) + 1, dtype=np.int8)
        steps[self.starts] = 1
        steps[self.ends - less] = -1
        kept = text[np.cumsum(steps[:-1], dtype=np.int8).view(bool)]
        offsets = np.append(0, np.cumsum(self.ends - less - self.starts))
        return pa.LargeBinaryArray.from_buffers(
            pa.large_binary(), len(self), [None, pa.py_buffer(offsets), pa.py_buffer(kept)]
        )

    def all_within(self, opened: int, closed: int) -> bool:
        """Whether each begins and ends with these bytes."""
        text = np.frombuffer(self.text, dtype=np.uint8)
        return bool((text[self.starts] == opened).all() and (text[self.ends - 1] == closed).all())

    def joined(self) -> bytes:
        """All of them as one array."""
        return b"[%b]" % self.text[: self.ends[-1]] if len(self) else b"[]"


@dataclass
class JsonItems:
    """A document that is an array, or an object with an array under one of some keys.

    Attributes
    ----------
    key
        Under which key the array stands; None when the document is the array.
    members
        Members of the object that stand before the array.
    """

    source: Readable
    name: str
    most_bytes: int
    key: str | None = None
    members: dict[str, Any] = field(default_factory=dict)
    _rest: bytes = b""

    @classmethod
    def open(
        cls, source: Readable, keys: Sequence[str], *, name: str, most_bytes: int = 64 * 1024 * 1024
    ) -> JsonItems:
        """Read up to the first item.

        Parameters
        ----------
        keys
            Under which the array may stand.
        most_bytes
            Most that one item may have.

        Raises
        ------
        InvalidFile
            It is no JSON of that kind.
        """
        items = cls(source, name, most_bytes)
        head = source.read(_HEAD_BYTES).removeprefix(b"\xef\xbb\xbf")
        while len(head) < _HEAD_BYTES and (more := source.read(_HEAD_BYTES - len(head))):
            head += more
        start = items._find_array(head.decode("utf-8", errors="surrogateescape"), keys)
        items._rest = head[start:]
        return items

    def _find_array(self, head: str, keys: Sequence[str]) -> int:
        """Where the first item begins, in bytes."""
        scanner = json.JSONDecoder()
        at = _skip(head, 0)
        try:
            if head[at] == "[":
                return len(head[: at + 1].encode("utf-8", errors="surrogateescape"))
            if head[at] != "{":
                raise self._unfit("it is neither an array nor an object")
            at = _skip(head, at + 1)
            while head[at] != "}":
                key, at = scanner.raw_decode(head, at)
                at = _skip(head, at)
                if head[at] != ":" or not isinstance(key, str):
                    raise self._unfit(f"a colon is missing after {str(key)[:40]!r}")
                at = _skip(head, at + 1)
                if key in keys and head[at] == "[":
                    self.key = key
                    return len(head[: at + 1].encode("utf-8", errors="surrogateescape"))
                self.members[key], at = scanner.raw_decode(head, at)
                at = _skip(head, at)
                at = _skip(head, at + 1) if head[at] == "," else at
        except (ValueError, IndexError, RecursionError) as error:
            raise self._unfit(f"{error} within its first {len(head):,} characters") from error
        raise self._unfit("it has no such member")

    def _unfit(self, why: str) -> InvalidFile:
        return InvalidFile(f"{self.name} is no JSON with an array of rows: {why}")

    def __iter__(self) -> Iterator[Items]:
        """Items as they are written, about a megabyte at a time.

        Raises
        ------
        InvalidFile
            The array does not end, or an item is longer than ``most_bytes``.
        """
        waiting, first = self._rest, True
        while True:
            items, used, ended = split(waiting)
            # an array without items holds one blank
            empty = ended and first and len(items) == 1 and not items.slices()[0].strip()
            first = first and not len(items)
            if len(items) and not empty:
                yield items
            waiting = waiting[used:]
            if ended:
                self._check_end(waiting)
                return
            if len(waiting) > self.most_bytes:
                raise InvalidFile(
                    f"{self.name}: one row has more than {self.most_bytes:,} bytes; send smaller ones"
                )
            more = self.source.read(BLOCK_BYTES)
            if not more:
                raise InvalidFile(
                    f"{self.name} ends in the middle of its array; it is cut off: save it again"
                )
            waiting += more

    def _check_end(self, rest: bytes) -> None:
        """What follows the array must close the document."""
        while len(rest) < _HEAD_BYTES and (more := self.source.read(_HEAD_BYTES)):
            rest += more
        text = rest.strip()
        if self.key is None:
            fits = not text
        else:
            try:
                fits = isinstance(json.loads(b'{"":0' + text), dict)
            except (ValueError, RecursionError):
                fits = False
        if not fits:
            raise InvalidFile(f"{self.name} is damaged after its array of rows; save it again")


def line_items(block: bytes) -> Items:
    r"""Lines that are not blank; the last may be without its end.

    >>> line_items(b'{}\n\n[1]').slices()
    [b'{}', b'[1]']
    """
    text = np.frombuffer(block, dtype=np.uint8)
    breaks = np.flatnonzero(text == _BREAK)
    ends = breaks if not len(text) or text[-1] == _BREAK else np.append(breaks, len(text))
    starts = np.append(0, ends[:-1] + 1) if len(ends) else ends
    items = Items(block, starts, ends)
    if items.trimmed() is not None:
        return items
    held = np.array([bool(one.strip(_BLANK_BYTES)) for one in items.slices()], dtype=bool)
    return Items(block, starts[held], ends[held])


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANKS:
        at += 1
    return at


def split(block: bytes) -> tuple[Items, int, bool]:
    """Cut a piece of an array's inside into its items.

    Returns
    -------
    items : Items
        Those that are whole.
    used : int
        Bytes up to and with the comma or bracket after the last of them.
    ended : bool
        Whether the array's closing bracket was found.

    Examples
    --------
    >>> items, used, ended = split(b'{"a": "],"}, 2, [3')
    >>> items.slices(), used, ended
    ([b'{"a": "],"}', b' 2'], 15, False)
    """
    text = np.frombuffer(block, dtype=np.uint8)
    marks = _marks(text)
    signs = text[marks]
    depth = np.cumsum(_STEP[signs], dtype=np.int32)
    closed = np.flatnonzero(depth < 0)
    size = closed[0] + 1 if len(closed) else len(marks)
    cuts = marks[:size][((signs[:size] == _COMMA) & (depth[:size] == 0)) | (depth[:size] < 0)]
    starts = np.append(0, cuts + 1)
    return Items(block, starts[:-1], cuts), int(starts[-1]), len(closed) > 0


def _marks(text: Bytes) -> Any:
    """Positions of brackets, braces and commas outside of strings."""
    marks = np.flatnonzero(_IS_MARK[text])
    quotes = np.flatnonzero(text == _QUOTE)
    if not len(quotes):
        return marks
    escapes = np.flatnonzero(text == _ESCAPE)
    if len(escapes):
        quotes = quotes[~np.isin(quotes, _escaped(escapes), assume_unique=True)]
    # outside of strings an even number of quotes has gone before
    return marks[np.searchsorted(quotes, marks) % 2 == 0]


def _escaped(escapes: Positions) -> Any:
    """Positions after runs of an odd number of backslashes."""
    breaks = np.flatnonzero(np.diff(escapes) > 1)
    first, last = np.append(0, breaks + 1), np.append(breaks, len(escapes) - 1)
    return escapes[last[(last - first) % 2 == 0]] + 1


#: By byte: whether it is a bracket, brace or comma, and how it changes the depth.
_IS_MARK = np.zeros(256, dtype=bool)
_IS_MARK[list(b"[]{},")] = True
_STEP = np.zeros(256, dtype=np.int8)
_STEP[list(b"[{")], _STEP[list(b"]}")] = 1, -1
_IS_BLANK = np.zeros(256, dtype=bool)
_IS_BLANK[list(b" \t\r\n\x1e")] = True
