"""Locks between processes; the kernel lets go of them however a process ends."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from geo.errors import Conflict

Say = Callable[[str], None]


def lock_holder(path: Path) -> str | None:
    """Say who holds an exclusive lock of ours, in words; None when nobody does."""
    with suppress(FileNotFoundError), path.open("r+", encoding="utf-8") as file:
        if not _try(file, fcntl.LOCK_EX):
            return _holder(file)
    return None


@contextmanager
def exclusive(path: Path, purpose: str, *, say: Say, patience_s: float) -> Iterator[None]:
    """Hold a lock alone; if another process has it, say so and wait for it that long.

    Raises
    ------
    Conflict
        Another process still holds it after ``patience_s``; the message names it.
    """
    with path.open("a+", encoding="utf-8") as file:
        if not _try(file, fcntl.LOCK_EX):
            if patience_s > 0:
                say(f"Waiting for another process: {_holder(file)}.")
            _wait(file, patience_s)
        _sign(file, purpose)
        yield


class SharedUse:
    """Marks this process as one that uses the server, as long as it lives or until released."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a+", encoding="utf-8")
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def release(self) -> bool:
        """Let go; True when nobody else uses the server."""
        last = _try(self._file, fcntl.LOCK_EX)
        self._file.close()
        return last


def is_used(path: Path) -> bool:
    """Whether any process holds the shared lock."""
    with path.open("a+", encoding="utf-8") as file:
        return not _try(file, fcntl.LOCK_EX)


def _try(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait(file: IO[str], patience_s: float) -> None:
    deadline = time.monotonic() + patience_s
    while not _try(file, fcntl.LOCK_EX):
        if time.monotonic() >= deadline:
            raise Conflict(f"Another process is at it already: {_holder(file)}.")
        time.sleep(0.1)


def _sign(file: IO[str], purpose: str) -> None:
    file.seek(0)
    file.truncate()
    json.dump({"pid": os.getpid(), "purpose": purpose}, file)
    file.flush()


def _holder(file: IO[str]) -> str:
    file.seek(0)
    try:
        note = json.loads(file.read())
    except ValueError:  # it has the lock and not yet signed
        return "one that has just begun"
    return f"{note['purpose']} (pid {note['pid']})"
