"""What is added to rows, held against asking for each row alone."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

import geo
from geo.crs import to_storage_xy
from geo.errors import InvalidInput
from geo.locate.chain import ChainLocator
from geo.locate.index import pick
from geo.streams.chain_columns import ChainColumns, Tally, add_chain
from geo.streams.places import Place, find_place
from tests.geo.streams.conftest import toy_chain

CHAIN = toy_chain()
axes = st.one_of(st.none(), st.floats(), st.floats(112.5, 115.5), st.floats(26.5, 28.5), st.just(0.0))
rows = st.lists(st.tuples(axes, axes), max_size=40)


def batch_of(pairs: list[tuple[float | None, float | None]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [
            pa.array([x for x, _ in pairs], pa.float64()),
            pa.array([f"行{i}" for i in range(len(pairs))]),
            pa.array([y for _, y in pairs], pa.float64()),
        ],
        names=["lon", "名称", "lat"],
    )


def as_text(rows: list[dict[str, object]]) -> list[str]:
    """Rows to compare: in them nan is equal to itself."""
    return [repr(row) for row in rows]


def place_in(crs: str, batch: pa.RecordBatch) -> Place:
    return find_place(batch.schema, None, crs=crs, default_crs=None, name="it")


@settings(deadline=None)
@given(rows, st.sampled_from(["EPSG:4490", "GCJ-02", "BD-09"]))
def test_each_row_gets_what_it_gets_alone(pairs: list, crs: str) -> None:
    batch = batch_of(pairs)
    found = add_chain(batch, ChainColumns.of(CHAIN), place_in(crs, batch))
    kept = found.select(batch.schema.names)
    assert kept.schema.equals(batch.schema)
    assert as_text(kept.to_pylist()) == as_text(batch.to_pylist())
    for (x, y), row in zip(pairs, found.to_pylist(), strict=True):
        if row["place_status"] in {"inside", "outside"}:
            lon, lat = to_storage_xy(x, y, crs=crs, storage_crs="EPSG:4490")
            alone = CHAIN.locate(lon=[lon], lat=[lat])
            codes = [pick(CHAIN.codes[level], alone.grids[level])[0] for level in (1, 2)]
            assert [row["grid1_code"], row["grid2_code"]] == codes
            assert row["building_code"] == ("H" if alone.buildings[0] >= 0 else None)
            assert (row["place_status"] == "inside") == (codes != [None, None])
            assert row["place_reason"] is None
        else:
            assert row["grid1_code"] is None
            assert row["place_reason"]


@settings(deadline=None)
@given(rows, st.integers(1, 7))
def test_batches_do_not_matter(pairs: list, size: int) -> None:
    batch, columns = batch_of(pairs), ChainColumns.of(CHAIN)
    place = place_in("EPSG:4490", batch)
    whole = add_chain(batch, columns, place).to_pylist()
    pieces = [add_chain(batch.slice(i, size), columns, place) for i in range(0, len(pairs), size)]
    assert as_text([row for piece in pieces for row in piece.to_pylist()]) == as_text(whole)
    tally = Tally()
    for piece in pieces:
        tally.add(piece)
    counted = pd.Series([row["place_status"] for row in whole], dtype=object).value_counts()
    assert tally.facts["place_status"] == counted.to_dict()
    assert tally.rows == len(pairs)


@pytest.mark.parametrize(
    ("x", "y", "crs", "status", "reason"),
    [
        (113.15, 27.15, "EPSG:4490", "inside", None),
        (116.0, 27.15, "EPSG:4490", "outside", None),
        (None, 27.15, "EPSG:4490", "no_coordinates", "no coordinates"),
        (float("inf"), 1.0, "EPSG:4490", "no_coordinates", "infinite"),
        (27.15, 113.15, "EPSG:4490", "no_coordinates", "swapped"),
        (500.0, 500.0, "EPSG:4490", "no_coordinates", "not on Earth"),
        (0.0, 0.0, "EPSG:4490", "null_island", "at 0,0"),
        (480_000.0, 3_055_000.0, "EPSG:4547", "inside", None),
        (1e30, 1e30, "EPSG:4547", "no_coordinates", "cannot be transformed"),
    ],
)
def test_a_row_without_a_place_says_why(
    x: float | None, y: float | None, crs: str, status: str, reason: str | None
) -> None:
    batch = batch_of([(x, y)])
    (row,) = add_chain(batch, ChainColumns.of(CHAIN), place_in(crs, batch)).to_pylist()
    assert row["place_status"] == status
    assert row["place_reason"] is None if reason is None else reason in row["place_reason"]


def test_names_that_are_taken_are_refused_with_the_cure() -> None:
    batch = batch_of([(113.5, 27.5)]).append_column("grid2_code", pa.array(["mine"]))
    place = place_in("EPSG:4490", batch)
    with pytest.raises(InvalidInput, match=r"grid2_code already.*--prefix"):
        add_chain(batch, ChainColumns.of(CHAIN), place)
    (row,) = add_chain(batch, ChainColumns.of(CHAIN, prefix="new_"), place).to_pylist()
    assert (row["grid2_code"], row["new_grid2_code"]) == ("mine", "A1")


def test_one_level_alone() -> None:
    batch = batch_of([(113.5, 27.5)])
    found = add_chain(batch, ChainColumns.of(CHAIN, level=2), place_in("EPSG:4490", batch))
    assert found.schema.names[3:] == ["grid2_code", "building_code", "place_status", "place_reason"]
    with pytest.raises(InvalidInput, match="level 3 has no grids"):
        ChainColumns.of(CHAIN, level=3)


def test_a_zone_without_buildings_has_none() -> None:
    grids = gpd.GeoDataFrame(
        {"level": [1], "parent_code": [None]}, geometry=[box(0, 0, 1, 1)], index=["A"], crs="EPSG:4490"
    )
    batch = batch_of([(0.5, 0.5)])
    chain = ChainLocator.from_frames(grids)
    (row,) = add_chain(batch, ChainColumns.of(chain), place_in("EPSG:4490", batch)).to_pylist()
    assert (row["grid1_code"], row["building_code"]) == ("A", None)


def test_a_frame_gets_the_chain_and_keeps_its_rows() -> None:
    shapes = [shapely.Point(113.15, 27.15), None, box(114.1, 27.1, 114.2, 27.2), shapely.Point(0, 0)]
    frame = gpd.GeoDataFrame({"n": [1, 2, 3, 4]}, geometry=shapes, index=list("dcba"), crs="EPSG:4490")
    found = geo.geocode_frame(frame, CHAIN)
    assert found.drop(columns=[n for n in found.columns if n not in frame.columns]).equals(frame)
    assert found["grid2_code"].fillna("").tolist() == ["A1", "", "A2", ""]
    assert found["building_code"].notna().tolist() == [True, False, False, False]
    assert found["place_status"].tolist() == ["inside", "no_coordinates", "inside", "null_island"]
    projected = geo.geocode_frame(frame.to_crs("EPSG:4547"), CHAIN, level=2, prefix="w_")
    assert projected["w_grid2_code"].isna().tolist() == [False, True, False, True]
    with pytest.raises(InvalidInput, match="declares no CRS"):
        geo.geocode_frame(gpd.GeoDataFrame(geometry=[shapely.Point(1, 1)]), CHAIN)
    assert np.array_equal(frame["n"], [1, 2, 3, 4])
