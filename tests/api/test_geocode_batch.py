"""``POST /geocode/batch``: every kind of body, limits, and errors before and after the answer has begun."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pyarrow as pa
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from api.body_limit import BodyLimit
from api.duplex import DuplexResponse
from geo.settings import BatchSettings
from tests.api.conftest import ClientAs
from tests.builders import Partition, add_building, middle

ARROW = "application/vnd.apache.arrow.stream"
pytestmark = pytest.mark.usefixtures("partition")


def ask(client: TestClient, kind: str, body: bytes | Iterator[bytes], **params: object) -> bytes:
    answer = client.post("/geocode/batch", content=body, headers={"content-type": kind}, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(kind.partition(";")[0])
    return answer.content


def points(count: int = 4) -> list[dict]:
    places = [middle(i % 2, i // 2 % 2) for i in range(count)]
    return [{"id": i, "lon": lon, "lat": lat} for i, (lon, lat) in enumerate(places)]


def expected(partition: Partition, count: int = 4) -> list[str]:
    return [partition.third[i % 4] for i in range(count)]


def arrow(rows: list[dict], **options: object) -> bytes:
    table, sink = pa.Table.from_pylist(rows), io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        for batch in table.to_batches(max_chunksize=1000):
            writer.write_batch(batch)
    return sink.getvalue()


def test_json_objects_come_back_with_their_chain(
    client: TestClient, partition: Partition, owner_session: Session
) -> None:
    building = add_building(owner_session)
    answer = json.loads(ask(client, "application/json", json.dumps(points()).encode()))
    assert [row["grid3_code"] for row in answer["results"]] == expected(partition)
    assert answer["results"][0] == {
        **points()[0],
        "grid1_code": partition.first[0],
        "grid2_code": partition.second[0],
        "grid3_code": partition.third[0],
        "building_code": building,
        "place_status": "inside",
        "place_reason": None,
    }
    assert answer["summary"]["place_status"] == {"inside": 4}


def test_pairs_come_back_as_points(client: TestClient, partition: Partition) -> None:
    body = {"points": [middle(1, 0), [0, 0], [113.83, 27.615]]}
    answer = json.loads(ask(client, "application/json", json.dumps(body).encode()))
    assert [row["point"] for row in answer["results"]] == [list(pair) for pair in body["points"]]
    assert [row["grid3_code"] for row in answer["results"]] == [partition.third[1], None, None]
    assert [row["place_status"] for row in answer["results"]] == ["inside", "null_island", "outside"]


@pytest.mark.parametrize("kind", ["application/x-ndjson", "application/ndjson"])
def test_lines_of_json_come_back_line_by_line(client: TestClient, partition: Partition, kind: str) -> None:
    body = "\n".join(json.dumps(row) for row in points()).encode()
    answer = client.post("/geocode/batch", content=body, headers={"content-type": kind})
    assert answer.headers["content-type"] == "application/x-ndjson"
    rows = [json.loads(line) for line in answer.content.splitlines()]
    assert [row["grid3_code"] for row in rows] == expected(partition)


def test_csv_comes_back_as_utf8_whatever_it_came_in(client: TestClient, partition: Partition) -> None:
    lon, lat = middle()
    body = f"名称,经度,纬度\n=甲,{lon},{lat}\n".encode("gb18030")
    lines = ask(client, "text/csv; charset=gb18030", body).decode().splitlines()
    assert lines[0] == (
        '"名称","经度","纬度","grid1_code","grid2_code","grid3_code","building_code","place_status","place_reason"'
    )
    assert lines[1].startswith(f'"=甲","{lon}","{lat}","{partition.first[0]}","{partition.second[0]}"')


def test_arrow_comes_back_as_arrow(client: TestClient, partition: Partition) -> None:
    table = pa.ipc.open_stream(ask(client, ARROW, arrow(points()))).read_all()
    assert table["id"].to_pylist() == [0, 1, 2, 3]
    assert table["grid3_code"].to_pylist() == expected(partition)
    assert table["place_reason"].null_count == 4


def test_what_is_asked_for_decides_what_is_added(client: TestClient, partition: Partition) -> None:
    lon, lat = middle()
    rows = [{"easting": lon + 0.0049, "northing": lat - 0.0031, "grid2_code": "mine"}]
    params = {"lon": "easting", "lat": "northing", "crs": "GCJ-02", "level": 2, "prefix": "w_"}
    answer = json.loads(ask(client, "application/json", json.dumps(rows).encode(), **params))
    assert answer["results"][0] == {
        **rows[0],
        "w_grid2_code": partition.second[0],
        "w_building_code": None,
        "w_place_status": "inside",
        "w_place_reason": None,
    }


def test_as_of_asks_the_partition_of_another_day(client: TestClient) -> None:
    answer = client.post("/geocode/batch?as_of=1999-01-01", json=points())
    assert answer.status_code == 422
    assert "no grids are in force" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("kind", "body", "status", "said"),
    [
        ("application/json", b"", 422, "no JSON with an array of rows"),
        ("application/json", b'{"features": []}', 422, "no such member"),
        ("application/json", b'[{"a": 1, "b": 2}]', 422, "--lon and --lat"),
        ("application/json", b'[{"lon": 1, "lat": 2, "grid1_code": "x"}]', 422, "prefix="),
        ("application/x-ndjson", b"<xml>", 422, "no row is a JSON object"),
        ("text/csv", b"", 422, "first line has to name every column"),
        ("text/csv", b"lon,lat,x\n1,2,3\n", 422, "several columns that could be"),
        ("text/csv", "名称,lon,lat\n甲,1,2\n".encode("gb18030"), 422, "UTF-8"),
        (ARROW, b"PAR1" * 40, 422, "no Arrow IPC stream"),
        (ARROW, b"", 422, "cannot be read as an Arrow IPC stream"),
        (ARROW, arrow(points(), compression="zstd"), 422, "compressed"),
        ("application/xml", b"<a/>", 415, "application/xml"),
        ("", b"x", 415, "nothing"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(
    client: TestClient, kind: str, body: bytes, status: int, said: str
) -> None:
    answer = client.post("/geocode/batch", content=body, headers={"content-type": kind} if kind else {})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert said in answer.json()["detail"]


def test_a_packed_body_is_refused(client: TestClient) -> None:
    answer = client.post("/geocode/batch", content=b"x", headers={"content-encoding": "gzip"})
    assert answer.status_code == 415


def test_who_may_not_see_maps_gets_nothing(client_as: ClientAs) -> None:
    assert client_as(None).post("/geocode/batch", json=points()).status_code == 401


class TestLimits:
    """Beyond a limit the answer ends with the reason."""

    @pytest.fixture(autouse=True)
    def _limits(self, app: FastAPI) -> None:
        app.state.settings.batch = BatchSettings(rows=100_000, row_bytes=1024, arrow_batch_bytes=100_000)

    def test_json_ends_well_formed(self, client: TestClient) -> None:
        answer = json.loads(ask(client, "application/json", json.dumps(points(100_001)).encode()))
        assert "summary" not in answer
        assert 0 < len(answer["results"]) <= 100_000
        assert answer["error"]["status"] == 422
        assert "more than 100,000 rows" in answer["error"]["detail"]

    def test_lines_end_with_one_that_says_it(self, client: TestClient) -> None:
        body = "\n".join(json.dumps(row) for row in points(100_001)).encode()
        *rows, last = (json.loads(line) for line in ask(client, "application/x-ndjson", body).splitlines())
        assert "more than 100,000 rows" in last["error"]["detail"]
        assert all("grid3_code" in row for row in rows)

    def test_csv_ends_with_a_row_that_says_it(self, client: TestClient) -> None:
        body = "lon,lat\n" + "113.805,27.605\n" * 100_001
        last = ask(client, "text/csv", body.encode()).decode().splitlines()[-1]
        assert last.startswith(",,,,,,error,")
        assert "more than 100,000 rows" in last

    def test_arrow_ends_with_an_empty_batch_that_says_it(self, client: TestClient) -> None:
        reader = pa.ipc.open_stream(ask(client, ARROW, arrow(points(100_001))))
        batches = [reader.read_next_batch_with_custom_metadata()]
        while batches[-1].batch.num_rows:
            batches.append(reader.read_next_batch_with_custom_metadata())
        problem = json.loads(batches[-1].custom_metadata[b"wangge.problem"])
        assert "more than 100,000 rows" in problem["detail"]
        assert sum(batch.batch.num_rows for batch in batches) == 100_000

    @pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson", "text/csv"])
    def test_long_rows_are_refused(self, client: TestClient, kind: str) -> None:
        text = {"application/json": '[{"lon":1,"a":"%s"}]', "text/csv": "lon,lat\n1,%s\n"}.get(
            kind, '{"lon":1,"lat":2,"a":"%s"}\n'
        )
        body = (text % ("x" * 300_000)).encode()
        answer = client.post("/geocode/batch", content=body, headers={"content-type": kind})
        assert "1,024 bytes" in answer.text

    def test_large_arrow_batches_are_refused_before_they_are_read(self, client: TestClient) -> None:
        rows = [{"lon": 1.0, "lat": 2.0, "text": "x" * 1000}] * 900
        answer = client.post("/geocode/batch", content=arrow(rows), headers={"content-type": ARROW})
        assert answer.status_code == 422
        assert "send smaller batches" in answer.json()["detail"]

    def test_only_so_many_are_answered_at_once(
        self, client: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(DuplexResponse, "at_work", 4)
        answer = client.post("/geocode/batch", json=points())
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"


def test_a_broken_row_does_not_spoil_the_others(client: TestClient, partition: Partition) -> None:
    body = b'{"lon":113.805,"lat":27.605}\n{"lon":\n[1]\n{"lon":"113.815","lat":27.605}\n'
    rows = [json.loads(line) for line in ask(client, "application/x-ndjson", body).splitlines()]
    assert [row["grid3_code"] for row in rows] == [partition.third[0], None, None, partition.third[1]]
    assert rows[1]["input"] == '{"lon":'
    assert "broken" in rows[1]["place_reason"]


def test_a_body_that_is_cut_off_ends_with_the_reason(client: TestClient) -> None:
    answer = json.loads(ask(client, "application/json", json.dumps(points(50_000)).encode()[:-100]))
    assert "cut off" in answer["error"]["detail"]
    assert len(answer["results"]) > 1000


@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson", "text/csv", ARROW])
def test_a_body_beyond_the_servers_limit_ends_with_the_reason(
    app: FastAPI, client: TestClient, kind: str
) -> None:
    rows = points(60_000)
    bodies = {
        "application/json": json.dumps(rows).encode(),
        "application/x-ndjson": "\n".join(json.dumps(row) for row in rows).encode(),
        "text/csv": ("lon,lat\n" + "".join(f"{row['lon']},{row['lat']}\n" for row in rows)).encode(),
        ARROW: arrow(rows),
    }
    body = bodies[kind]
    limited = BodyLimit(app, streamed={"/geocode/batch": len(body) - 1000})
    outside = TestClient(limited, base_url="http://127.0.0.1", headers=client.headers)

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(body), 50_000):
            yield body[start : start + 50_000]

    answer = outside.post("/geocode/batch", content=pieces(), headers={"content-type": kind})
    assert "the body is larger than" in answer.content.decode("utf-8", errors="replace")
    declared = outside.post("/geocode/batch", content=body, headers={"content-type": kind})
    assert declared.status_code == 413
