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
from geo.offsets import BOX, bd09_to_gcj02, gcj02_to_bd09, gcj02_to_wgs84, in_box, wgs84_to_gcj02

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


# Cities as a map service converts them, to seven digits: test/fixtures/china-cities.json of gcoord (MIT),
# https://github.com/hujiulong/gcoord. Its own tests allow 5e-5 degree for GCJ-02 and 5e-6 for BD-09.
CITIES = np.array(
    [  # WGS 84, GCJ-02, BD-09
        (114.0164322, 33.0133556, 114.022306, 33.0115324, 114.0287781, 33.0176697),
        (111.4622119, 27.242124, 111.4677938, 27.2388981, 111.4742271, 27.2451662),
        (92.0499619, 31.4784436, 92.0512438, 31.4762063, 92.0576832, 31.4824421),
        (123.4253306, 41.8032629, 123.4314787, 41.8057023, 123.438095, 41.8114013),
        (98.4937175, 39.7319946, 98.4943595, 39.7328234, 98.5008441, 39.7388949),
        (108.6503952, 21.9828281, 108.6541485, 21.9799392, 108.6607283, 21.9856319),
        (116.0414035, 43.9312805, 116.0482308, 43.9334573, 116.0546232, 43.9397782),
        (118.6711365, 24.8770487, 118.6756787, 24.8741363, 118.6821251, 24.8804872),
    ]
).T


def test_cities_agree_with_a_map_service():
    wgs84, gcj02, bd09 = CITIES[0:2], CITIES[2:4], CITIES[4:6]
    assert np.allclose(wgs84_to_gcj02(*wgs84), gcj02, rtol=0, atol=6e-6)
    assert np.allclose(gcj02_to_wgs84(*gcj02), wgs84, rtol=0, atol=6e-6)
    assert np.allclose(gcj02_to_bd09(*gcj02), bd09, rtol=0, atol=1e-7)
    assert np.allclose(bd09_to_gcj02(*bd09), gcj02, rtol=0, atol=1e-7)


def test_the_inverses_agree_with_those_of_gcoord():
    # test/unit/crs/GCJ02.spec.ts and BD09.spec.ts of gcoord; its inverses are good to about 1e-6 degree.
    place = np.array([123.0]), np.array([45.0])
    assert np.allclose(np.ravel(gcj02_to_wgs84(*place)), [122.99395597, 44.99804071], rtol=0, atol=1e-6)
    assert np.allclose(np.ravel(bd09_to_gcj02(*place)), [122.99363304, 44.99365430], rtol=0, atol=1e-6)


@settings(deadline=None, max_examples=200)
@given(
    edge=st.sampled_from([(0, BOX[0]), (0, BOX[2]), (1, BOX[1]), (1, BOX[3])]),
    beyond=st.floats(-0.02, 0.02),
    along=st.floats(0.0, 1.0),
)
def test_inverses_hold_along_the_edge_of_the_box(edge, beyond, along):
    axis, value = edge
    place = [BOX[0] + along * (BOX[2] - BOX[0]), BOX[1] + along * (BOX[3] - BOX[1])]
    place[axis] = value + beyond
    lon, lat = np.array([place[0]]), np.array([place[1]])
    sent = wgs84_to_gcj02(lon, lat)
    found = gcj02_to_wgs84(*sent)
    if in_box(lon, lat)[0]:
        assert np.allclose(found, (lon, lat), rtol=0, atol=1e-9)
    else:  # the forward formula is not one-to-one within a kilometre outside: any point that leads there
        assert np.ravel(sent).tolist() == [lon[0], lat[0]]
        assert np.allclose(wgs84_to_gcj02(*found), sent, rtol=0, atol=1e-9)


def test_arrays_of_any_shape_and_missing_values_pass_through():
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(BOX[0], BOX[2], (300, 200)), rng.uniform(BOX[1], BOX[3], (300, 200))
    lon[0, 0], lat[1, 1] = np.nan, np.nan
    back = gcj02_to_wgs84(*bd09_to_gcj02(*gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))))
    assert np.nanmax(np.abs(back[0] - lon)) < 1e-9
    assert np.nanmax(np.abs(back[1] - lat)) < 1e-9
    assert np.isnan(back[0][0, 0])
    assert np.isnan(back[1][1, 1])


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
