"""Memory does not grow with what streams through: peak of processes of their own, at two sizes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from geo.geocode_files import FileOptions, geocode_file
from tests.geo.streams.conftest import toy_chain

CHAIN = toy_chain()
FILES = """
import resource, sys
from geo.geocode_files import geocode_file
from tests.geo.streams.conftest import toy_chain
chain, (source, target) = toy_chain(), sys.argv[1:]
geocode_file(source, target, chain)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
BODIES = """
import resource, sys
from geo.streams.requests.answering import Kind, answer
from geo.streams.requests.asked import Asked
from tests.geo.streams.conftest import toy_chain
chain, (kind, rows) = toy_chain(), sys.argv[1:]
rows = int(rows)

def body():
    if kind == "JSON":
        yield b"["
        for i in range(rows // 1000):
            yield (b"," if i else b"") + b",".join([b'{"id":%d,"lon":113.5,"lat":27.5}' % i] * 1000)
        yield b"]"
    elif kind == "CSV":
        yield b"id,lon,lat\\n"
        yield from (b"%d,113.5,27.5\\n" % i * 1000 for i in range(rows // 1000))
    else:
        yield from (b'{"id":%d,"lon":113.5,"lat":27.5}\\n' % i * 1000 for i in range(rows // 1000))

class Source:
    def __init__(self):
        self.pieces, self.waiting, self.closed = body(), b"", False
    def readable(self):
        return True
    def read(self, size=-1):
        while len(self.waiting) < size:
            piece = next(self.pieces, b"")
            if not piece:
                break
            self.waiting += piece
        taken, self.waiting = self.waiting[:size], self.waiting[size:]
        return taken

written = sum(map(len, answer(Kind[kind], Source(), Asked(chain), str)))
assert written > 20 * rows, written
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak_mb(script: str, *arguments: object) -> float:
    """Most memory a process had, in megabytes."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) / 1024


def write_points(path: Path, rows: int) -> None:
    """Rows of Parquet, ten thousand at a time."""
    random = np.random.default_rng(1)
    schema = pa.schema([("n", pa.int64()), ("lon", pa.float64()), ("lat", pa.float64())])
    with parquet.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, 10_000):
            lon, lat = random.uniform(113, 115, 10_000), random.uniform(27, 28, 10_000)
            numbers = np.arange(start, start + 10_000)
            writer.write_table(pa.table({"n": numbers, "lon": lon, "lat": lat}))


@pytest.mark.parametrize(
    ("source", "target", "rows"),
    [
        ("parquet", "parquet", 1_500_000),
        ("csv", "csv", 1_000_000),
        ("arrows", "arrow", 1_000_000),
        ("ndjson", "geojson", 30_000),
        ("gpkg", "gpkg", 50_000),
    ],
)
def test_four_times_the_file_takes_no_more_memory(
    tmp_path: Path, source: str, target: str, rows: int
) -> None:
    peaks = []
    for count in (rows, 4 * rows):
        first, file = tmp_path / f"{count}.parquet", tmp_path / f"in-{count}.{source}"
        write_points(first, count)
        geocode_file(first, file, CHAIN, FileOptions(level=1, prefix="old_"))
        peaks.append(peak_mb(FILES, file, tmp_path / f"out-{count}.{target}"))
    small, large = peaks
    # four times what a row takes beyond the first peak would be far more than this
    assert large < small + 100, peaks


@pytest.mark.parametrize("kind", ["CSV", "NDJSON", "JSON"])
def test_ten_times_the_body_takes_no_more_memory(kind: str) -> None:
    small, large = (peak_mb(BODIES, kind, rows) for rows in (50_000, 500_000))
    assert large < small + 60, (small, large)
