"""On what it was measured."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import text

from bench.ground import Ground

PACKAGES = "numpy pandas pyarrow shapely geopandas sqlalchemy psycopg2-binary fastapi uvicorn".split()


def describe(ground: Ground) -> list[str]:
    """Machine and versions, one a line."""
    with ground.engine.connect() as connection:
        database = connection.scalar(text("SELECT version()")).split(" (")[0]
        postgis = connection.scalar(text("SELECT postgis_lib_version()"))
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    system = f"{platform.system()} {platform.release()}"
    return [
        f"{_processor()}, {os.cpu_count()} cores, {_memory_gb():.0f} GB; {system}",
        f"load average {os.getloadavg()[0]:.1f} when it began",
        f"Python {platform.python_version()}, {database}, PostGIS {postgis} (embedded, not durable)",
        packages,
    ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
