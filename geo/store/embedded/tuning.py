"""The server's configuration, written anew at every start to fit the machine it runs on."""

from __future__ import annotations

import os
from pathlib import Path

MB = 1024 * 1024

# Only the server's own account and root pass the private socket directory, so that nobody is asked
# for a password there, and there is no other way in.
HOST_RULES = "local all all trust\n"


def configuration(*, sockets: Path, port: int, durable: bool, shared_memory: str) -> str:
    """Text of ``postgresql.conf``.

    Parameters
    ----------
    sockets
        The private directory that holds the server's only socket.
    port
        Names the socket; no TCP port is opened.
    durable
        False trades safety against power loss for speed: for throw-away clusters in tests.
    shared_memory
        ``posix``, or ``sysv`` where the server's account may not write to ``/dev/shm``.
    """
    values = _access(sockets, port) | _memory() | _planner() | _journal(durable=durable) | _log()
    values["dynamic_shared_memory_type"] = shared_memory
    lines = (f"{name} = '{_quoted(value)}'" for name, value in values.items())
    return "\n".join([*lines, "include_if_exists = 'local.conf'", ""])


def _access(sockets: Path, port: int) -> dict[str, str]:
    return {
        "listen_addresses": "",
        "unix_socket_directories": _socket_list_entry(sockets),
        "unix_socket_permissions": "0700",
        "port": str(port),
        "max_connections": "100",
        "timezone": "UTC",
        "cluster_name": "wangge",
    }


def _memory() -> dict[str, str]:
    memory_mb = _machine_memory_mb()
    return {
        "shared_buffers": f"{_between(64, memory_mb // 8, 2048)}MB",
        "effective_cache_size": f"{_between(256, memory_mb // 2, 65536)}MB",
        "work_mem": f"{_between(8, memory_mb // 256, 64)}MB",
        "maintenance_work_mem": f"{_between(64, memory_mb // 32, 512)}MB",
    }


def _planner() -> dict[str, str]:
    # compiling a query costs more than it saves at the sizes of one zone
    return {"jit": "off", "random_page_cost": "1.1", "effective_io_concurrency": "100"}


def _journal(*, durable: bool) -> dict[str, str]:
    values = {
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
    }
    if not durable:
        values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return values


def _log() -> dict[str, str]:
    """Seven files, one a weekday; never a statement or a value, which may be about a person."""
    return {
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "postgresql-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
    }


def _machine_memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MB


def _between(least: int, value: int, most: int) -> int:
    return max(least, min(value, most))


def _socket_list_entry(directory: Path) -> str:
    """One entry of a comma-separated list, whatever characters its path has."""
    return '"' + str(directory).replace('"', '""') + '"'


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")
