"""Files of every format into files of every format."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from shapely import box

from geo.errors import InvalidFile, InvalidInput
from geo.geocode_files import FileOptions, geocode_file
from geo.locate.chain import ChainLocator
from tests.geo.streams.conftest import small_csv, toy_chain

CHAIN = toy_chain()
SUFFIXES = "csv csv.gz tsv geojson geojsonl ndjson parquet gpkg arrow arrows".split()
ROWS = [
    ('甲, "x"', 113.15, 27.15, "A1", "H", "inside"),
    ("=1+1", 114.5, 27.5, "A2", None, "inside"),
    (None, 116.0, 27.5, None, None, "outside"),
    ("两\n行", None, None, None, None, "no_coordinates"),
    ("", 0.0, 0.0, None, None, "null_island"),
]
WANTED = [row[3:] for row in ROWS]


def points(path: Path) -> Path:
    """The rows as Parquet."""
    names, xs, ys = ([row[i] for row in ROWS] for i in range(3))
    table = pa.table({"name": names, "lon": pa.array(xs, pa.float64()), "lat": pa.array(ys, pa.float64())})
    parquet.write_table(table, path)
    return path


def read(path: Path) -> pd.DataFrame:
    """A file as an outsider reads it."""
    suffix = "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix
    readers: dict[str, Callable[[Path], pd.DataFrame]] = {
        ".csv": lambda path: pd.read_csv(path, dtype=str, encoding="utf-8-sig"),
        ".csv.gz": lambda path: pd.read_csv(path, dtype=str, encoding="utf-8-sig"),
        ".tsv": lambda path: pd.read_csv(path, sep="\t", dtype=str, encoding="utf-8-sig"),
        ".ndjson": lambda path: pd.DataFrame(map(json.loads, path.read_text("utf-8").splitlines())),
        ".parquet": lambda path: parquet.read_table(path).to_pandas(),
        ".arrow": lambda path: pa.ipc.open_file(path).read_all().to_pandas(),
        ".arrows": lambda path: pa.ipc.open_stream(path).read_all().to_pandas(),
    }
    return readers.get(suffix, pyogrio.read_dataframe)(path)


def codes(frame: pd.DataFrame, prefix: str = "") -> list[tuple]:
    columns = [f"{prefix}{name}" for name in ("grid2_code", "building_code", "place_status")]
    plain = frame[columns].astype(object)
    return list(plain.where(plain.notna(), None).itertuples(index=False, name=None))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_is_written_as_others_read_it(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out.{suffix}"
    summary = geocode_file(points(tmp_path / "in.parquet"), target, CHAIN)
    frame = read(target)
    assert codes(frame) == WANTED
    assert list(frame.columns[:3]) == ["name", "lon", "lat"]
    names = frame["name"].astype(object).where(frame["name"].notna(), None).tolist()
    assert names[:2] + names[3:4] == [ROWS[0][0], ROWS[1][0], ROWS[3][0]]
    assert summary.tally.facts["place_status"] == {
        "inside": 2,
        "outside": 1,
        "no_coordinates": 1,
        "null_island": 1,
    }


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_is_read_into_every_other(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / f"in.{suffix}"
    geocode_file(points(tmp_path / "points.parquet"), source, CHAIN)
    for other in SUFFIXES:
        target = tmp_path / f"again.{other}"
        geocode_file(source, target, CHAIN, FileOptions(prefix="z_"), force=True)
        frame = read(target)
        assert codes(frame, "z_") == codes(frame) == WANTED, other


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8) | st.sampled_from(
    ["=1", "@x", '"', ",", "\t", "a\nb", "'"]
)
tables = st.lists(
    st.tuples(st.none() | cells, st.floats(112.9, 115.1), st.integers(-(2**53), 2**53)),
    min_size=1,
    max_size=15,
)


@settings(max_examples=40, deadline=None)
@given(
    tables, st.sampled_from(list(itertools.product(["csv", "tsv", "ndjson", "parquet", "arrow"], repeat=2)))
)
def test_rows_keep_their_order_and_values(
    tmp_path_factory: pytest.TempPathFactory, rows: list, suffixes: tuple[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    texts, xs, numbers = ([row[i] for row in rows] for i in range(3))
    source = folder / "a.parquet"
    table = pa.table(
        {"text": pa.array(texts, pa.string()), "lon": xs, "lat": [27.5] * len(rows), "n": numbers}
    )
    parquet.write_table(table, source)
    for name, suffix in zip(("b", "c"), suffixes, strict=True):
        geocode_file(source, folder / f"{name}.{suffix}", CHAIN, FileOptions(prefix=name))
        source = folder / f"{name}.{suffix}"
    geocode_file(source, folder / "d.parquet", CHAIN, FileOptions(prefix="d"))
    found = parquet.read_table(folder / "d.parquet")
    assert found["text"].to_pylist() == texts
    assert [float(x) for x in found["lon"].to_pylist()] == xs
    assert [int(n) for n in found["n"].to_pylist()] == numbers
    assert found["bgrid2_code"].to_pylist() == found["dgrid2_code"].to_pylist()


def test_more_rows_than_a_batch_stay_in_order(tmp_path: Path) -> None:
    count = 300_000
    table = pa.table({"n": range(count), "lon": [113.5, 114.5, 116.0] * (count // 3), "lat": [27.5] * count})
    parquet.write_table(table, tmp_path / "in.parquet")
    geocode_file(tmp_path / "in.parquet", tmp_path / "out.csv", CHAIN)
    geocode_file(tmp_path / "out.csv", tmp_path / "out.parquet", CHAIN, FileOptions(prefix="z_"))
    found = parquet.read_table(tmp_path / "out.parquet")
    assert [int(n) for n in found["n"].to_pylist()] == list(range(count))
    assert found["z_grid2_code"].to_pylist() == ["A1", "A2", None] * (count // 3)


class TestGeometries:
    """A geometry's own place, or one inside it; the geometry itself is carried along."""

    shapes = (shapely.Point(113.15, 27.15), box(114.1, 27.1, 114.2, 27.2), None, shapely.Point(117, 27))
    wanted = (("A1", "H"), ("A2", None), (None, None), (None, None))

    def frame(self, crs: str = "EPSG:4490") -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame({"n": range(4)}, geometry=list(self.shapes), crs="EPSG:4490").to_crs(crs)

    @pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4547", "EPSG:4326"])
    @pytest.mark.parametrize("write", ["parquet", "gpkg", "feather", "geojson"])
    @pytest.mark.parametrize("suffix", ["parquet", "gpkg", "geojson", "geojsonl", "arrow"])
    def test_they_are_located_and_kept(self, tmp_path: Path, crs: str, write: str, suffix: str) -> None:
        source, target = tmp_path / f"in.{write}", tmp_path / f"out.{suffix}"
        frame = self.frame("EPSG:4326" if write == "geojson" else crs)
        {"parquet": frame.to_parquet, "feather": frame.to_feather}.get(write, frame.to_file)(source)
        geocode_file(source, target, CHAIN)
        readers: dict[str, Callable] = {"parquet": gpd.read_parquet, "arrow": gpd.read_feather}
        found = readers.get(suffix, gpd.read_file)(target)
        assert [row[:2] for row in codes(found)] == list(self.wanted)
        kept = found.geometry.to_crs("EPSG:4490").to_numpy()
        same = shapely.equals_exact(kept, frame.geometry.to_crs("EPSG:4490").to_numpy(), tolerance=1e-9)
        assert same.tolist() == [True, True, False, True]
        assert kept[2] is None

    @pytest.mark.parametrize("kind", ["points", "polygons"])
    def test_native_encodings_are_read(self, tmp_path: Path, kind: str) -> None:
        shapes = [s for s in self.shapes if s is not None and (s.geom_type == "Point") == (kind == "points")]
        frame = gpd.GeoDataFrame(geometry=[*shapes, None], crs="EPSG:4490")
        frame.to_parquet(tmp_path / "in.parquet", geometry_encoding="geoarrow", schema_version="1.1.0")
        geocode_file(tmp_path / "in.parquet", tmp_path / "out.parquet", CHAIN)
        geocode_file(tmp_path / "in.parquet", tmp_path / "out.gpkg", CHAIN)
        wanted = ["A1", None, None] if kind == "points" else ["A2", None]
        for found in (gpd.read_parquet(tmp_path / "out.parquet"), gpd.read_file(tmp_path / "out.gpkg")):
            assert [row[0] for row in codes(found)] == wanted
            assert found.crs == "EPSG:4490"

    def test_named_columns_win_over_the_geometry(self, tmp_path: Path) -> None:
        frame = self.frame().assign(east=114.5, north=27.5)
        frame.to_parquet(tmp_path / "in.parquet")
        options = FileOptions(lon="east", lat="north", level=2)
        summary = geocode_file(tmp_path / "in.parquet", tmp_path / "out.parquet", CHAIN, options)
        assert summary.place == "columns east and north in EPSG:4490"
        assert parquet.read_table(tmp_path / "out.parquet")["grid2_code"].to_pylist() == ["A2"] * 4

    def test_a_layer_is_chosen_by_name(self, tmp_path: Path) -> None:
        for layer in ("a", "b"):
            self.frame().to_file(tmp_path / "in.gpkg", layer=layer)
        with pytest.raises(InvalidFile, match="2 layers; choose one with --layer: a, b"):
            geocode_file(tmp_path / "in.gpkg", tmp_path / "out.csv", CHAIN)
        geocode_file(tmp_path / "in.gpkg", tmp_path / "out.csv", CHAIN, FileOptions(layer="b"))
        assert [row[:2] for row in codes(read(tmp_path / "out.csv"))] == list(self.wanted)

    def test_properties_of_all_kinds_stay_what_they_are(self, tmp_path: Path) -> None:
        properties = [
            {
                "text": "2026-01-01T00:00:00Z",
                "list": [1, 2],
                "deep": {"a": {"b": None, "c": "x"}},
                "yes": True,
            },
            {"text": None, "number": 1.5, "big": 2**53},
        ]
        features = [
            {
                "type": "Feature",
                "id": 7 + i,
                "properties": row,
                "geometry": shapely.geometry.mapping(self.shapes[i]),
            }
            for i, row in enumerate(properties)
        ]
        document = {"type": "FeatureCollection", "name": "x", "features": features}
        (tmp_path / "in.geojson").write_text(json.dumps(document))
        geocode_file(tmp_path / "in.geojson", tmp_path / "out.geojson", CHAIN)
        found = json.loads((tmp_path / "out.geojson").read_text())["features"]
        for i, (row, feature) in enumerate(zip(properties, found, strict=True)):
            assert row.items() <= feature["properties"].items()
            assert feature["properties"]["id"] == 7 + i
            assert feature["geometry"] == json.loads(json.dumps(features[i]["geometry"]))

    def test_an_old_declaration_of_the_crs_is_heeded(self, tmp_path: Path) -> None:
        document = {
            "type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}},
            "features": [
                json.loads(json.dumps(feature)) for feature in self.frame("EPSG:4547").iterfeatures()
            ],
        }
        (tmp_path / "in.geojson").write_text(json.dumps(document))
        geocode_file(tmp_path / "in.geojson", tmp_path / "out.geojson", CHAIN)
        assert [row[:2] for row in codes(gpd.read_file(tmp_path / "out.geojson"))] == list(self.wanted)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("packed", [False, True])
def test_csv_is_read_in_the_encodings_of_imports(tmp_path: Path, encoding: str, packed: bool) -> None:
    text = "名称;经度;纬度\n" + "道路施工噪音扰民，请尽快处理;113,15;27,15\n" * 30
    raw = text.encode(encoding)
    source = tmp_path / ("in.csv.gz" if packed else "in.csv")
    source.write_bytes(gzip.compress(raw) if packed else raw)
    geocode_file(source, tmp_path / "out.csv", CHAIN)
    frame = read(tmp_path / "out.csv")
    assert frame["名称"].tolist() == ["道路施工噪音扰民，请尽快处理"] * 30
    assert frame["building_code"].tolist() == ["H"] * 30


def test_broken_lines_keep_their_place_and_say_why(tmp_path: Path) -> None:
    lines = [f"{i},113.5,27.5" for i in range(60_000)]
    broken = {0, 17, 18, 30_000, 59_999}
    for i in broken:
        lines[i] = f"{i},113.5" if i % 2 else f"{i},113.5,27.5,more"
    (tmp_path / "in.csv").write_text("id,lon,lat\n" + "\n\n".join(lines) + "\n")
    summary = geocode_file(tmp_path / "in.csv", tmp_path / "out.csv", CHAIN)
    frame = read(tmp_path / "out.csv")
    assert frame["id"].astype(int).tolist() == list(range(60_000))
    marked = frame.index[frame["place_reason"].fillna("").str.contains("broken")]
    assert set(marked) == broken
    assert summary.tally.rows == 60_000
    assert frame["grid2_code"].notna().sum() == 60_000 - len(broken)


def test_broken_rows_of_json_keep_their_place(tmp_path: Path) -> None:
    good = {
        "type": "Feature",
        "properties": {"n": 1},
        "geometry": {"type": "Point", "coordinates": [113.5, 27.5]},
    }
    bad_geometry = {**good, "geometry": {"type": "Point", "coordinates": ["x"]}}
    lines = [json.dumps(good), '{"type": "Feat', json.dumps(bad_geometry), "[1]", json.dumps(good)]
    (tmp_path / "in.geojsonl").write_text("\n".join(lines))
    geocode_file(tmp_path / "in.geojsonl", tmp_path / "out.csv", CHAIN)
    frame = read(tmp_path / "out.csv")
    assert frame["grid2_code"].fillna("").tolist() == ["A1", "", "", "", "A1"]
    assert frame["place_reason"].fillna("").str.contains("broken").tolist() == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_a_summary_says_how_the_file_was_read(tmp_path: Path) -> None:
    told: list[tuple[int, float | None]] = []
    source = small_csv(tmp_path / "in.csv")
    summary = geocode_file(source, tmp_path / "o.csv", CHAIN, progress=lambda *now: told.append(now))
    assert summary.place == "columns lon and lat in EPSG:4490"
    assert any("encoding UTF-8" in note for note in summary.notes)
    assert told[-1] == (1, 1.0)


def test_options_that_do_not_fit_are_named(tmp_path: Path) -> None:
    source = points(tmp_path / "in.parquet")
    for options, said in (
        (FileOptions(encoding="gbk"), "--encoding is for CSV"),
        (FileOptions(layer="a"), "--layer is for GeoPackage"),
        (FileOptions(level=3), "level 3"),
        (FileOptions(lon="lon"), "one of --lon and --lat"),
        (FileOptions(crs="EPSG:0"), "EPSG:0"),
    ):
        with pytest.raises(InvalidInput, match=said):
            geocode_file(source, tmp_path / "out.csv", CHAIN, options)
    assert not (tmp_path / "out.csv").exists()


def test_declared_systems_are_brought_to_the_zones(tmp_path: Path, chain: ChainLocator) -> None:
    source = tmp_path / "in.csv"
    source.write_text("lon,lat\n113.1995,27.15\n")  # in the house by GCJ-02, which lies 500 m to the east
    found = {}
    for crs in (None, "GCJ-02"):
        geocode_file(source, tmp_path / "out.csv", chain, FileOptions(crs=crs), force=True)
        found[crs] = read(tmp_path / "out.csv")["building_code"].fillna("").tolist()
    assert found == {None: ["H"], "GCJ-02": ["H"]}
    source.write_text("lon,lat\n113.2025,27.15\n")
    geocode_file(source, tmp_path / "out.csv", chain, FileOptions(crs="GCJ-02"), force=True)
    assert read(tmp_path / "out.csv")["building_code"].tolist() == ["H"]
