"""A frame of points in a notebook: its rows with their grid chain."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from geopandas import GeoDataFrame
from pyarrow import compute as pc

from geo.crs import parse_crs
from geo.errors import InvalidInput
from geo.locate.chain import ChainLocator
from geo.streams.chain_columns import ChainColumns, add_chain
from geo.streams.geometry import Geometry
from geo.streams.places import Place


def geocode_frame(
    frame: GeoDataFrame,
    chain: ChainLocator,
    *,
    crs: str | None = None,
    level: int | None = None,
    prefix: str = "",
) -> GeoDataFrame:
    """Add the grid chain of each row to a frame, as ``wangge geocode`` does to a file.

    Parameters
    ----------
    frame
        Points, or geometries that are located by a point inside them.
    chain
        From :func:`geo.chain_locator`.
    crs
        CRS of the geometries when it is one that frames cannot declare (``GCJ-02``, ``BD-09``); the frame's
        own when None.
    level
        The one level whose codes are added; all when None.
    prefix
        What the names of the new columns begin with.

    Returns
    -------
    GeoDataFrame
        A new frame of the same rows and index with ``grid1_code`` … ``building_code`` (missing for none),
        ``place_status`` and ``place_reason``.

    Raises
    ------
    InvalidInput
        No CRS is declared, or a name of a new column is taken.
    """
    if crs is None and frame.crs is None:
        raise InvalidInput("the frame declares no CRS; say which with frame.set_crs(…) or crs=")
    columns = ChainColumns.of(chain, level=level, prefix=prefix)
    columns.check_free([str(name) for name in frame.columns])
    wkb = pa.array(shapely.to_wkb(shapely.force_2d(frame.geometry.to_numpy())), pa.binary())
    batch = pa.RecordBatch.from_arrays([wkb], names=["\0geometry"])
    place = Place(
        parse_crs(frame.crs if crs is None else crs), geometry=Geometry("\0geometry", "wkb", frame.crs)
    )
    located = add_chain(batch, columns, place)
    added = {
        name: _texts(located.column(name), frame.index)
        for name in located.schema.names
        if name != "\0geometry"
    }
    return frame.assign(**added)


def _texts(column: pa.DictionaryArray, index: pd.Index) -> pd.Series:
    words = np.array([*column.dictionary.to_pylist(), None], dtype=object)
    rows = pc.fill_null(column.indices.cast(pa.int32()), len(words) - 1).to_numpy()
    return pd.Series(words[rows], index=index, dtype="str")
