"""Vector tiles, read back by GDAL."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from geo.errors import InvalidInput, NotFound
from geo.store import tables
from geo.store.tiles import TileAddress, data_version, read_tile
from geo.tiles import Tile, TileCache, check_address, get_tile, tiles_version
from tests import builders

DAY = date(2026, 6, 1)
TO_WEB = Transformer.from_crs(4326, 3857, always_xy=True)
WORLD_M = 40_075_016.685578488


def tile_at(lon: float, lat: float, z: int) -> TileAddress:
    x, y = TO_WEB.transform(lon, lat)
    side = WORLD_M / 2**z
    return TileAddress(z, int((x + WORLD_M / 2) // side), int((WORLD_M / 2 - y) // side))


def layers_of(content: bytes, address: TileAddress, folder: Path) -> dict[str, gpd.GeoDataFrame]:
    """Layers of a tile in Web Mercator, as GDAL reads them."""
    file = folder / f"{address.z}-{address.x}-{address.y}.mvt"
    file.write_bytes(content)
    options = {
        "X": str(address.x),
        "Y": str(address.y),
        "Z": str(address.z),
        "CLIP": "NO",
        "METADATA_FILE": "",
    }
    names = pyogrio.list_layers(file)[:, 0]
    return {name: pyogrio.read_dataframe(file, layer=name, **options) for name in names}


@pytest.fixture
def zone(owner_session: Session) -> builders.Partition:
    return builders.add_partition(owner_session)


def add_ground(session: Session, table: Any, kind: str, wkt: str, name: str | None = None) -> None:
    listed = {
        tables.Road: tables.RoadKind,
        tables.Water: tables.WaterKind,
        tables.LandUse: tables.LandUseKind,
    }
    session.execute(
        builders.upsert(listed[table]).values(code=kind, name_zh=kind, name_en=kind).on_conflict_do_nothing()
    )
    session.execute(insert(table).values(kind=kind, name=name, geom=f"SRID=4490;{wkt}"))


def test_building_stands_where_it_was_put(owner_session: Session, zone: Any, tmp_path: Path) -> None:
    lon, lat = builders.middle()
    builders.add_building(owner_session, lon=lon, lat=lat, name="3栋")
    address = tile_at(lon, lat, 15)

    found = layers_of(read_tile(owner_session, "buildings", address, DAY), address, tmp_path)

    footprint = found["buildings"].to_crs(4326).geometry.iloc[0]
    put = shapely.box(lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4)
    assert shapely.hausdorff_distance(footprint, put) < 1e-5  # a metre; a unit of the tile is 0.3 m
    assert found["buildings"]["kind"].tolist() == ["residential"]
    assert found["building_labels"]["name"].tolist() == ["3栋"]
    assert footprint.contains(found["building_labels"].to_crs(4326).geometry.iloc[0])


def test_building_on_a_seam_is_whole_in_both_tiles(owner_session: Session, zone: Any, tmp_path: Path) -> None:
    address = tile_at(*builders.middle(), 15)
    edge_m = -WORLD_M / 2 + (address.x + 1) * WORLD_M / 2**15
    lon, lat = TO_WEB.transform(edge_m, TO_WEB.transform(*builders.middle())[1], direction="INVERSE")
    builders.add_building(owner_session, lon=lon, lat=lat)
    east = TileAddress(15, address.x + 1, address.y)

    for tile in (address, east):
        found = layers_of(read_tile(owner_session, "buildings", tile, DAY), tile, tmp_path)
        west, _, right, _ = found["buildings"].total_bounds
        assert right - west == pytest.approx(22.3, abs=1)  # 2e-4 degrees in Web Mercator, not cut at the seam


def test_building_pulled_down_is_not_drawn(owner_session: Session, zone: Any) -> None:
    builders.add_building(owner_session, until=date(2025, 1, 1))
    address = tile_at(*builders.middle(), 15)
    assert read_tile(owner_session, "buildings", address, DAY) == b""
    assert read_tile(owner_session, "buildings", address, date(2024, 12, 31)) != b""


def test_names_of_buildings_come_only_with_the_finest_tiles(
    owner_session: Session, zone: Any, tmp_path: Path
) -> None:
    lon, lat = builders.middle()
    builders.add_building(owner_session, geometry=shapely.Point(lon, lat).buffer(5e-4))
    for z, layers in (
        (12, set()),
        (13, {"buildings"}),
        (14, {"buildings"}),
        (15, {"buildings", "building_labels"}),
    ):
        address = tile_at(lon, lat, z)
        content = read_tile(owner_session, "buildings", address, DAY)
        assert set(layers_of(content, address, tmp_path) if content else ()) == layers


def test_small_buildings_go_when_the_view_is_wide(owner_session: Session, zone: Any) -> None:
    builders.add_building(owner_session)
    address = tile_at(*builders.middle(), 13)
    builders.add_building(
        owner_session, f"{builders.PREFIX}00100100002", geometry=builders.square(0.2, 0.2, 0.2)
    )
    both = read_tile(owner_session, "buildings", tile_at(*builders.middle(), 15), DAY)
    wide = read_tile(owner_session, "buildings", address, DAY)
    assert len(wide) < len(both)


def test_ground_has_land_water_and_roads_with_their_names(
    owner_session: Session, zone: Any, tmp_path: Path
) -> None:
    lon, lat = builders.middle()
    area = shapely.MultiPolygon([shapely.Point(lon, lat).buffer(0.002)]).wkt
    add_ground(owner_session, tables.LandUse, "park", area, "玉湖公园")
    add_ground(owner_session, tables.Water, "lake", area, "玉湖")
    add_ground(owner_session, tables.Water, "stream", f"MULTILINESTRING(({lon} {lat}, {lon + 0.002} {lat}))")
    add_ground(
        owner_session,
        tables.Road,
        "primary",
        f"MULTILINESTRING(({lon} {lat}, {lon} {lat + 0.003}))",
        "安源大道",
    )
    address = tile_at(lon, lat, 14)

    found = layers_of(read_tile(owner_session, "ground", address, DAY), address, tmp_path)

    assert set(found) == {"land_use", "water", "roads", "water_labels", "land_use_labels"}
    assert sorted(found["water"]["kind"]) == ["lake", "stream"]
    assert found["roads"]["name"].tolist() == ["安源大道"]
    assert found["water_labels"]["name"].tolist() == ["玉湖"]
    assert found["land_use_labels"]["name"].tolist() == ["玉湖公园"]


def test_tracks_are_left_out_of_wide_views(owner_session: Session, zone: Any, tmp_path: Path) -> None:
    lon, lat = builders.middle()
    add_ground(owner_session, tables.Road, "track", f"MULTILINESTRING(({lon} {lat}, {lon} {lat + 0.003}))")
    near, far = tile_at(lon, lat, 13), tile_at(lon, lat, 12)
    assert set(layers_of(read_tile(owner_session, "ground", near, DAY), near, tmp_path)) == {"roads"}
    assert read_tile(owner_session, "ground", far, DAY) == b""


def spread_out(session: Session, table: str) -> None:
    """Two thousand copies of the table's row over ten degrees, so that one tile holds few of them."""
    moved = "ST_Translate(geom, (n % 50) / 5.0, (n / 50) / 5.0)"
    columns = {
        "building": ("code, kind, geom, label_point, valid", "code || n, kind, {0}, label_point, valid"),
        "road": ("kind, geom", "kind, {0}"),
    }
    into, values = columns[table]
    copies = f"SELECT {values.format(moved)} FROM {table}, generate_series(1, 2000) n"
    session.execute(text(f"INSERT INTO {table} ({into}) {copies}"))
    session.execute(text(f"ANALYZE {table}"))


@pytest.mark.parametrize(("tile_set", "layer"), [("buildings", "building"), ("ground", "road")])
def test_rows_are_found_by_the_spatial_index(
    owner_session: Session, zone: Any, monkeypatch: pytest.MonkeyPatch, tile_set: str, layer: str
) -> None:
    lon, lat = builders.middle()
    if layer == "building":
        builders.add_building(owner_session)
    else:
        add_ground(
            owner_session, tables.Road, "primary", f"MULTILINESTRING(({lon} {lat}, {lon + 1e-4} {lat}))"
        )
    spread_out(owner_session, layer)
    plans: list[str] = []
    execute = owner_session.execute

    def explained(statement: Any, bound: Any) -> Any:
        plans.extend(execute(text(f"EXPLAIN {statement.text}"), bound).scalars())
        return execute(statement, bound)

    monkeypatch.setattr(owner_session, "execute", explained)
    read_tile(owner_session, tile_set, tile_at(*builders.middle(), 15), DAY)
    assert any(f"idx_{layer}_geom" in line for line in plans)


def test_a_tile_is_made_once_while_the_data_stay_the_same(owner_session: Session, zone: Any) -> None:
    cache = TileCache()
    address = tile_at(*builders.middle(), 15)
    where = (address.z, address.x, address.y)
    empty = get_tile(owner_session, cache, "buildings", *where)
    builders.add_building(owner_session)
    assert get_tile(owner_session, cache, "buildings", *where) is empty

    owner_session.execute(insert(tables.ImportRun).values(subject="buildings"))

    full = get_tile(owner_session, cache, "buildings", *where)
    assert gzip.decompress(empty.content) == b""
    assert gzip.decompress(full.content) != b""
    assert full.etag != empty.etag


def test_version_of_tiles_follows_data_and_day(owner_session: Session, zone: builders.Partition) -> None:
    before = tiles_version(owner_session)
    builders.add_release(owner_session, DAY)
    after = tiles_version(owner_session)
    assert before != after
    assert after.startswith(data_version(owner_session))
    assert after.endswith(f"{zone.zone.today():%Y%m%d}")


def test_cache_forgets_the_least_recently_used() -> None:
    cache = TileCache(most_bytes=25)
    for name in ("a", "b"):
        cache.keep((name,), Tile(b"x" * 10, name))
    cache.find(("a",))
    cache.keep(("c",), Tile(b"x" * 10, "c"))
    assert [cache.find((name,)) is not None for name in ("a", "b", "c")] == [True, False, True]
    assert cache.size_bytes == 20


@settings(deadline=None)
@given(z=st.integers(0, 15), share_x=st.floats(0, 1), share_y=st.floats(0, 1))
def test_every_tile_of_the_pyramid_has_an_address(z: int, share_x: float, share_y: float) -> None:
    last = 2**z - 1
    x, y = round(share_x * last), round(share_y * last)
    assert check_address("ground", z, x, y) == TileAddress(z, x, y)


@pytest.mark.parametrize(
    ("z", "x", "y", "said"),
    [(16, 0, 0, "zoom 16"), (-1, 0, 0, "zoom -1"), (3, 8, 0, "3/8/0"), (3, 0, -1, "3/0/-1")],
)
def test_tiles_off_the_pyramid_are_refused(z: int, x: int, y: int, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        check_address("ground", z, x, y)


def test_unknown_sets_of_tiles_are_not_found() -> None:
    with pytest.raises(NotFound, match="'secrets'"):
        check_address("secrets", 0, 0, 0)
