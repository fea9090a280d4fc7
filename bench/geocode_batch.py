"""``POST /geocode/batch``: a million points in one request, in every kind of body."""

from __future__ import annotations

import http.client
import io
import json
from collections.abc import Callable

import numpy as np
import pyarrow as pa
from sqlalchemy.orm import Session

from bench.geocode_http import running_server
from bench.ground import TODAY, Ground
from bench.measuring import Comparison, rates
from geo.accounts import make_token
from geo.ground import chain_locator
from geo.locate.chain import ChainLocator
from geo.permissions import Role
from geo.streams.requests.answering import Kind, answer
from geo.streams.requests.asked import Asked

TITLE = "POST /geocode/batch"
POINTS = 1_000_000


def measure(ground: Ground) -> list[Comparison]:
    with Session(ground.engine) as session, session.begin():
        token = make_token(session, Role.PLANNER, days=1, name="bench")
        chain = chain_locator(session, TODAY)
    bodies = _bodies(ground.points(POINTS, seed=7).round(7))
    with running_server(ground) as port:
        whole = _rates({name: _posting(port, token, *body) for name, body in bodies.items()})
    inside = _rates({name: _answering(chain, *body) for name, body in bodies.items()})
    task = f"{POINTS:,} points in one request"
    note = "Client on the same machine, sending all before it reads the answer; one request at a time."
    return [
        Comparison(f"{task}: from the first byte sent to the last received", "M points/s", whole, True, note),
        Comparison(f"{task}: the work inside the server alone", "M points/s", inside, True),
    ]


def _rates(work: dict[str, Callable[[], object]]) -> dict[str, float]:
    return {name: rate / 1e6 for name, rate in rates(work, amount=POINTS, rounds=3).items()}


def _bodies(points: np.ndarray) -> dict[str, tuple[Kind, bytes]]:
    table = pa.table({"id": np.arange(POINTS), "lon": points[:, 0], "lat": points[:, 1]})
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=65_536)
    rows = [f'{{"id":{i},"lon":{lon},"lat":{lat}}}' for i, (lon, lat) in enumerate(points.tolist())]
    lines = "".join(f"{i},{lon},{lat}\n" for i, (lon, lat) in enumerate(points.tolist()))
    return {
        "Arrow": (Kind.ARROW, sink.getvalue()),
        "CSV": (Kind.CSV, f"id,lon,lat\n{lines}".encode()),
        "JSON, pairs": (Kind.JSON, json.dumps({"points": points.tolist()}).encode()),
        "NDJSON": (Kind.NDJSON, "\n".join(rows).encode()),
        "JSON, objects": (Kind.JSON, f"[{','.join(rows)}]".encode()),
    }


def _posting(port: int, token: str, kind: Kind, body: bytes) -> Callable[[], object]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": kind.value}

    def post() -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        connection.request("POST", "/geocode/batch", body=body, headers=headers)
        reply, size = connection.getresponse(), 0
        if reply.status != 200:
            raise SystemExit(f"the server refused {kind.value}: {reply.read()[:500]!r}")
        while block := reply.read(1 << 20):
            size += len(block)
        connection.close()
        return size

    return post


def _answering(chain: ChainLocator, kind: Kind, body: bytes) -> Callable[[], object]:
    def work() -> int:
        return sum(map(len, answer(kind, io.BytesIO(body), Asked(chain), _explained)))

    return work


def _explained(error: Exception) -> dict[str, object]:
    raise SystemExit(f"the answer went wrong on the way: {error}") from error
