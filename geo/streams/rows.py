"""What every reader gives: an open stream of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from geo.streams.geometry import Geometry

#: Rows in a batch: few enough to be nothing in memory, enough to be done in one go.
BATCH_ROWS = 131_072
#: CRS of columns of longitude and latitude unless another is declared.
TABLE_CRS = "EPSG:4490"


def _unknown(_rows: int) -> float | None:
    return None


@dataclass
class Rows:
    """An open stream of rows, in order.

    Attributes
    ----------
    schema
        Of every batch; a batch may have the column ``reasons.BROKEN`` besides.
    geometry
        Where the rows' geometry is, if they have one.
    table_crs
        CRS of columns of coordinates when nobody declares one.
    share_done
        Of all there is to read, once so many rows are done; None when it cannot be told.
    notes
        What a person should know of how it was read.
    """

    name: str
    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    geometry: Geometry | None = None
    table_crs: str | None = TABLE_CRS
    share_done: Callable[[int], float | None] = _unknown
    notes: tuple[str, ...] = ()
