"""Hostile and broken files are refused, each for its own reason."""

from __future__ import annotations

import stat
import struct
import zipfile

import pytest

from geo.boundaries.limits import Limits
from geo.boundaries.read import ReadOptions, read_features
from geo.errors import InvalidFile
from tests.geo.boundaries.files import geojson, layer, ring, shapefile, write, zipped, zipped_shapefile


def read(path, **options):
    return read_features(path, ReadOptions(**options), storage_crs="EPSG:4490", kind="polygon")


def refused(path, match, **options):
    with pytest.raises(InvalidFile, match=match):
        read(path, **options)


@pytest.mark.parametrize(
    "name",
    [
        "PG:host=example.org dbname=x",
        "MYSQL:db",
        "/vsicurl/http://example.org/a.gpkg",
        "vsizip/a.zip",
        "http://example.org/a.geojson",
        "file:///etc/passwd",
        "GPKG:/tmp/a.gpkg:layer",
        "a\0.gpkg",
    ],
)
def test_addresses_and_connections_are_no_files(name):
    refused(name, "not a file on this machine")


def test_missing_empty_and_folder(tmp_path):
    refused(tmp_path / "none.gpkg", "no such file")
    (tmp_path / "empty.gpkg").touch()
    refused(tmp_path / "empty.gpkg", "is empty")
    refused(tmp_path, "is a folder")


def test_unknown_suffix(tmp_path):
    path = tmp_path / "grids.vrt"
    path.write_text("<OGRVRTDataSource/>")
    refused(path, "'.vrt' are not read")


def test_size_limit(tmp_path):
    path = write(layer(), tmp_path / "a.gpkg")
    refused(path, "more than the 0 MB", limits=Limits(file_bytes=1000))


@pytest.mark.parametrize(
    "suffix", [".kml", ".gpkg", ".geojson", ".shp", ".fgb", ".osm", ".gpx", ".pbf", ".tab", ".parquet"]
)
def test_a_virtual_file_under_another_name_is_not_opened(tmp_path, suffix):
    # GDAL chooses its driver by content: this one would read the other file.
    other = geojson(tmp_path / "other.geojson", ring((0, 0), (1, 0), (1, 1), (0, 0)))
    path = tmp_path / f"grids{suffix}"
    path.write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="other"><SrcDataSource>{other}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    refused(path, r"not what its suffix|no readable XML")


def test_json_that_is_a_command_is_not_opened(tmp_path):
    path = tmp_path / "grids.json"
    path.write_text(
        '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /etc/passwd"}'
    )
    refused(path, "no GeoJSON")
    path.write_text('{"type": "FeatureCollection", "features": [')
    refused(path, "damaged JSON")


@pytest.mark.parametrize(("suffix", "root"), [(".kml", "kml"), (".gpx", "gpx"), (".osm", "osm")])
def test_xml_with_entities_is_not_opened(tmp_path, suffix, root):
    laughs = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(9))
    path = tmp_path / f"laughs{suffix}"
    path.write_text(f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><{root}>&l9;</{root}>')
    refused(path, "document type or entities")
    path.write_text(
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><{root}>&e;</{root}>', encoding="utf-16"
    )
    refused(path, "document type or entities")


def test_xml_that_is_none(tmp_path):
    path = tmp_path / "a.kml"
    path.write_text("<kml")
    refused(path, "no readable XML")


def test_archive_with_paths_outside_its_folder(tmp_path):
    for name in ("../evil.shp", "/etc/evil.shp", "a/../../evil.shp", "C:\\evil.shp", "..\\evil.shp"):
        refused(zipped(tmp_path / "a.zip", [(name, b"x")]), "outside its own folder")
    assert not list(tmp_path.parent.glob("evil*"))


def test_archive_with_a_link(tmp_path):
    link = zipfile.ZipInfo("link.shp")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    refused(zipped(tmp_path / "a.zip", [(link, b"/etc/passwd")]), "link or device")


def test_archive_bomb_by_its_stated_size(tmp_path):
    path = zipped(tmp_path / "bomb.zip", [("a.shp", b"\0" * 20_000_000)])
    refused(path, "200-fold")
    refused(path, "unpacks to more than 1 MB", limits=Limits(unpacked_bytes=1_000_000))


def test_archive_bomb_that_lies_about_its_size(tmp_path):
    path = zipped(tmp_path / "bomb.zip", [("a.shp", b"\0" * 20_000_000)])
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02")
    struct.pack_into("<I", raw, at + 24, 1000)  # the size that the directory states
    path.write_bytes(raw)
    refused(path, r"200-fold|no readable zip archive")


def test_archive_in_an_archive(tmp_path):
    refused(zipped(tmp_path / "a.zip", [("inner.zip", b"PK")]), "another archive")


def test_archive_with_too_many_members(tmp_path):
    path = zipped(tmp_path / "a.zip", [(f"{i}.txt", b"x") for i in range(20)])
    refused(path, "20 files; at most 10", limits=Limits(members=10))


def test_archive_that_is_encrypted_damaged_or_holds_nothing(tmp_path):
    path = zipped(tmp_path / "a.zip", [("a.shp", b"x")])
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    raw[6] |= 1
    path.write_bytes(raw)
    refused(path, "encrypted")
    path.write_bytes(b"PK\x03\x04 no archive")
    refused(path, "no readable zip")
    refused(zipped(path, [("readme.doc", b"x")]), "no layer that can be read")


def test_archive_with_two_shapefiles(tmp_path):
    shp = shapefile(tmp_path)
    members = [(f"{n}{p.suffix}", p.read_bytes()) for n in "ab" for p in sorted(tmp_path.glob("grids.*"))]
    refused(zipped(tmp_path / "two.zip", members), "2 layers")
    assert len(read(zipped_shapefile(shp, tmp_path / "one.zip")).frame) == 2


def test_too_many_features_and_vertices(tmp_path):
    path = write(layer(), tmp_path / "a.gpkg")
    refused(path, "more than 1 features", limits=Limits(features=1))
    refused(path, "more than 4; simplify", limits=Limits(feature_vertices=4))
    refused(path, "more than 8 vertices", limits=Limits(vertices=8))


def test_damaged_files(tmp_path):
    for name in ("a.gpkg", "a.fgb", "a.parquet"):
        path = tmp_path / name
        if name.endswith("parquet"):
            layer().to_parquet(path)
        else:
            write(layer(), path)
        path.write_bytes(path.read_bytes()[:150])
        refused(path, r"cannot be read|no layer")


def test_neighbours_of_a_file_cannot_speak_for_it(tmp_path):
    path = shapefile(tmp_path, without=(".prj",))
    (tmp_path / "grids.qpj").write_text('GEOGCS["WGS 84"]')
    (tmp_path / "grids.shp.aux.xml").write_text("<PAMDataset><SRS>EPSG:4326</SRS></PAMDataset>")
    refused(path, "without .prj")
