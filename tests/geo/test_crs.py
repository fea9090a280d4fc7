"""CRS declared on input, and the offset systems of Chinese web maps."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import from_storage_xy, parse_crs, to_storage, to_storage_xy
from geo.errors import InvalidInput
from geo.offsets import bd09_to_gcj02, gcj02_to_bd09, gcj02_to_wgs84, in_box, wgs84_to_gcj02

CHINA_LON = st.floats(73.0, 136.0)
CHINA_LAT = st.floats(3.0, 54.0)


# Published with the open converters eviltransform (its test table) and coordtransform (its README).
@pytest.mark.parametrize(
    ("lon", "lat", "gcj_lon", "gcj_lat"),
    [
        (121.5272106, 31.1774276, 121.531541859215, 31.17530398364597),
        (113.912316, 22.543847, 113.9171764808363, 22.540796131694766),
        (116.377817, 39.911954, 116.38404722455657, 39.91334545536069),
        (116.404, 39.915, 116.41024449916938, 39.91640428150164),
    ],
)
def test_gcj02_agrees_with_published_pairs(lon, lat, gcj_lon, gcj_lat):
    forward = wgs84_to_gcj02(np.array([lon]), np.array([lat]))
    assert np.allclose(np.ravel(forward), [gcj_lon, gcj_lat], rtol=0, atol=1e-11)
    back = gcj02_to_wgs84(np.array([gcj_lon]), np.array([gcj_lat]))
    assert np.allclose(np.ravel(back), [lon, lat], rtol=0, atol=1e-11)


def test_bd09_agrees_with_a_published_pair():
    forward = gcj02_to_bd09(np.array([116.404]), np.array([39.915]))
    assert np.allclose(np.ravel(forward), [116.41036949371029, 39.92133699351021], rtol=0, atol=1e-12)


def test_bd09_of_a_railway_station():
    # Beijing railway station as both map makers publish it, to five digits.
    lon, lat = bd09_to_gcj02(np.array([116.43351]), np.array([39.90851]))
    assert np.allclose([lon[0], lat[0]], [116.42703, 39.90245], rtol=0, atol=2e-5)


@settings(deadline=None)
@given(lon=CHINA_LON, lat=CHINA_LAT)
def test_offsets_are_undone_exactly(lon, lat):
    for name in ("GCJ-02", "BD-09"):
        sent = from_storage_xy(lon, lat, storage_crs="EPSG:4490", crs=name)
        x, y = to_storage_xy(*sent, crs=name, storage_crs="EPSG:4490")
        assert abs(x - lon) < 1e-9
        assert abs(y - lat) < 1e-9


@settings(deadline=None)
@given(lon=st.floats(-180, 60), lat=st.floats(-80, 80))
def test_gcj02_leaves_the_rest_of_the_world_alone(lon, lat):
    assert not in_box(np.array([lon]), np.array([lat]))[0]
    for convert in (wgs84_to_gcj02, gcj02_to_wgs84):
        assert np.ravel(convert(np.array([lon]), np.array([lat]))).tolist() == [lon, lat]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("gcj02", "GCJ-02"),
        ("GCJ-02", "GCJ-02"),
        ("Bd_09", "BD-09"),
        ("baidu", "BD-09"),
        ("cgcs2000", "EPSG:4490"),
        ("WGS 84", "EPSG:4326"),
        ("epsg:4547", "EPSG:4547"),
        (4490, "EPSG:4490"),
    ],
)
def test_declared_names(written, name):
    assert parse_crs(written).name == name


@pytest.mark.parametrize(
    "written",
    ["", "EPSG:0", "mars", "+proj=longlat +nadgrids=/etc/passwd", "EPSG:4326+5773", "EPSG:4978", "EPSG:5773"],
)
def test_unknown_names_are_refused_with_the_cure(written):
    with pytest.raises(InvalidInput, match=r"EPSG:4490|geographic"):
        parse_crs(written)


def test_longitude_comes_first_in_systems_that_define_latitude_first():
    # EPSG:4547 has its central meridian at 114° and is defined northing, easting.
    x, y = to_storage_xy(500_000.0, 3_054_000.0, crs="EPSG:4547", storage_crs="EPSG:4490")
    assert x == pytest.approx(114.0)
    assert 27.5 < y < 27.7


def test_points_that_cannot_be_transformed_become_nan():
    x, y = to_storage_xy(
        np.array([1e30, 500_000.0]), np.array([0.0, 3e6]), crs="EPSG:4547", storage_crs="EPSG:4490"
    )
    assert np.isnan(x[0])
    assert np.isnan(y[0])
    assert np.isfinite([x[1], y[1]]).all()


def test_a_swiss_system_keeps_its_datum_shift_on_the_way_to_cgcs2000():
    direct = to_storage_xy(2_758_000.0, 1_220_000.0, crs="EPSG:2056", storage_crs="EPSG:4326")
    stored = to_storage_xy(2_758_000.0, 1_220_000.0, crs="EPSG:2056", storage_crs="EPSG:4490")
    assert np.allclose(direct, stored, rtol=0, atol=1e-9)


def test_old_chinese_datums_are_called_rough():
    assert parse_crs("EPSG:4610").is_rough
    assert not parse_crs("EPSG:4547").is_rough
    assert not parse_crs("EPSG:3857").is_rough


def test_frames_and_geometries_lose_their_heights_and_keep_their_order():
    line = shapely.LineString([(113.8, 27.6, 5.0), (113.9, 27.7, 6.0)])
    frame = gpd.GeoDataFrame({"name": ["a"]}, geometry=[line], crs="EPSG:4326")
    moved = to_storage(frame, "GCJ-02", "EPSG:4490")
    assert moved.crs.to_epsg() == 4490
    assert not moved.geometry.iloc[0].has_z
    ends = shapely.get_coordinates(moved.geometry.iloc[0])
    expected = gcj02_to_wgs84(np.array([113.8, 113.9]), np.array([27.6, 27.7]))
    assert np.allclose(ends, np.column_stack(expected), rtol=0, atol=1e-12)
    points = to_storage(np.array([[113.8, 27.6]]), "EPSG:4490", "EPSG:4490")
    assert points.tolist() == [[113.8, 27.6]]
