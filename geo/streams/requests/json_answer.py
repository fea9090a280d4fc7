"""JSON and NDJSON in, the same out: objects keep their members as they were written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pyarrow as pa

from geo.errors import InvalidFile, InvalidInput
from geo.streams.chain_columns import Tally
from geo.streams.json_items import BLOCK_BYTES, Items, JsonItems, Readable, line_items
from geo.streams.requests.asked import Asked
from geo.streams.requests.json_parts import JsonWriter, Object, coordinates
from geo.streams.requests.json_quick import quick_objects, quick_pairs

_POINTS = "points"
_BLANKS = b" \t\r\n\x1e"


class _Objects:
    """Objects, wherever they come from."""

    def __init__(self, asked: Asked, before: bytes, after: bytes) -> None:
        self._asked, self._columns = asked, asked.columns
        self._before, self._after = before, after
        self._names = {one.name for one in self._columns.fields}
        self.tally = Tally()
        self._writer: JsonWriter | None = None
        self._members = ("", "")
        self._kinds = (pa.float64(), pa.float64())

    def write(self, items: Items) -> bytes:
        """Some rows."""
        self._asked.limits.check_rows(self.tally.rows + len(items))
        trimmed = items.trimmed()
        if trimmed is not None and self._writer is not None and not self._may_clash(items.text):
            found = quick_objects(trimmed, *self._members, self._kinds)
            if found is not None and items.is_gapless:
                return self._writer.write_between(trimmed, *found)
            if found is not None:
                return self._writer.write(trimmed.compact(less=1), *found)
        return self._looked_at(items)

    def _may_clash(self, text: bytes) -> bool:
        # our names end so; a member that may be one of them is looked at
        return any(mark in text for mark in (b"_code", b"place_"))

    def _looked_at(self, items: Items) -> bytes:
        """One by one; what is no object is broken."""
        texts = [text.strip(_BLANKS) for text in items.slices()]
        parsed = [_parsed(text) for text in texts]
        broken = [not isinstance(one, dict) for one in parsed]
        objects: list[Object] = [one if isinstance(one, dict) else {} for one in parsed]
        for one in objects:
            if not self._names.isdisjoint(one):
                self._columns.check_free(list(one))
        bodies = [
            _shown(text) if bad else text[:-1].rstrip() for text, bad in zip(texts, broken, strict=True)
        ]
        if self._writer is None:
            self._writer = self._begun([one for one, bad in zip(objects, broken, strict=True) if not bad])
        x, y = (coordinates(objects, name) for name in self._members)
        return self._writer.write(bodies, x, y, broken if any(broken) else None)

    def _begun(self, whole: list[Object]) -> JsonWriter:
        """Find in the first object which members are the coordinates; they are the same in all."""
        if not whole and self._asked.lon is None:
            raise InvalidFile("no row is a JSON object; send objects with lon and lat")
        first = whole[0] if whole else {self._asked.lon: 0.0, self._asked.lat: 0.0}
        place = self._asked.place(pa.schema([pa.field(str(name), pa.float64()) for name in first]))
        assert place.columns is not None  # noqa: S101 - objects have no geometry column
        lon, lat = self._members = place.columns
        self._kinds = (_kind(first[lon]), _kind(first[lat]))
        return JsonWriter(self._columns, place, self._before, self._after, self.tally)


def _kind(value: Any) -> pa.DataType:
    return pa.string() if isinstance(value, str) else pa.float64()


class NdjsonAnswer:
    """The same lines, each object with our members behind its own; blank lines are left out.

    A failure on the way is a last line ``{"error": …}``.
    """

    def __init__(self, source: Readable, asked: Asked) -> None:
        self._source, self._most = source, asked.limits.row_bytes
        self._objects = _Objects(asked, b"", b"\n")

    def blocks(self) -> Iterator[bytes]:
        """Pieces of the answer."""
        for items in _lines(self._source, self._most):
            if len(items):
                yield self._objects.write(items)

    def failure(self, problem: dict[str, Any]) -> bytes:
        """A last line that says why there are no more."""
        return orjson.dumps({"error": problem}) + b"\n"


class JsonAnswer:
    """``{"results": […], "summary": {…}}`` for an array of objects or ``{"points": [[lon, lat], …]}``.

    A failure on the way closes the array and gives ``"error"`` instead of ``"summary"``.
    """

    def __init__(self, source: Readable, asked: Asked) -> None:
        self._items = JsonItems.open(source, (_POINTS,), name="the body", most_bytes=asked.limits.row_bytes)
        pairs = self._items.key == _POINTS
        self._rows = _Pairs(asked) if pairs else _Objects(asked, b",\n", b"")

    def blocks(self) -> Iterator[bytes]:
        """Pieces of the answer."""
        opening = b'{"results":[\n'
        for items in self._items:
            written = self._rows.write(items)
            yield opening + written[2:] if opening else written
            opening = b""
        yield opening + b'\n],"summary":%b}\n' % orjson.dumps(self._rows.tally.facts)

    def failure(self, problem: dict[str, Any]) -> bytes:
        """The array closed, and why there is no more in it."""
        return b'\n],"error":%b}\n' % orjson.dumps(problem)


class _Pairs:
    """Pairs of coordinates; each comes back as ``{"point": [lon, lat], …}``."""

    def __init__(self, asked: Asked) -> None:
        if asked.lon is not None or asked.lat is not None:
            raise InvalidInput("lon= and lat= name members of objects; points are pairs [lon, lat]")
        self._limits, self.tally = asked.limits, Tally()
        place = asked.place(pa.schema([("lon", pa.float64()), ("lat", pa.float64())]))
        self._opened = JsonWriter(asked.columns, place, b',\n{"point":', b"", self.tally)
        self._plain = JsonWriter(asked.columns, place, b",\n", b"", self.tally)

    def write(self, items: Items) -> bytes:
        """Some pairs."""
        self._limits.check_rows(self.tally.rows + len(items))
        trimmed = items.trimmed()
        found = None if trimmed is None else quick_pairs(trimmed)
        if trimmed is not None and found is not None:
            return self._opened.write(trimmed.compact(), *found)
        return self._looked_at(items)

    def _looked_at(self, items: Items) -> bytes:
        texts = items.slices()
        pairs = [_parsed(text) for text in texts]
        broken = [not (isinstance(pair, list) and len(pair) == 2) for pair in pairs]
        bodies = [
            _shown(text) if bad else b'{"point":' + text.strip()
            for text, bad in zip(texts, broken, strict=True)
        ]
        points = [
            {} if bad else {"x": pair[0], "y": pair[1]} for pair, bad in zip(pairs, broken, strict=True)
        ]
        x, y = coordinates(points, "x"), coordinates(points, "y")
        return self._plain.write(bodies, x, y, broken if any(broken) else None)


def _lines(source: Readable, most: int) -> Iterator[Items]:
    waiting = source.read(BLOCK_BYTES).removeprefix(b"\xef\xbb\xbf")
    while more := source.read(BLOCK_BYTES):
        cut = waiting.rfind(b"\n") + 1
        yield _checked(line_items(waiting[:cut]), most)
        waiting = waiting[cut:] + more
    yield _checked(line_items(waiting), most)


def _checked(items: Items, most: int) -> Items:
    if len(items) and int((items.ends - items.starts).max()) > most:
        raise InvalidFile(f"a line has more than {most:,} bytes; send shorter ones")
    return items


def _parsed(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _shown(text: bytes) -> bytes:
    """A row that is no object, as the text it is."""
    return b'{"input":' + orjson.dumps(text.strip().decode("utf-8", errors="replace"))
