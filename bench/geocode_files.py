"""``wangge geocode``: Parquet in and out, beside only reading and writing it; one worker and two."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet
from sqlalchemy.orm import Session

from bench.ground import TODAY, Ground
from bench.measuring import Comparison, rates
from geo.geocode_files import geocode_file
from geo.geocode_parts import geocode_parts
from geo.ground import chain_locator
from geo.locate.chain import ChainLocator
from geo.streams.ahead import ahead
from geo.streams.readers import open_rows
from geo.streams.writers import write_parquet

TITLE = "Files of points"
ROWS, PARTS, PART_ROWS, BLOCK = 10_000_000, 16, 1_000_000, 1_000_000
MEMORY = """
import resource, sys
from geo.geocode_files import geocode_file
from geo.locate.chain import ChainLocator
geocode_file(sys.argv[1], sys.argv[2], ChainLocator.load(sys.argv[3]), force=True)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measure(ground: Ground) -> list[Comparison]:
    with Session(ground.engine) as session:
        chain = chain_locator(session, TODAY)
    chain.save(ground.folder / "chain")
    return [_one_file(ground, chain), _memory(ground), _cluster(ground, chain)]


def _one_file(ground: Ground, chain: ChainLocator) -> Comparison:
    source, target = ground.folder / "points.parquet", ground.folder / "located.parquet"
    write_points(source, ROWS, ground)
    work = {
        "wangge geocode": lambda: geocode_file(source, target, chain, force=True),
        "only reading and writing": lambda: _copy(source, target),
    }
    figures = {name: rate / 1e6 for name, rate in rates(work, amount=ROWS, rounds=3).items()}
    note = (
        "Six columns are added: codes of three levels and of the building, status and reason. The copy reads "
        "and writes in two threads as ours does, in batches and row groups of the same size."
    )
    return Comparison(f"{ROWS:,} rows of Parquet, 5 columns", "M rows/s", figures, True, note)


def _memory(ground: Ground) -> Comparison:
    peaks = {}
    for rows in (ROWS, ROWS // 10):
        source = ground.folder / f"{rows}.parquet"
        write_points(source, rows, ground)
        files = (source, ground.folder / "out.parquet", ground.folder / "chain")
        command = [sys.executable, "-c", MEMORY, *map(str, files)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        peaks[f"{rows:,} rows"] = float(done.stdout)
    note = f"All of the process; this one, with the demo loaded, has {_own_mb():,.0f} MB."
    return Comparison("most memory while geocoding Parquet", "MB", peaks, False, note)


def _cluster(ground: Ground, chain: ChainLocator) -> Comparison:
    folder = ground.folder / "parts"
    folder.mkdir()
    for number in range(PARTS):
        write_points(folder / f"{number:02}.parquet", PART_ROWS, ground)

    def run(workers: int) -> None:
        shutil.rmtree(ground.folder / "located", ignore_errors=True)
        geocode_parts(str(folder), ground.folder / "located", chain, workers=workers)

    work = {"two workers": lambda: run(2), "one worker": lambda: run(1)}
    figures = {name: rate / 1e6 for name, rate in rates(work, amount=PARTS * PART_ROWS, rounds=2).items()}
    note = "Starting and ending the cluster included. Each worker reads and writes in two threads."
    return Comparison(
        f"{PARTS} parts of {PART_ROWS:,} rows, Dask on this machine", "M rows/s", figures, True, note
    )


def write_points(path: Path, rows: int, ground: Ground) -> None:
    """Rows with a number, a time, a word and a place, a million at a time."""
    words = np.array(["路灯", "噪音", "占道", "漏水", "邻里"])
    random = np.random.default_rng(rows)
    schema = pa.schema(
        [
            ("id", pa.int64()),
            ("time", pa.timestamp("s")),
            ("category", pa.string()),
            ("lon", pa.float64()),
            ("lat", pa.float64()),
        ]
    )
    with parquet.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, BLOCK):
            count = min(BLOCK, rows - start)
            places = ground.points(count, seed=start)
            columns = [
                np.arange(start, start + count),
                pa.array(random.integers(1_600_000_000, 1_700_000_000, count)).cast(pa.timestamp("s")),
                pa.array(words[random.integers(0, len(words), count)]),
                places[:, 0].round(7),
                places[:, 1].round(7),
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))


def _copy(source: Path, target: Path) -> None:
    with open_rows(source) as rows:
        write_parquet(target, rows.schema, ahead(rows.batches))


def _own_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
