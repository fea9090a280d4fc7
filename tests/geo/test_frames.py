"""What planners get as frames: the rows, the columns, the CRS, and only what they may read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import geo
from geo.errors import InvalidInput, NotFound, StoreUnavailable
from geo.frames import buildings_frame, grids_frame, hot_spots_frame, incidents_frame, neighbourhoods_frame
from geo.session import open_session
from geo.settings import DatabaseSettings, Settings
from tests.builders import (
    Partition,
    acting_as,
    add_building,
    add_grid,
    add_incident,
    add_neighbourhood,
    add_partition,
    add_planted_hot_spot,
    add_release,
    middle,
    square,
)
from tests.database import TestDatabase, TestServer, disposed


@pytest.fixture
def partition(owner_session: Session) -> Partition:
    return add_partition(owner_session)


@pytest.fixture
def planner(owner_session: Session, partition: Partition) -> Iterator[Session]:
    with acting_as(owner_session, "wangge_planner"):
        yield owner_session


def test_grids_of_a_level(planner: Session, partition: Partition) -> None:
    grids = grids_frame(planner, level=3)
    assert list(grids.index) == list(partition.third)
    assert grids.index.name == "code"
    assert grids.crs.to_epsg() == 4490
    assert grids.geometry.iloc[0].equals(square())
    assert list(grids.columns) == (
        "level kind name parent_code area_km2 households buildings geometry".split()
    )


def test_grids_of_all_levels_come_coarse_to_fine(planner: Session, partition: Partition) -> None:
    grids = grids_frame(planner)
    assert list(grids.index) == [*partition.first, *partition.second, *partition.third]
    assert list(grids["level"]) == [1, 2, 2, 3, 3, 3, 3]
    assert grids.loc[partition.first[0], ["kind", "parent_code"]].isna().all()
    assert grids.loc[partition.third[3], "parent_code"] == partition.second[1]


def test_area_is_measured_in_the_metric_crs(planner: Session) -> None:
    grids = grids_frame(planner, level=3)
    measured = grids.to_crs("EPSG:4547").area / 1e6
    assert grids["area_km2"].to_numpy() == pytest.approx(measured.to_numpy(), rel=1e-6)


def test_households_and_buildings_are_summed_up_the_levels(
    owner_session: Session, partition: Partition
) -> None:
    add_building(owner_session, "B1", grid_code=partition.third[0], households=12)
    add_building(owner_session, "B2", grid_code=partition.third[0], households=30)
    add_building(owner_session, "B3", grid_code=partition.third[3], households=5)
    add_building(owner_session, "B4", grid_code=partition.third[3], until=date(2021, 1, 1))
    add_building(owner_session, "B5", grid_code=None)
    grids = grids_frame(owner_session)
    assert grids.loc[[*partition.first, *partition.second], "households"].tolist() == [47, 42, 5]
    assert grids.loc[list(partition.third), "buildings"].tolist() == [2, 0, 0, 1]


def test_as_of_gives_the_partition_of_that_day(owner_session: Session, partition: Partition) -> None:
    day = date(2026, 7, 1)
    old = partition.third[0]
    owner_session.execute(
        text("UPDATE grid SET valid = daterange(lower(valid), :day) WHERE code = :code"),
        {"day": day, "code": old},
    )
    release = add_release(owner_session, day, "拆分")
    new = add_grid(owner_session, f"{partition.second[0]}009", since=day, release_id=release)
    before = grids_frame(owner_session, level=3, as_of="2026-06-30")
    after = grids_frame(owner_session, level=3, as_of=day)
    assert (old in before.index, new in before.index) == (True, False)
    assert (old in after.index, new in after.index) == (False, True)


def test_crs_can_be_chosen(planner: Session) -> None:
    grids = grids_frame(planner, level=3, crs="EPSG:4547")
    assert grids.crs.to_epsg() == 4547
    assert grids.total_bounds[0] > 100_000


def test_buildings(owner_session: Session, partition: Partition) -> None:
    quarter = add_neighbourhood(owner_session, grid_code=partition.third[0])
    add_building(
        owner_session,
        "B1",
        grid_code=partition.third[0],
        neighbourhood_code=quarter,
        address='幸福路1号,"甲"区\n3栋',
        households=7,
    )
    add_building(owner_session, "B2", name=None)
    buildings = buildings_frame(owner_session)
    first = buildings.loc["B1"]
    assert first["address"] == '幸福路1号,"甲"区\n3栋'
    assert (first["households"], first["neighbourhood_code"]) == (7, quarter)
    assert buildings.loc["B2", ["name", "address", "grid_code", "built_year"]].isna().all()
    assert buildings.geometry.iloc[0].geom_type == "MultiPolygon"


def test_neighbourhoods_may_have_no_outline(owner_session: Session, partition: Partition) -> None:
    add_neighbourhood(owner_session, "N1", geometry=square())
    add_neighbourhood(owner_session, "N2")
    frame = neighbourhoods_frame(owner_session)
    assert frame.geometry.isna().tolist() == [False, True]


def test_incidents_have_their_chain_and_the_zone_s_clock(
    owner_session: Session, partition: Partition
) -> None:
    lon, lat = middle(1, 0)
    number = add_incident(
        owner_session, lon=lon, lat=lat, reported_at=datetime(2026, 3, 9, 17, 30, 0, 250, tzinfo=UTC)
    )
    add_incident(owner_session)
    incidents = incidents_frame(owner_session)
    found = incidents.loc[number]
    assert found["reported_at"].isoformat() == "2026-03-10T01:30:00.000250+08:00"
    assert (found["service_kind"], found["grid3_code"]) == ("governance", partition.third[1])
    assert (found.geometry.x, found.geometry.y) == (lon, lat)
    assert incidents.geometry.isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, 4),
        ({"since": "2026-03-10"}, 3),
        ({"since": "2026-03-10", "until": "2026-03-11"}, 2),
        ({"until": datetime(2026, 3, 9, 16, 0, tzinfo=UTC)}, 1),
        ({"category": "governance"}, 3),
        ({"category": "street_light"}, 1),
        ({"source": "patrol"}, 1),
        ({"state": "archived"}, 1),
        ({"level": 3}, 3),
        ({"with_future": True}, 5),
    ],
)
def test_incidents_are_filtered(
    owner_session: Session, partition: Partition, asked: dict[str, object], expected: int
) -> None:
    lon, lat = middle()
    # One microsecond before, and at, the zone's midnight of 10 March.
    add_incident(
        owner_session, lon=lon, lat=lat, reported_at=datetime(2026, 3, 9, 15, 59, 59, 999999, tzinfo=UTC)
    )
    add_incident(owner_session, lon=lon, lat=lat, reported_at=datetime(2026, 3, 9, 16, 0, tzinfo=UTC))
    add_incident(owner_session, category="street_light", source="patrol")
    add_incident(
        owner_session,
        lon=lon,
        lat=lat,
        state="archived",
        reported_at=datetime(2026, 3, 10, 16, 0, tzinfo=UTC),
    )
    add_incident(owner_session, time_status="future", reported_at=datetime(2030, 1, 1, tzinfo=UTC))
    assert len(incidents_frame(owner_session, **asked)) == expected  # type: ignore[arg-type]


def test_no_rows_make_an_empty_frame_with_all_columns(planner: Session) -> None:
    buildings, incidents = buildings_frame(planner), incidents_frame(planner)
    assert (len(buildings), len(incidents)) == (0, 0)
    assert "households" in buildings
    assert str(incidents["reported_at"].dtype) == "datetime64[us, Asia/Shanghai]"
    assert buildings.crs == incidents.crs


def test_planted_hot_spots(owner_session: Session, partition: Partition) -> None:
    add_planted_hot_spot(owner_session, 3, expected_extra=17)
    spots = hot_spots_frame(owner_session)
    assert spots.index.tolist() == [3]
    assert spots.loc[3, "expected_extra"] == 17
    assert spots.loc[3, "until"].date() == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda session: grids_frame(session, level=4), "level 4 is not one of the zone's; use 1, 2, 3"),
        (lambda session: grids_frame(session, crs="EPSG:0"), "CRS 'EPSG:0' is not known"),
        (lambda session: grids_frame(session, as_of="1 July"), "as_of '1 July' is no date"),
        (lambda session: grids_frame(session, as_of=datetime(2026, 1, 1, tzinfo=UTC)), "not a day"),
        (lambda session: incidents_frame(session, since="March"), "since 'March' is no date"),
        (lambda session: incidents_frame(session, since="2026-01-01T00:00"), "has no time zone"),
        (lambda session: incidents_frame(session, since="2026-02-01", until="2026-01-01"), "swap them"),
        (lambda session: incidents_frame(session, category="'; --"), "is not on the zone's list"),
        (lambda session: incidents_frame(session, state="gone"), "state 'gone' is not on the zone's list"),
    ],
)
def test_what_cannot_be_is_refused(planner: Session, ask: Callable[[Session], object], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        ask(planner)


def test_a_database_without_a_zone_says_so(owner_session: Session) -> None:
    with pytest.raises(NotFound, match="wangge init"):
        grids_frame(owner_session)


def test_a_code_with_quotes_is_a_value(planner: Session) -> None:
    assert len(incidents_frame(planner, grid_code="x' OR '1'='1 %s %(id)s")) == 0


def test_open_session_reads_as_the_planner_and_writes_nothing(
    new_database: Callable[[], TestDatabase], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = new_database()
    with disposed(database.urls.owner) as engine, Session(engine) as owner:
        add_partition(owner)
        owner.commit()
    monkeypatch.setenv("DATABASE_URL", database.urls.owner)
    with geo.open_session() as session:
        assert session.scalar(text("SELECT current_user")) == "wangge_planner"
        assert len(geo.grids_frame(session)) == 7
        with pytest.raises(DBAPIError, match=r"read-only|permission denied"):
            session.execute(text("DELETE FROM incident"))


def test_a_session_answers_for_one_moment(new_database: Callable[[], TestDatabase]) -> None:
    database = new_database()
    settings = Settings(database=DatabaseSettings(url=database.urls.owner))
    with disposed(database.urls.owner) as engine, Session(engine) as owner, open_session(settings) as session:
        add_partition(owner)
        owner.commit()
        assert len(incidents_frame(session)) == 0
        add_incident(owner)
        owner.commit()
        assert len(incidents_frame(session)) == 0
        session.rollback()
        assert len(incidents_frame(session)) == 1


def test_no_database_is_said_clearly(tmp_path: object) -> None:
    address = "postgresql://nobody@127.0.0.1:1/nothing"
    with pytest.raises(StoreUnavailable, match="wangge db start"):
        open_session(Settings(database=DatabaseSettings(url=address)))


def test_a_database_without_tables_is_said_clearly(database_server: TestServer) -> None:
    database = database_server.empty()
    with pytest.raises(StoreUnavailable, match="wangge db migrate"):
        open_session(Settings(database=DatabaseSettings(url=database.urls.owner)))
    database_server.drop(database)


def test_public_names_are_there() -> None:
    assert all(getattr(geo, name) for name in geo.__all__)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="geo has no 'nothing'"):
        _ = geo.nothing
