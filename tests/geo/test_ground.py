"""The ground in memory: held against PostGIS, fresh after every change, ready before midnight, shared."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, date, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from geo import ground
from geo.errors import NotFound
from geo.ground import Grounds, GroundWatch, chain_locator
from geo.model import Zone
from geo.store.engine import make_engine
from geo.zones import get_zone
from tests.builders import (
    add_building,
    add_grid,
    add_neighbourhood,
    add_partition,
    add_zone,
    middle,
    square,
)
from tests.chain_sql import covering, nearest
from tests.database import TestDatabase, disposed

DAY = date(2026, 3, 1)
Watched = tuple[Engine, Callable[[], Session], Grounds]


@pytest.fixture(scope="module")
def demo(demo_database: TestDatabase) -> Iterator[Session]:
    with disposed(demo_database.urls.app) as engine, Session(engine) as session:
        yield session


def test_chains_are_those_of_postgis(demo: Session) -> None:
    grounds = Grounds()
    index = grounds.at(demo, DAY)
    west, south, east, north = index.chain.grid_locator(1).bounds
    rng = np.random.default_rng(5)
    doors = demo.execute(
        text("SELECT ST_X(label_point), ST_Y(label_point) FROM building ORDER BY code LIMIT 60")
    ).all()
    scattered = rng.uniform((west - 0.01, south - 0.01), (east + 0.01, north + 0.01), (120, 2)).tolist()
    named = outside = 0
    for lon, lat in [*map(tuple, doors), *map(tuple, scattered)]:
        chain = index.place(lon, lat, DAY)
        truth = [covering(demo, "grid", lon, lat, DAY, f"AND level = {level}") for level in (1, 2, 3)]
        assert [chain.code(level) for level in (1, 2, 3)] == truth
        building = covering(demo, "building", lon, lat, DAY)
        assert (chain.building.code if chain.building else None) == building
        if building is None:
            code, metres = nearest(demo, "building", lon, lat, DAY)
            if metres < 199.9:
                assert chain.nearest_building is not None
                assert chain.nearest_building.code == code
                assert chain.nearest_building.distance_m == pytest.approx(metres, rel=3e-5)
                named += 1
            elif metres > 200.1:
                assert chain.nearest_building is None
        if not chain.inside:
            code, metres = nearest(demo, "grid", lon, lat, DAY, "AND level = 3")
            assert chain.nearest is not None
            assert (chain.nearest.code, chain.nearest.distance_m) == (code, pytest.approx(metres, rel=3e-5))
            outside += 1
    assert named > 20
    assert outside > 20


@pytest.mark.parametrize("place", [(-70.0, -40.0), (113.8, -62.0), (-66.0, 89.9), (0.0, 0.0), (180.0, 0.0)])
def test_places_on_the_other_side_of_the_globe_have_a_nearest_grid_too(
    demo: Session, place: tuple[float, float]
) -> None:
    found = Grounds().at(demo, DAY).place(*place, DAY).nearest
    assert found is not None
    _, metres = nearest(demo, "grid", *place, DAY, "AND level = 3")
    assert found.distance_m == pytest.approx(metres, rel=2e-3)


def test_a_database_without_a_zone_says_so(session: Session) -> None:
    with pytest.raises(NotFound, match="no zone"):
        Grounds().at(session, DAY)


def test_a_zone_without_grids_holds_no_place(owner_session: Session) -> None:
    add_zone(owner_session)
    chain = Grounds().at(owner_session, DAY).place(*middle(), DAY)
    assert (chain.inside, chain.nearest, chain.building, chain.nearest_building) == (False, None, None, None)


def test_every_change_of_the_ground_is_seen_at_the_next_question(owner_session: Session) -> None:
    grounds = Grounds()
    add_partition(owner_session)

    def ask() -> tuple[str | None, str | None, str | None, str | None]:
        chain = grounds.at(owner_session, DAY).place(*middle(), DAY)
        address = chain.building.address if chain.building else None
        quarter = chain.neighbourhood.code if chain.neighbourhood else None
        return chain.code(3), chain.building.code if chain.building else None, address, quarter

    before = ask()
    assert before[1:] == (None, None, None)
    quarter = add_neighbourhood(owner_session)
    building = add_building(owner_session, neighbourhood_code=quarter, address="玉湖路18号")
    assert ask() == (before[0], building, "玉湖路18号", quarter)
    owner_session.execute(text("UPDATE address SET text = '玉湖路20号'"))
    assert ask()[2] == "玉湖路20号"
    owner_session.execute(text("UPDATE building SET valid = daterange(lower(valid), '2020-01-02')"))
    assert ask() == before
    owner_session.execute(text("UPDATE grid SET name = '新名' WHERE code = :code"), {"code": before[0]})
    assert grounds.at(owner_session, DAY).place(*middle(), DAY).grids[-1].name == "新名"


def test_what_did_not_change_is_not_made_again(owner_session: Session) -> None:
    add_partition(owner_session)
    grounds = Grounds()
    index = grounds.at(owner_session, DAY)
    assert grounds.at(owner_session, DAY + timedelta(days=3000)) is index
    assert grounds.at(owner_session, DAY) is index


def test_each_day_is_answered_by_what_was_in_force(owner_session: Session) -> None:
    add_partition(owner_session)
    add_grid(owner_session, "360371001001900", square(5, 5), since=date(2021, 1, 1), until=date(2022, 1, 1))
    grounds = Grounds(keep=2)
    days = [date(2020, 12, 31), date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1), date(1900, 1, 1)]
    held = [grounds.at(owner_session, day).place(*middle(5, 5), day).inside for day in days * 2]
    assert held == [False, True, True, False, False] * 2


def test_files_are_shared_made_anew_when_damaged_and_removed_when_out_of_date(
    owner_session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    partition = add_partition(owner_session)
    made: list[date] = []
    build = ground._chain

    def counted(session: Session, zone: Zone, day: date) -> object:
        made.append(day)
        return build(session, zone, day)

    monkeypatch.setattr(ground, "_chain", counted)
    folder = tmp_path / "index"

    def ask() -> list[str]:
        chain = Grounds(folder).at(owner_session, DAY).place(*middle(1, 0), DAY)
        return [grid.code for grid in chain.grids]

    expected = [partition.first[0], partition.second[0], partition.third[1]]
    assert [ask(), ask()] == [expected, expected]
    assert len(made) == 1
    (file,) = folder.glob("*.chain")
    file.write_bytes(file.read_bytes()[:-100])
    assert ask() == expected
    assert len(made) == 2
    add_building(owner_session)
    assert ask() == expected
    assert [other for other in folder.glob("*.chain") if other == file] == []
    assert len(list(folder.iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_done_without(
    owner_session: Session, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    add_partition(owner_session)
    (tmp_path / "index").write_text("a file in the way")
    with caplog.at_level(logging.WARNING):
        index = Grounds(tmp_path / "index").at(owner_session, DAY)
    assert index.place(*middle(), DAY).inside
    assert "not shared" in caplog.text


def committed(engine: Engine, work: Callable[[Session], object]) -> None:
    with Session(engine) as session, session.begin():
        work(session)


@pytest.fixture
def watched(
    new_database: Callable[[], TestDatabase],
) -> Iterator[tuple[Engine, Callable[[], Session], Grounds]]:
    """A partition committed in a database of its own, its grounds, and sessions of the application."""
    urls = new_database().urls
    with disposed(urls.owner) as owner, disposed(urls.app) as app:
        committed(owner, add_partition)
        yield owner, lambda: Session(app), Grounds()


def test_a_watched_ground_is_asked_without_the_database_and_follows_it(watched) -> None:
    owner, sessions, grounds = watched
    watch = GroundWatch(grounds, sessions, every_s=0.05)
    watch.start()
    try:
        with sessions() as unused:
            zone = grounds.zone(unused)
            today = zone.today()
            assert grounds.at(unused, today).place(*middle(), today).building is None
            assert not unused.in_transaction()
            committed(owner, add_building)
            for _ in range(200):
                if grounds.at(unused, today).place(*middle(), today).building:
                    break
                watch._ended.wait(0.05)
            assert grounds.at(unused, today).place(*middle(), today).building is not None
            assert not unused.in_transaction()
    finally:
        watch.stop()


def test_what_comes_into_force_at_midnight_is_ready_before(watched, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, sessions, grounds = watched
    with sessions() as session:
        zone = get_zone(session)
    tomorrow = zone.today() + timedelta(days=1)
    code = "360371001001900"
    committed(owner, lambda session: add_grid(session, code, square(5, 5), since=tomorrow))
    GroundWatch(grounds, sessions).look()
    just_before = zone.midnight(tomorrow) - timedelta(milliseconds=1)
    with sessions() as unused:
        for now, inside in ((just_before, False), (zone.midnight(tomorrow), True)):
            day = grounds.zone(unused).today(now.astimezone(UTC))
            assert grounds.at(unused, day).place(*middle(5, 5), day).inside is inside
        assert not unused.in_transaction()


def test_a_watch_without_a_database_leaves_the_questions_to_the_requests(watched, caplog) -> None:
    _, sessions, grounds = watched
    watch = GroundWatch(grounds, sessions)
    watch.look()
    assert grounds.watched is not None
    nowhere = GroundWatch(grounds, lambda: Session(_nowhere()))
    nowhere.look()
    assert grounds.watched is None
    assert "can no longer be watched" in caplog.text
    watch.look()
    assert grounds.watched is not None


def test_a_watch_outlives_every_error(watched, monkeypatch: pytest.MonkeyPatch) -> None:
    _, sessions, grounds = watched
    broken = True
    refresh = grounds.refresh

    def refresh_or_fail(session: Session) -> None:
        if broken:
            raise ZeroDivisionError("no rule foresees this")
        refresh(session)

    watch = GroundWatch(grounds, sessions, every_s=0.02)
    watch.look()
    state = grounds.watched
    assert state is not None
    monkeypatch.setattr(grounds, "refresh", refresh_or_fail)
    watch.start()
    try:
        assert grounds.watched is None  # every request asks for itself
        broken = False
        for _ in range(200):
            if grounds.watched is not None:
                break
            watch._ended.wait(0.02)
        assert grounds.watched == state
    finally:
        watch.stop()


def _nowhere() -> Engine:
    return make_engine("postgresql+psycopg2://wangge_app@/none?host=/nonexistent&port=1")


def test_the_chain_of_a_day_for_notebooks(owner_session: Session) -> None:
    partition = add_partition(owner_session)
    chain = chain_locator(owner_session)
    x, y = middle(1, 0)
    rows = chain.locate(lon=[x], lat=[y])
    assert chain.codes[3][rows.grids[3][0]] == partition.third[1]
    assert chain_locator(owner_session, date(1900, 1, 1)).levels == ()
