"""Bodies of JSON: whatever the way through the code, rows come back as they were with ours behind them."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.streams.requests.answering import Kind, answer
from geo.streams.requests.asked import Asked
from tests.geo.streams.conftest import toy_chain

CHAIN = toy_chain()
axes = (
    st.floats(112.9, 115.1) | st.integers(113, 115) | st.none() | st.sampled_from(["113.5", "x", True, [1]])
)
members = st.dictionaries(
    st.text(max_size=4) | st.just("my_code"),
    st.none()
    | st.text(max_size=6)
    | st.integers()
    | st.lists(st.text(max_size=3), max_size=2)
    | st.just({"lon": 1}),
    max_size=3,
)
objects = st.builds(
    lambda more, lon, lat: {**more, "lon": lon, "lat": lat}, members, axes, st.floats(26.9, 28.1) | st.none()
)
sound = st.builds(lambda more, lon: {"lon": lon, "lat": 27.5, **more}, members, st.floats(113, 115))
rows = st.lists(objects, max_size=8) | st.lists(sound, max_size=8)


def answered(kind: Kind, body: bytes) -> bytes:
    def explain(error: Exception) -> dict:
        raise error

    return b"".join(answer(kind, io.BytesIO(body), Asked(CHAIN, lon="lon", lat="lat"), explain))


def alone(row: dict) -> dict:
    """What a row gets in a request of its own, where each is looked at."""
    (found,) = json.loads(answered(Kind.JSON, json.dumps([row]).encode()))["results"]
    return found


@settings(max_examples=60, deadline=None)
@given(rows, st.sampled_from(["", " ", "\n", " \r\n\t"]), st.booleans(), st.sampled_from([None, 1]))
def test_objects_come_back_whole(
    given_rows: list[dict], blank: str, ascii_only: bool, indent: int | None
) -> None:
    texts = [
        json.dumps(row, ensure_ascii=ascii_only, indent=indent)
        for row in [{"lon": 113.5, "lat": 27.5}, *given_rows]
    ]
    body = f"[{blank}{f'{blank},{blank}'.join(texts)}{blank}]".encode()
    results = json.loads(answered(Kind.JSON, body))["results"][1:]
    assert results == [alone(row) for row in given_rows]
    for row, found in zip(given_rows, results, strict=True):
        assert {name: found[name] for name in row} == row


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, max_size=3), st.sampled_from(["\n", "\r\n", "\n\n", "\n \n", "\n\x1e"]), st.booleans())
def test_lines_come_back_one_by_one(blocks: list[list[dict]], separator: str, ascii_only: bool) -> None:
    given_rows = [row for block in blocks for row in block]
    texts = [json.dumps(row, ensure_ascii=ascii_only) for row in given_rows]
    body = separator.join(['{"lon":113.5,"lat":27.5}', *texts]).encode()
    lines = answered(Kind.NDJSON, body).decode().replace("\x1e", "").split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines][1:] == [alone(row) for row in given_rows]


@pytest.mark.parametrize("count", [1, 2, 40_000])
def test_many_sound_rows_take_the_quick_way_to_the_same_answer(count: int) -> None:
    given_rows = [{"n": i, "lon": 113 + i / count * 2, "lat": 27.5, "名": "甲{}[]"} for i in range(count)]
    results = json.loads(answered(Kind.JSON, json.dumps(given_rows).encode()))["results"]
    lines = "\n".join(json.dumps(row, separators=(",", ":")) for row in given_rows).encode()
    assert [json.loads(line) for line in answered(Kind.NDJSON, lines).splitlines()] == results
    assert [{name: found[name] for name in given_rows[0]} for found in results] == given_rows
    for i in range(0, count, 1 + count // 50):
        assert results[i] == alone(given_rows[i])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(axes, st.floats(26.9, 28.1) | st.none()).map(list) | st.just([1]) | st.just("x"), max_size=8
    )
)
def test_pairs_come_back_as_points(pairs: list) -> None:
    body = json.dumps({"points": pairs}).encode()
    results = json.loads(b"".join(answer(Kind.JSON, io.BytesIO(body), Asked(CHAIN), lambda error: {})))[
        "results"
    ]
    assert len(results) == len(pairs)
    for pair, found in zip(pairs, results, strict=True):
        if isinstance(pair, list) and len(pair) == 2:
            assert found["point"] == pair
            row = alone({"lon": pair[0], "lat": pair[1]})
            assert {name: found[name] for name in found if name != "point"} == {
                name: row[name] for name in row if name not in {"lon", "lat"}
            }
        else:
            assert "broken" in found["place_reason"]
