"""On what it was measured."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import text

from bench.ground import Ground

PACKAGES = (
    "numpy numba pandas pyarrow shapely geopandas sedonadb duckdb sqlalchemy psycopg2-binary fastapi uvicorn"
).split()


def circumstances() -> str:
    """Day, processor and load, in one line."""
    day = datetime.now(UTC).date().isoformat()
    return (
        f"{day}, {_processor()}, {os.cpu_count()} cores; load average {os.getloadavg()[0]:.1f} when it began"
    )


def describe(ground: Ground) -> str:
    """Machine and versions, as a list."""
    with ground.engine.connect() as connection:
        database = connection.scalar(text("SELECT version()")).split(" (")[0]
        postgis = connection.scalar(text("SELECT postgis_full_version()"))
    lines = [
        f"{_processor()}, {os.cpu_count()} cores, {_memory_gb():.0f} GB",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}; {database} (embedded, not durable)",
        str(postgis).replace('"', ""),
        ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    ]
    return "\n".join(f"- {line}" for line in lines) + "\n"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
