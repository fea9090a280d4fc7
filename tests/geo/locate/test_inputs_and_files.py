"""What points and layers may look like, distances, threads, and indexes saved to files."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, box

from geo.errors import InvalidFile, InvalidInput
from geo.locate import files
from geo.locate.index import Locator
from tests.geo.locate.test_exactness import organic, telling_points

GEOD = pyproj.Geod(ellps="WGS84")


def cells_near_pingxiang() -> gpd.GeoDataFrame:
    cells = [
        shapely.transform(cell, lambda points: [113.8, 27.6] + points * 0.01) for cell in organic(6, 6, 3)
    ]
    return gpd.GeoDataFrame(geometry=cells, index=[f"G{i:02d}" for i in range(36)], crs="EPSG:4490")


@pytest.fixture(scope="module")
def layer() -> gpd.GeoDataFrame:
    return cells_near_pingxiang()


@pytest.fixture(scope="module")
def locator(layer: gpd.GeoDataFrame) -> Locator:
    return Locator.from_frame(layer)


@pytest.fixture(scope="module")
def points(layer: gpd.GeoDataFrame) -> np.ndarray:
    return telling_points(layer.geometry.tolist())


def test_every_kind_of_array_gives_the_same(locator: Locator, points: np.ndarray) -> None:
    x, y = points[:, 0].copy(), points[:, 1].copy()
    truth = locator.locate(lon=x, lat=y)
    fixed = x.copy()
    fixed.setflags(write=False)
    assert (locator.locate(lon=fixed, lat=y) == truth).all()
    assert (locator.locate(lon=points[:, 0], lat=points[:, 1]) == truth).all()  # strided
    assert (locator.locate(lon=x[::-1], lat=y[::-1]) == truth[::-1]).all()
    assert (locator.locate(lon=x.tolist(), lat=y.tolist()) == truth).all()
    assert (locator.locate(lon=x.astype(">f8"), lat=y) == truth).all()
    assert (locator.locate(lon=x, lat=y, threads=2) == truth).all()
    short = x.astype(np.float32), y.astype(np.float32)
    wide = short[0].astype(np.float64), short[1].astype(np.float64)
    assert (locator.locate(lon=short[0], lat=short[1]) == locator.locate(lon=wide[0], lat=wide[1])).all()
    assert truth.dtype == np.int32


def test_what_is_not_finite_is_nowhere(locator: Locator) -> None:
    nan, inf = np.nan, np.inf
    found = locator.locate(
        lon=[nan, inf, -inf, 113.82, 1e300, 113.82], lat=[27.62, 27.62, 27.62, nan, 1e300, 27.62]
    )
    assert (found[:5] == -1).all()
    assert found[5] >= 0
    rows, metres = locator.nearest(lon=[nan, 113.82], lat=[27.62, inf])
    assert rows.tolist() == [-1, -1]
    assert np.isnan(metres).all()
    assert locator.locate(lon=[], lat=[]).tolist() == []
    assert locator.locate_points(np.array([None, Point(), Point(113.82, 27.62)], dtype=object)).tolist()[
        :2
    ] == [-1, -1]


def test_many_threads_ask_at_once(locator: Locator, points: np.ndarray) -> None:
    truth = locator.locate(lon=points[:, 0], lat=points[:, 1])
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda _: locator.locate(lon=points[:, 0], lat=points[:, 1]), range(64))
        assert all((answer == truth).all() for answer in answers)


def test_blocks_meet_without_a_seam(locator: Locator) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.uniform(113.79, 113.87, 600_001), rng.uniform(27.59, 27.67, 600_001)
    whole = locator.locate(lon=x, lat=y)
    assert (locator.locate(lon=x, lat=y, threads=3) == whole).all()
    assert (locator.locate(lon=x[::1][::-1], lat=y[::-1])[::-1] == whole).all()


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)]), "declares no CRS"),
        (gpd.GeoDataFrame(geometry=[Point(0, 0)], crs=4490), "no polygons"),
        (gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)] * 2, index=["a", "a"], crs=4490), "repeat"),
        (
            gpd.GeoDataFrame(geometry=[Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])], index=["bow"], crs=4490),
            "bow: Self-intersection",
        ),
        (
            gpd.GeoDataFrame(geometry=[Polygon([(0, 0), (1e120, 0), (1e120, 1e120)])], crs=4490),
            "beyond 1e100",
        ),
    ],
)
def test_layers_that_cannot_be_indexed_are_refused(frame: gpd.GeoDataFrame, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        Locator.from_frame(frame)


def test_layers_with_nothing_in_them() -> None:
    for shapes in ([], [None], [Polygon(), MultiPolygon(), None]):
        empty = Locator.from_frame(gpd.GeoDataFrame(geometry=shapes, crs=4490))
        assert len(empty) == len(shapes)
        assert empty.locate(lon=[0.0, 1.0], lat=[0.0, 1.0]).tolist() == [-1, -1]
        assert empty.locate_all(lon=[0.0], lat=[0.0])[0].tolist() == [0, 0]
        assert empty.nearest(lon=[0.0], lat=[0.0])[0].tolist() == [-1]


def test_the_nearest_polygon_and_its_distance(layer: gpd.GeoDataFrame, locator: Locator) -> None:
    rng = np.random.default_rng(2)
    x, y = rng.uniform(113.7, 113.96, 400), rng.uniform(27.5, 27.76, 400)
    rows, metres = locator.nearest(lon=x, lat=y)
    inside = locator.locate(lon=x, lat=y)
    assert (rows[inside >= 0] == inside[inside >= 0]).all()
    assert (metres[inside >= 0] == 0).all()
    corners = shapely.get_coordinates(shapely.segmentize(layer.geometry.to_numpy(), 2e-5))
    for i in np.flatnonzero(inside < 0)[:60]:
        lon, lat = np.full(len(corners), x[i]), np.full(len(corners), y[i])
        geodesic = GEOD.inv(lon, lat, corners[:, 0], corners[:, 1])[2].min()
        assert metres[i] == pytest.approx(geodesic, rel=1e-3, abs=0.5)


def test_distances_in_the_layers_own_metres() -> None:
    metric = Locator.from_frame(
        gpd.GeoDataFrame(geometry=[box(0, 0, 10, 10), box(30, 0, 40, 10)], crs="EPSG:4547")
    )
    rows, metres = metric.nearest(lon=[15.0, 26.0, 20.0, 5.0], lat=[5.0, 5.0, 5.0, 5.0])
    assert rows.tolist() == [0, 1, 0, 0]
    assert metres.tolist() == [5.0, 4.0, 10.0, 0.0]
    feet = Locator.from_frame(gpd.GeoDataFrame(geometry=[box(0, 0, 10, 10)], crs="EPSG:2225"))
    with pytest.raises(InvalidInput, match="foot"):
        feet.nearest(lon=[50.0], lat=[5.0])


def test_a_saved_index_answers_as_before(locator: Locator, points: np.ndarray, tmp_path: Path) -> None:
    file = tmp_path / "grids.index"
    locator.save(file)
    assert [path.name for path in tmp_path.iterdir()] == ["grids.index"]
    loaded = Locator.load(file)
    assert loaded.crs == locator.crs
    x, y = points[:, 0], points[:, 1]
    assert (loaded.locate(lon=x, lat=y) == locator.locate(lon=x, lat=y)).all()
    for mine, other in zip(loaded.locate_all(lon=x, lat=y), locator.locate_all(lon=x, lat=y), strict=True):
        assert (mine == other).all()
    assert (loaded.nearest(lon=x, lat=y)[0] == locator.nearest(lon=x, lat=y)[0]).all()


def _is_refused(file: Path) -> bool:
    try:
        Locator.load(file)
    except InvalidFile:
        return True
    return False


def test_damaged_and_foreign_files_are_refused(locator: Locator, tmp_path: Path) -> None:
    file = tmp_path / "grids.index"
    locator.save(file)
    whole = file.read_bytes()
    rng = np.random.default_rng(0)
    for place in [0, 17, 25, 60, *rng.integers(64, len(whole), 40)]:
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        file.write_bytes(damaged)
        if whole[place] == 0 and not _is_refused(file):
            continue  # the filling between arrays carries no meaning
        with pytest.raises(InvalidFile, match=r"grids\.index"):
            Locator.load(file)
    for content in (b"", whole[:30], whole[:-1], whole + b"x", b"GIF89a" * 100):
        file.write_bytes(content)
        with pytest.raises(InvalidFile):
            Locator.load(file)
    with pytest.raises(InvalidFile, match="cannot be read"):
        Locator.load(tmp_path / "missing")
    file.write_bytes(whole[:16] + (99).to_bytes(4, "little") + whole[20:])
    with pytest.raises(InvalidFile, match="version 99"):
        Locator.load(file)


def test_a_header_that_reaches_beyond_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x"
    files.write(file, "Locator", {}, {"a": np.arange(4.0)})
    raw = file.read_bytes()
    start = files._PRELUDE.size
    _, _, length, _ = files._PRELUDE.unpack(raw[:start])
    header = json.loads(raw[start : start + length])
    header["arrays"]["a"]["shape"] = [4000]
    changed = json.dumps(header).encode().ljust(length)
    prelude = files._PRELUDE.pack(files.MARK, files.VERSION, length, files.zlib.crc32(changed))
    file.write_bytes(prelude + changed + raw[start + length :])
    with pytest.raises(InvalidFile, match="does not fit"):
        files.read(file, "Locator")
