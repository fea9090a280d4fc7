"""A file of points in, the same with the chain of every row out, beside only reading and writing it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from bench.ground import Ground
from bench.measuring import Comparison, Figures, rates
from geo.geocode_files import FileOptions, geocode_file
from geo.locate.chain import ChainLocator
from geo.streams.rows import BATCH_ROWS
from geo.streams.writers import write_parquet

TITLE = "Files"
ROWS, ROUNDS = 10_000_000, 3
CATEGORIES = ("public", "dispute", "safety", "sanitation")


def measure(ground: Ground) -> list[Figures]:
    source, whole, codes, copy = (
        ground.folder / f"{name}.parquet" for name in ("points", "all", "one", "copy")
    )
    _write(ground, source)
    chain = ChainLocator.from_frames(ground.all_grids, ground.buildings)
    everything = FileOptions(lon="lon", lat="lat", crs="EPSG:4490")
    one_level = replace(everything, level=3)
    work = {
        "wangge geocode": lambda: geocode_file(source, whole, chain, everything, force=True),
        "wangge geocode --level 3": lambda: geocode_file(source, codes, chain, one_level, force=True),
        "only reading and writing": lambda: _copy(source, copy),
    }
    figures = {name: rate / 1e6 for name, rate in rates(work, amount=ROWS, rounds=ROUNDS).items()}
    added = [name for name in parquet.read_schema(whole).names if name not in parquet.read_schema(copy).names]
    source_mb, whole_mb, codes_mb = (path.stat().st_size / 1e6 for path in (source, whole, codes))
    note = (
        f"Four columns, {source_mb:.0f} MB in; with {', '.join(added)} {whole_mb:.0f} MB out, with the "
        f"codes of one level {codes_mb:.0f} MB. Reading and writing alone takes the same readers, writers "
        "and batches."
    )
    return [Comparison(f"{ROWS:,} rows of Parquet", "M rows/s", figures, True, note)]


def _write(ground: Ground, path: Path) -> None:
    points = ground.points(ROWS, seed=10)
    category = np.random.default_rng(11).integers(0, len(CATEGORIES), ROWS).astype(np.int32)
    table = pa.table(
        {
            "id": np.arange(ROWS),
            "category": pa.DictionaryArray.from_arrays(category, list(CATEGORIES)).cast(pa.string()),
            "lon": points[:, 0].round(7),
            "lat": points[:, 1].round(7),
        }
    )
    parquet.write_table(table, path, row_group_size=4 * BATCH_ROWS)


def _copy(source: Path, target: Path) -> None:
    with parquet.ParquetFile(source) as file:
        write_parquet(target, file.schema_arrow, file.iter_batches(BATCH_ROWS))
