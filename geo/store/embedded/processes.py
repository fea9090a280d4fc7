"""Who runs in a data directory, told by the kernel and not by pid files, which go stale.

A pid in ``postmaster.pid`` may be dead, or by now belong to somebody's text editor; PostgreSQL itself
then refuses to start. A server's working directory is its data directory, so that ``/proc`` knows.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def find_postmaster(data: Path) -> int | None:
    """Process id of the server that runs in a data directory, if one does."""
    pid = _noted_pid(data)
    return pid if pid is not None and _runs_in(pid, data) else None


def clear_traces(data: Path, sockets: Path, *, patience_s: float = 10.0) -> None:
    """Remove what a killed server left behind, so that a new one can start.

    Sessions of a killed server end by themselves, mostly at once; those that do not within
    ``patience_s`` are ended, since two servers must never write the same files. Call only under the
    lock that guards starting and when :func:`find_postmaster` found none.
    """
    deadline = time.monotonic() + patience_s
    while (orphans := _orphans(data)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in orphans:
        _kill(pid)
    while orphans and _orphans(data):
        time.sleep(0.05)
    (data / "postmaster.pid").unlink(missing_ok=True)
    for left in sockets.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def is_alive(pid: int) -> bool:
    """Whether a process of that id exists and is not merely waiting to be reaped."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def _noted_pid(data: Path) -> int | None:
    try:
        first = (data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0]
        return int(first)
    except (FileNotFoundError, ValueError):
        return None


def _orphans(data: Path) -> list[int]:
    if not data.exists():
        return []
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in pids if _runs_in(pid, data)]


def _runs_in(pid: int, data: Path) -> bool:
    """Whether it is a living PostgreSQL process whose working directory is ``data``."""
    process = Path(f"/proc/{pid}")
    try:
        name = (process / "comm").read_text(encoding="utf-8").strip()
        return name == "postgres" and is_alive(pid) and (process / "cwd").samefile(data)
    except OSError:  # gone meanwhile, or not ours to look at: then it is not our server
        return False


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
