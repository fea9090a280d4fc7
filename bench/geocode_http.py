"""``GET /geocode`` beside an endpoint of the same server and access rule that returns a constant."""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from bench.ground import Ground
from bench.measuring import Comparison
from geo.accounts import make_token
from geo.permissions import Role

TITLE = "GET /geocode"
CONNECTIONS, ROUND_S, ROUNDS = 8, 3.0, 3


def measure(ground: Ground) -> list[Comparison]:
    with Session(ground.engine) as session, session.begin():
        token = make_token(session, Role.PLANNER, days=1, name="bench")
    paths = {
        "GET /geocode": [f"/geocode?lon={lon:.7f}&lat={lat:.7f}" for lon, lat in ground.points(2000, seed=3)],
        "constant": ["/bench/constant"],
    }
    taken: dict[str, list[list[float]]] = {name: [] for name in paths}
    with running_server(ground) as port:
        for _ in range(ROUNDS + 1):  # the first warms up
            for name, asked in paths.items():
                taken[name].append(asyncio.run(_load(port, token, asked)))
    rates = {name: statistics.median(len(t) / ROUND_S for t in rounds[1:]) for name, rounds in taken.items()}
    waits = {name: [wait for rest in rounds[1:] for wait in rest] for name, rounds in taken.items()}
    median = {name: 1000 * statistics.median(wait) for name, wait in waits.items()}
    late = {name: 1000 * statistics.quantiles(wait, n=100)[98] for name, wait in waits.items()}
    task = f"{CONNECTIONS} connections, one worker, client on the same machine"
    return [
        Comparison(task, "requests/s", rates, True),
        Comparison(f"{task}: p50", "ms", median, False),
        Comparison(f"{task}: p99", "ms", late, False),
    ]


@contextmanager
def running_server(ground: Ground) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--factory", "bench.server:make_app", "--port", str(port)]
    environment = os.environ | {
        "DATABASE_URL": ground.urls.owner,
        "WANGGE_STATE_DIR": str(ground.folder / "state"),
    }
    process = subprocess.Popen([*command, "--no-access-log", "--log-level", "warning"], env=environment)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit("the web server did not start; what it said stands above")


async def _load(port: int, token: str, paths: list[str]) -> list[float]:
    """Seconds each request took, all connections busy for a round."""
    end = time.perf_counter() + ROUND_S
    rounds = (
        _connection(port, token, paths[start::CONNECTIONS] or paths, end) for start in range(CONNECTIONS)
    )
    return [wait for waits in await asyncio.gather(*rounds) for wait in waits]


async def _connection(port: int, token: str, paths: list[str], end: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n\r\n"
    requests = [f"GET {path} {head}".encode() for path in paths]
    waits: list[float] = []
    while (start := time.perf_counter()) < end:
        writer.write(requests[len(waits) % len(requests)])
        await _answer(reader)
        waits.append(time.perf_counter() - start)
    writer.close()
    return waits


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"the server answered {head.splitlines()[0].decode()}")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.partition(b":")[2]))
