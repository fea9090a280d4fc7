"""Write one block while the next is read and located: the server and we use a core each."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType


class BehindWriter:
    """Runs one piece of writing at a time in the background; an error comes out at the next call.

    The session it writes with must not be used meanwhile: call :meth:`wait` first.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wangge-import")
        self._running: Future[object] | None = None

    def __enter__(self) -> BehindWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True)

    def wait(self) -> None:
        """Until the piece under way is written."""
        running, self._running = self._running, None
        if running is not None:
            running.result()

    def write(self, work: Callable[[], object]) -> None:
        """Begin a piece, once the one before is written."""
        self.wait()
        self._running = self._pool.submit(work)
