"""Any vector file becomes one frame, and says how it was read."""

from __future__ import annotations

import gzip

import numpy as np
import pyogrio
import pytest
import shapely

from geo.boundaries.limits import Limits
from geo.boundaries.read import ReadOptions, read_features
from geo.crs import from_storage_xy
from geo.errors import InvalidFile, InvalidInput
from tests.geo.boundaries.files import (
    NAMES,
    SQUARES,
    geojson,
    layer,
    ring,
    shapefile,
    write,
    zipped,
    zipped_shapefile,
)

STORED = "EPSG:4490"


def read(path, kind="polygon", **options):
    return read_features(path, ReadOptions(**options), storage_crs=STORED, kind=kind)


def rules(file):
    return [(fault.row, fault.rule) for fault in file.faults]


#: FlatGeobuf puts features in the order of its index, unless told not to.
OPTIONS = {"a.mif": {"driver": "MapInfo File", "encoding": "UTF-8"}, "a.fgb": {"SPATIAL_INDEX": "NO"}}


@pytest.mark.parametrize(
    "name", ["a.gpkg", "a.geojson", "a.fgb", "a.shp", "a.parquet", "A B（网格）.gpkg", "a.mif"]
)
def test_every_format_gives_the_same_frame(tmp_path, name):
    path = tmp_path / name
    frame = layer(crs="EPSG:4326")
    if name.endswith("parquet"):
        frame.to_parquet(path)
    else:
        write(frame, path, **OPTIONS.get(name, {}))
    file = read(path)
    assert file.frame["name"].tolist() == NAMES
    assert shapely.equals_exact(
        shapely.normalize(file.frame.geometry.to_numpy()), shapely.normalize(np.array(SQUARES)), 1e-6
    ).all()
    assert file.frame.crs.to_epsg() == 4490
    assert file.faults == ()
    assert file.name == name
    assert len(file.sha256) == 64


def test_kml_and_kmz_lose_their_heights_and_say_so(tmp_path):
    frame = layer(crs="EPSG:4326").rename(columns={"name": "Name"})
    frame.geometry = shapely.force_3d(frame.geometry.to_numpy(), 12.0)
    path = write(frame, tmp_path / "a.kml", driver="KML")
    file = read(path)
    assert not shapely.has_z(file.frame.geometry.to_numpy()).any()
    assert any("heights (Z) of 2 features are dropped" in note for note in file.notes)
    packed = zipped(tmp_path / "a.kmz", [("doc.kml", path.read_bytes())])
    assert len(read(packed).frame) == 2


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("GBK", ["黄泥塘社区的居民住宅", "登岸下社区的工业园区"]),
        ("GB18030", ["黄泥塘社区的居民住宅", "登岸下社区的工业园区"]),
        ("BIG5", ["黃泥塘社區的居民住宅", "登岸下社區的工業園區"]),
        ("UTF-8", NAMES),
    ],
)
def test_shapefiles_keep_their_names_with_and_without_cpg(tmp_path, encoding, names):
    path = shapefile(tmp_path, layer(names), encoding)
    file = read(path)
    assert file.frame["name"].tolist() == names
    assert any(".cpg" in note for note in file.notes)
    path.with_suffix(".cpg").unlink()
    file = read(path)
    assert file.frame["name"].tolist() == names
    assert any("encoding" in note and ".cpg" not in note for note in file.notes), file.notes
    assert read(zipped_shapefile(path, tmp_path / "z.zip")).frame["name"].tolist() == names


def test_headings_in_gbk(tmp_path):
    frame = layer(["黄泥塘社区的居民住宅", "登岸下社区的工业园区"]).rename(
        columns={"code": "编码", "name": "名称"}
    )
    path = shapefile(tmp_path, frame, "GBK", without=(".cpg",))
    assert list(read(path).frame.columns[:2]) == ["编码", "名称"]


def test_a_wrong_encoding_is_an_error_not_garbage(tmp_path):
    path = shapefile(tmp_path, layer(), "GBK", without=(".cpg",))
    with pytest.raises(InvalidFile, match="no UTF-8 text"):
        read(path, encoding="UTF-8")
    path.with_suffix(".cpg").write_text("UTF-8")
    with pytest.raises(InvalidFile, match=r"declared by the .cpg"):
        read(path)
    assert read(path, encoding="gbk").frame["name"].tolist() == NAMES
    with pytest.raises(InvalidFile, match="'klingon' is not known"):
        read(path, encoding="klingon")


def test_text_too_short_to_tell_its_encoding_is_asked_about(tmp_path):
    # These bytes are common characters in both encodings.
    frame = layer([b"\xb0\xa1".decode("gbk"), b"\xb0\xa2".decode("gbk")])
    path = shapefile(tmp_path, frame, "GBK", without=(".cpg",))
    with pytest.raises(InvalidFile, match="say --encoding"):
        read(path)


def test_shapefile_without_prj_needs_a_declared_crs(tmp_path):
    path = shapefile(tmp_path, without=(".prj",))
    with pytest.raises(InvalidFile, match=r"without .prj; declare its CRS with --crs EPSG:4490"):
        read(path)
    assert read(path, crs="EPSG:4490").crs.name == "EPSG:4490"


def test_a_declared_crs_wins_and_is_said(tmp_path):
    path = write(layer(crs="EPSG:4326"), tmp_path / "a.gpkg")
    file = read(path, crs="GCJ-02")
    assert any("declared by --crs" in note and "not used" in note for note in file.notes)
    x, y = shapely.get_coordinates(file.frame.geometry.iloc[0])[0]
    sent = from_storage_xy(x, y, storage_crs=STORED, crs="GCJ-02")
    corners = shapely.get_coordinates(SQUARES[0])
    assert np.abs(corners - sent).max(axis=1).min() < 1e-9


def test_projected_coordinates(tmp_path):
    path = write(layer().to_crs("EPSG:4547"), tmp_path / "a.gpkg")
    moved = read(path).frame.geometry.to_numpy()
    assert shapely.equals_exact(shapely.normalize(moved), shapely.normalize(np.array(SQUARES)), 1e-8).all()


def test_geopackage_layers(tmp_path):
    path = write(layer(), tmp_path / "a.gpkg", layer="first")
    pyogrio.write_dataframe(layer(NAMES[::-1]), path, layer="second", append=True)
    with pytest.raises(InvalidFile, match="2 layers; choose one with --layer: first, second"):
        read(path)
    with pytest.raises(InvalidFile, match="no layer 'third'; it has first, second"):
        read(path, layer="third")
    assert read(path, layer="second").frame["name"].tolist() == NAMES[::-1]


def test_broken_geometries_are_faults_of_their_rows(tmp_path):
    bowtie = ring((113.8, 27.6), (113.81, 27.61), (113.81, 27.6), (113.8, 27.61), (113.8, 27.6))
    unclosed = ring((113.8, 27.6), (113.81, 27.6), (113.81, 27.61))
    two = ring((113.8, 27.6), (113.81, 27.6))
    good = ring((113.8, 27.6), (113.81, 27.6), (113.81, 27.61), (113.8, 27.6))
    point = {"type": "Point", "coordinates": [113.8, 27.6]}
    empty = {"type": "Polygon", "coordinates": []}
    path = geojson(tmp_path / "a.geojson", good, bowtie, unclosed, two, None, empty, point, good)
    file = read(path)
    assert rules(file) == [
        (2, "geometry-invalid"),
        (3, "geometry-broken"),
        (4, "geometry-broken"),
        (5, "geometry-missing"),
        (6, "geometry-empty"),
        (7, "geometry-kind"),
    ]
    assert file.frame.geometry.notna().tolist() == [True, False, False, False, False, False, False, True]
    assert "Self-intersection" in file.faults[0].message
    assert file.faults[0].geometry is not None


@pytest.mark.parametrize(
    "bad",
    [shapely.Point(np.nan, 27.6), shapely.Polygon([(113.8, 27.6), (np.inf, 27.6), (113.81, 27.61)])],
)
def test_coordinates_that_are_no_numbers(tmp_path, bad):
    frame = layer()
    frame.geometry = [SQUARES[0], bad]
    frame.to_parquet(tmp_path / "a.parquet")
    assert rules(read(tmp_path / "a.parquet", kind="polygon or point")) == [(2, "coordinates-not-finite")]


def test_coordinates_out_of_range(tmp_path):
    metres = ring((500000, 3e6), (500100, 3e6), (500100, 3.0001e6), (500000, 3e6))
    swapped = ring((27.6, 113.8), (27.6, 113.81), (27.61, 113.81), (27.6, 113.8))
    file = read(geojson(tmp_path / "a.geojson", metres, swapped))
    assert rules(file) == [(1, "coordinates-out-of-range"), (2, "coordinates-out-of-range")]
    assert "in metres" in file.faults[0].message
    assert "swapped" in file.faults[1].message


def test_coordinates_outside_a_projection(tmp_path):
    frame = layer()
    frame.geometry = [shapely.box(1e30, 0, 2e30, 1), SQUARES[1]]
    path = write(frame.set_crs("EPSG:4547", allow_override=True), tmp_path / "a.gpkg")
    assert (1, "coordinates-out-of-range") in rules(read(path))


POINTS = "lon,lat,名称\n113.85,27.65,甲\n,,乙\n113.86,27.66,丙\n"


@pytest.mark.parametrize(
    "content",
    [
        POINTS.encode(),
        b"\xef\xbb\xbf" + POINTS.encode(),
        POINTS.replace(",", ";").encode(),
        POINTS.replace(",", "\t").encode(),
        POINTS.replace(",", ";").replace("113.", "113,").replace("27.", "27,").encode(),
        POINTS.encode("utf-16"),
        gzip.compress(POINTS.encode(), mtime=0),
    ],
)
def test_csv_however_it_is_written(tmp_path, content):
    path = tmp_path / ("a.csv.gz" if content.startswith(b"\x1f\x8b") else "a.csv")
    path.write_bytes(content)
    file = read(path, kind="polygon or point")
    assert file.frame["名称"].tolist() == ["甲", "乙", "丙"]
    assert file.frame.geometry.x.dropna().tolist() == [113.85, 113.86]
    assert file.crs.name == "EPSG:4490"
    assert rules(file) == [(2, "geometry-missing")]


def test_csv_in_gbk_is_found_out(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("经度,纬度,名称\n113.85,27.65,黄泥塘社区的居民住宅\n".encode("gbk"))
    file = read(path, kind="polygon or point")
    assert file.frame["名称"].tolist() == ["黄泥塘社区的居民住宅"]
    assert any("GB18030" in note for note in file.notes)


def test_csv_with_wkt(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f'code,wkt\nA,"{SQUARES[0].wkt}"\nB,"POLYGON ((1 2"\n', encoding="utf-8")
    file = read(path)
    assert rules(file) == [(2, "geometry-broken")]


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"a,b\n1,2\n", "no columns of longitude and latitude"),
        (b"lon,lon\n1,2\n", "names a column twice"),
        (b"lon,,lat\n1,2,3\n", "has to name every column"),
        (b"lon,lat\n1,2,3\n", "cannot be read as CSV"),
        (b"lon,lat,n\n1,2,\xff\xff\xff\n", "encoding"),
    ],
)
def test_csv_that_cannot_be_read(tmp_path, content, match):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidFile, match=match):
        read(path, kind="any")


def test_csv_with_a_mapping(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("east,north\n113.85,27.65\n", encoding="utf-8")
    assert len(read(path, kind="any", mapping={"lon": "east", "lat": "north"}).frame) == 1
    with pytest.raises(InvalidInput, match="no column 'x'; it has east, north"):
        read(path, kind="any", mapping={"lon": "x", "lat": "north"})


def test_compressed_csv_that_never_ends(tmp_path):
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"lon,lat\n" + b"113.8,27.6\n" * 500_000))
    with pytest.raises(InvalidFile, match="unpacks to more than 1 MB"):
        read(path, kind="any", limits=Limits(unpacked_bytes=1_000_000))
