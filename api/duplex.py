"""Answers that go out while the request is still coming in.

Work is done in a thread that reads the body as it needs it. What it gives is kept until the client takes it,
in memory while that is little and in a file without a name when it is much: a client that sends all before it
reads anything does not stop us, and we do not stop it.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from threading import Lock
from typing import IO

from fastapi import Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

#: Bytes of an answer that wait in memory.
_KEPT_BYTES = 4 * 1024 * 1024
_BLOCK_BYTES = 256 * 1024

Work = Callable[[io.RawIOBase], Iterator[bytes]]


class DuplexResponse(Response):
    """Streams what ``work`` makes of the body.

    An error before the first piece is answered as any other; later ones are the work's own to report.

    Parameters
    ----------
    work
        Is given the body as a file and gives pieces of the answer; runs in a thread.
    at_once
        How many such answers one process works on at a time.
    """

    at_work = 0

    def __init__(self, request: Request, work: Work, *, media_type: str, at_once: int) -> None:
        super().__init__(media_type=media_type)
        del self.headers["content-length"]
        self._request, self._work, self._at_once = request, work, at_once

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        del scope, receive  # the request has them
        # counted in the event loop, so by one at a time
        if DuplexResponse.at_work >= self._at_once:
            raise HTTPException(
                503,
                f"{self._at_once} such requests are being answered already; try again shortly",
                headers={"Retry-After": "5"},
            )
        DuplexResponse.at_work += 1
        try:
            await self._answer(send)
        finally:
            DuplexResponse.at_work -= 1

    async def _answer(self, send: Send) -> None:
        body = self._request.stream()
        spool = Spool(asyncio.get_running_loop())
        worker = asyncio.create_task(run_in_threadpool(self._fill, Inlet(spool.loop, body), spool))
        try:
            await self._send(send, spool, body)
        except ClientDisconnect:
            return
        finally:
            await asyncio.wait([worker])
            spool.close()

    def _fill(self, inlet: Inlet, spool: Spool) -> None:
        try:
            for block in self._work(inlet):
                spool.put(block)
        except BaseException as error:  # raised again where the answer is sent
            spool.finish(error)
        else:
            spool.finish()

    async def _send(self, send: Send, spool: Spool, body: AsyncIterator[bytes]) -> None:
        try:
            block = await spool.get()
        except Exception:
            await _drain(body)
            raise
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        await send(start)
        while block:
            await send({"type": "http.response.body", "body": block, "more_body": True})
            block = await spool.get()
        await _drain(body)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _drain(body: AsyncIterator[bytes]) -> None:
    """Take in what is still being sent: a connection cut while sending would lose our answer."""
    try:
        async for _ in body:
            pass
    except Exception:  # the answer matters now, not the rest of the question
        return


class Inlet(io.RawIOBase):
    """A request's body as a file, for a thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, body: AsyncIterator[bytes]) -> None:
        super().__init__()
        self._loop, self._body = loop, body
        self._waiting, self._ended = bytearray(), False

    def readable(self) -> bool:
        """As files say it."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes, fewer only at the end."""
        while not self._ended and (size < 0 or len(self._waiting) < size):
            chunk = asyncio.run_coroutine_threadsafe(self._next(), self._loop).result()
            self._ended = chunk is None
            self._waiting += chunk or b""
        cut = len(self._waiting) if size < 0 else size
        taken = bytes(self._waiting[:cut])
        del self._waiting[:cut]
        return taken

    async def _next(self) -> bytes | None:
        return await anext(self._body, None)


class Spool:
    """Bytes from a thread to the event loop, in order, without either waiting for room."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._lock, self._news = Lock(), asyncio.Event()
        self._memory: deque[bytes] = deque()
        self._held = 0
        self._file: IO[bytes] | None = None
        self._written = self._read = 0
        self._ended = False
        self._error: BaseException | None = None

    def put(self, block: bytes) -> None:
        """Add bytes; called in the thread."""
        with self._lock:
            if self._held + len(block) <= _KEPT_BYTES and self._read == self._written:
                self._memory.append(block)
                self._held += len(block)
            else:
                self._to_file(block)
        self.loop.call_soon_threadsafe(self._news.set)

    def finish(self, error: BaseException | None = None) -> None:
        """Say that there is no more; called in the thread."""
        self._ended, self._error = True, error
        self.loop.call_soon_threadsafe(self._news.set)

    async def get(self) -> bytes:
        """Some bytes, once there are any; none at the end.

        Raises
        ------
        BaseException
            What ended the work, after all bytes before it.
        """
        while True:
            self._news.clear()
            ended = self._ended
            with self._lock:
                block = self._take()
            if block:
                return block
            if ended:
                if self._error is not None:
                    raise self._error
                return b""
            await self._news.wait()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()

    def _to_file(self, block: bytes) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="wangge-answer-")  # noqa: SIM115 - closed by close
        self._file.seek(self._written)
        self._file.write(block)
        self._written += len(block)

    def _take(self) -> bytes:
        if self._memory:
            block = self._memory.popleft()
            self._held -= len(block)
            return block
        if self._file is None or self._read == self._written:
            return b""
        self._file.seek(self._read)
        block = self._file.read(min(_BLOCK_BYTES, self._written - self._read))
        self._read += len(block)
        if self._read == self._written:
            self._file.seek(0)
            self._file.truncate()
            self._read = self._written = 0
        return block
