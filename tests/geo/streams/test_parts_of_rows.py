"""Numbers out of text, items out of JSON, places out of geometries: held against the plain way."""

from __future__ import annotations

import doctest
import io
import json
import math

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InvalidFile, InvalidInput
from geo.streams import json_items, numbers, plain
from geo.streams.ahead import ahead
from geo.streams.geometry import Geometry, point_wkb
from geo.streams.json_items import JsonItems, line_items
from geo.streams.numbers import read_numbers
from geo.streams.places import find_place
from geo.streams.reasons import Reason


@pytest.mark.parametrize("module", [numbers, json_items, plain])
def test_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0


texts = st.one_of(
    st.none(),
    st.floats().map(repr),
    st.integers().map(str),
    st.sampled_from(["", " ", "x", "113,85", "+1", "１", "1_000", "0x10", "1e5", "-.5", "5.", "NaN", "inf"]),
    st.text(max_size=6),
)


@settings(deadline=None)
@given(st.lists(texts, max_size=30))
def test_numbers_do_not_depend_on_their_neighbours(values: list[str | None]) -> None:
    together, reasons = read_numbers(pa.array(values, pa.string()))
    for value, number, reason in zip(values, together, reasons, strict=True):
        alone, why = read_numbers(pa.array([value], pa.string()))
        np.testing.assert_array_equal(alone[0], number)
        assert why[0] == reason
        assert math.isfinite(number) == (reason == Reason.NONE)


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_written_numbers_are_read_back(values: list[float]) -> None:
    found, reasons = read_numbers(pa.array([repr(value) for value in values], pa.string()))
    assert found.tolist() == values
    assert not reasons.any()


@pytest.mark.parametrize(
    "column",
    [
        pa.array([113, None], pa.int64()),
        pa.array([113.0, None], pa.float32()),
        pa.array(["113", None]).dictionary_encode(),
        pa.array(["113", ""], pa.large_string()),
        pa.array([113, None], pa.decimal128(9, 3)),
    ],
)
def test_numbers_come_in_many_types(column: pa.Array) -> None:
    found, reasons = read_numbers(column)
    np.testing.assert_array_equal(found, [113.0, np.nan])
    assert reasons.tolist() == [Reason.NONE, Reason.MISSING]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(values, max_size=12),
    st.integers(1, 60),
    st.sampled_from([None, 1]),
    st.booleans(),
    st.booleans(),
)
def test_items_are_those_of_the_array(
    rows: list, block: int, indent: int | None, ascii_only: bool, in_object: bool
) -> None:
    document = {"before": {"rows": [1]}, "rows": rows, "after": "]"} if in_object else rows
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")

    class Dripping(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, block) if size != -1 else -1)

    items = JsonItems.open(Dripping(text), ("rows",), name="it")
    assert [json.loads(one) for some in items for one in some.slices()] == rows


@pytest.mark.parametrize(
    "text", ["[1, 2", '{"rows": [1', '{"rows": [1]', "[1]]", "[1] 2", '{"rows": [1]} x', ""]
)
def test_documents_that_are_cut_off_or_damaged_are_refused(text: str) -> None:
    with pytest.raises(InvalidFile):
        list(JsonItems.open(io.BytesIO(text.encode()), ("rows",), name="it"))


def test_an_item_without_end_is_refused_before_memory_is_full() -> None:
    text = io.BytesIO(b'[{"a": "' + b"x" * 3_000_000)
    with pytest.raises(InvalidFile, match="more than 1,000,000 bytes"):
        list(JsonItems.open(text, (), name="it", most_bytes=1_000_000))


@settings(deadline=None)
@given(st.lists(st.binary(max_size=8).map(lambda text: text.replace(b"\n", b"")), max_size=10), st.booleans())
def test_lines_are_those_that_are_not_blank(lines: list[bytes], ended: bool) -> None:
    block = b"\n".join(lines) + (b"\n" if ended else b"")
    held = [line for line in block.split(b"\n") if line.strip(b" \t\r\n\x1e")]
    assert line_items(block).slices() == held


points = st.one_of(st.none(), st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(shapely.Point))
shapes = st.one_of(
    points,
    st.just(shapely.Point()),
    points.map(lambda point: None if point is None else point.buffer(0.1)),
    points.map(lambda point: None if point is None else shapely.Point(point.x, point.y, 5.0)),
)


@settings(deadline=None)
@given(st.lists(points, max_size=20), st.lists(shapes, max_size=20))
def test_places_of_geometries_are_theirs(simple: list, mixed: list) -> None:
    for these in (simple, mixed):
        batch = pa.record_batch({"geom": pa.array(shapely.to_wkb(np.array([*these, None])), pa.binary())})
        x, y, reasons = Geometry("geom", "wkb", None).places(batch.slice(0, len(these)))
        for shape, lon, lat, reason in zip(these, x, y, reasons, strict=True):
            if shape is None or shape.is_empty:
                assert reason == Reason.NO_GEOMETRY
            elif shape.geom_type == "Point":
                assert (lon, lat, reason) == (shape.x, shape.y, Reason.NONE)
            else:
                assert shape.covers(shapely.Point(lon, lat))


def test_geometries_that_cannot_be_read_say_so() -> None:
    wkb = [
        b"\x01\x02",
        shapely.to_wkb(shapely.Point(1, 2)),
        None,
        shapely.to_wkb(shapely.set_srid(shapely.Point(1, 2), 1), include_srid=True),
    ]
    batch = pa.record_batch({"geom": pa.array(wkb, pa.binary())})
    _, _, reasons = Geometry("geom", "wkb", None).places(batch)
    assert reasons.tolist() == [Reason.BAD_GEOMETRY, Reason.NONE, Reason.NO_GEOMETRY, Reason.NONE]


def test_points_made_of_coordinates_are_wkb() -> None:
    made = shapely.from_wkb(point_wkb(np.array([1.5, np.nan]), np.array([2.5, 1.0])).to_pylist())
    assert made[0].equals(shapely.Point(1.5, 2.5))
    assert made[1] is None


@pytest.mark.parametrize("heads", ["lon lat", "LNG LAT", "经度 纬度", "x y", "id Longitude Latitude"])
def test_usual_headings_are_known(heads: str) -> None:
    schema = pa.schema([pa.field(name, pa.float64()) for name in heads.split()])
    place = find_place(schema, None, default_crs="EPSG:4490", name="it")
    assert place.columns == tuple(heads.split()[-2:])


@pytest.mark.parametrize(
    ("heads", "asked", "said"),
    [
        ("a b", {}, "surely longitude and latitude"),
        ("lon lat x y", {}, "several columns"),
        ("lon lat", {"lon": "east", "lat": "lat"}, "no column 'east'"),
        ("lon lat", {"lon": "lon"}, "one of --lon and --lat"),
        ("lon lat", {"crs": "EPSG:1"}, "EPSG:1"),
    ],
)
def test_what_is_not_sure_is_asked_for(heads: str, asked: dict, said: str) -> None:
    schema = pa.schema([pa.field(name, pa.float64()) for name in heads.split()])
    with pytest.raises(InvalidInput, match=said):
        find_place(schema, None, default_crs="EPSG:4490", name="it", **asked)


def test_a_column_of_truths_holds_no_coordinates() -> None:
    schema = pa.schema([("lon", pa.bool_()), ("lat", pa.float64())])
    with pytest.raises(InvalidInput, match="no coordinate"):
        find_place(schema, None, default_crs="EPSG:4490", name="it")


def test_work_ahead_keeps_order_and_errors() -> None:
    assert list(ahead(iter(range(100)))) == list(range(100))

    def failing() -> object:
        yield 1
        raise InvalidFile("broken")

    taken = ahead(failing())
    assert next(taken) == 1
    with pytest.raises(InvalidFile, match="broken"):
        next(taken)


def test_work_ahead_ends_when_nobody_wants_it() -> None:
    made = []

    def endless() -> object:
        while True:
            made.append(1)
            yield 1

    taken = ahead(endless())
    next(taken)
    taken.close()
    count = len(made)
    assert count < 10
