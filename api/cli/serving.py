"""The web server: one process, or several that share a socket."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from geo.errors import Conflict, InvalidInput
from geo.settings import Settings

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Address:
    """Where the server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """What to type into a browser on this machine."""
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - compared, not bound
        shown = everywhere.get(self.host, f"[{self.host}]" if ":" in self.host else self.host)
        return f"http://{shown}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in {"localhost", "::1"} or self.host.startswith("127.")


@contextmanager
def listen(address: Address) -> Iterator[list[socket.socket]]:
    """Take the port before anything else is started, so that a taken one is told at once.

    Raises
    ------
    Conflict
        Another program has the port.
    InvalidInput
        There is no such host on this machine, or the port needs rights we do not have.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((address.host, address.port))
            taken.listen(2048)
        except OSError as error:
            raise _refusal(address, error) from None
        taken.set_inheritable(True)
        yield [taken]


def _refusal(address: Address, error: OSError) -> Conflict | InvalidInput:
    if error.errno == errno.EADDRINUSE:
        free = _free_port(address)
        return Conflict(
            f"Port {address.port} on {address.host} is taken by another program. "
            f"Choose another one: make run PORT={free} (or wangge up --port {free})."
        )
    return InvalidInput(f"Cannot listen on {address.host}:{address.port}: {error.strerror or error}.")


def _free_port(address: Address) -> int:
    for port in range(address.port + 1, min(address.port + 100, 65536)):
        with socket.socket() as trial, suppress(OSError):
            trial.bind((address.host, port))
            return port
    return 0


def serve(
    settings: Settings, sockets: list[socket.socket], address: Address, announce: Callable[[], None]
) -> None:
    """Answer requests until a stopping signal comes; ``announce`` is called once, after the first answer."""
    threading.Thread(target=_announce_when_ready, args=(address, announce), daemon=True).start()
    if settings.server.workers > 1:
        _Workers(_config("api.cli.serving:worker", settings.server.workers), sockets).run()
    else:
        with _hangup_terminates():
            uvicorn.Server(_config(_app(settings))).run(sockets)


def _config(app: FastAPI | str, workers: int = 1) -> uvicorn.Config:
    """No access log: addresses and positions of people stand in the URLs."""
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=workers,
        log_level="warning",
        access_log=False,
        server_header=False,
    )


def worker() -> FastAPI:
    """Make the app in a worker process, which ends with its parent however that ends."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)
    return _app(Settings.from_environment())


def _app(settings: Settings) -> FastAPI:
    from api.app import create_app  # noqa: PLC0415 - heavy, and no other command needs it

    return create_app(settings)


class _Workers(Multiprocess):
    """Several processes; a closed terminal stops them, as it does one."""

    def handle_hup(self) -> None:
        self.handle_term()


@contextmanager
def _hangup_terminates() -> Iterator[None]:
    """While uvicorn handles only SIGINT and SIGTERM, let a closed terminal count as the latter."""
    before = signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def _announce_when_ready(address: Address, announce: Callable[[], None]) -> None:
    while not _answers(address):
        time.sleep(0.1)
    announce()


def _answers(address: Address) -> bool:
    connection = HTTPConnection(address.url.removeprefix("http://"), timeout=10)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
