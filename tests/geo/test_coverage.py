"""Coverage: every figure is what plain SQL gives, on hand-built zones and on the demo zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy.orm import Session

from geo.analysis.coverage import MEASURES, Coverage
from geo.coverage import coverage_inputs, coverage_moment, measure_coverage
from geo.errors import InvalidInput
from geo.model import LevelLabel
from geo.zones import get_zone
from tests.builders import (
    ZONE,
    Partition,
    acting_as,
    add_building,
    add_grid,
    add_neighbourhood,
    add_partition,
    add_release,
    add_zone,
    middle,
    square,
)
from tests.database import TestDatabase, disposed
from tests.demo_zones import DEMO_DAY, zone_of_demo_database
from tests.geo.coverage_sql import coverage_in_sql
from tests.geo.coverage_zone import DAY, add_random_zone
from tests.people_builders import (
    add_assignment,
    add_camera,
    add_duty,
    add_opening,
    add_person,
    add_post_lists,
    add_site,
)

#: What a query has no row for: nothing was counted there.
NONE_IS_ZERO = ("workers", "vacancies", "overloads", "incidents", "on_duty", "view_share")


@pytest.fixture
def zone(owner_session: Session) -> Partition:
    """A toy zone: a community in the south, a village in the north, 600 households in three grids."""
    partition = add_partition(owner_session)
    add_post_lists(owner_session)
    for number, code in enumerate(partition.third[:3]):
        lon, lat = middle(number % 2, number // 2)
        households = 100 * (number + 1)
        add_building(owner_session, f"B{number}", grid_code=code, households=households, lon=lon, lat=lat)
    return partition


def check_against_sql(session: Session, found: Coverage) -> None:
    """Hold every measure of every grid against the queries."""
    expected = coverage_in_sql(session, get_zone(session), found.moment, function=found.function)
    frames = pd.concat(found.frames.values())
    for name in expected.columns:
        sql = expected[name].reindex(frames.index)
        if name in NONE_IS_ZERO or name in ("households", "buildings"):
            sql = sql.fillna(0)
        # The straight sides of a toy zone's coarse grids bend less in the metric CRS than those of fine ones.
        rtol = 1e-5 if name == "view_share" else 1e-9
        pd.testing.assert_series_equal(
            frames[name].astype("float64"), sql, rtol=rtol, atol=1e-9, check_names=False, obj=name
        )


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("at", "function"),
    [("10:00", None), ("06:29", "reading"), ("23:59", "reading_room_24h"), ("08:00", "culture")],
)
def test_every_measure_is_what_sql_gives(
    owner_session: Session, seed: int, at: str, function: str | None
) -> None:
    add_random_zone(owner_session, seed)
    check_against_sql(owner_session, measure_coverage(owner_session, as_of=DAY, at=at, function=function))


def test_grids_alone_are_measured(owner_session: Session) -> None:
    add_partition(owner_session)
    found = measure_coverage(owner_session, as_of=DAY)
    assert [len(frame) for frame in found.frames.values()] == [1, 2, 4]
    for frame in found.frames.values():
        assert list(frame.columns)[-len(MEASURES) - 1 : -1] == list(MEASURES)
        assert frame["households"].eq(0).all()
        assert (
            frame[["workers", "vacancies", "in_reach_share", "on_duty", "population"]].isna().all(axis=None)
        )
        assert frame["households_per_km2"].eq(0).all()
    assert len(found.gaps) == 0


def test_a_zone_without_grids_has_no_frames(owner_session: Session) -> None:
    add_zone(owner_session)
    found = measure_coverage(owner_session, as_of=DAY)
    assert (found.frames, len(found.gaps)) == ({}, 0)


def test_one_level_is_enough(owner_session: Session) -> None:
    add_zone(owner_session, levels=(LevelLabel("区", "district"),))
    add_post_lists(owner_session)
    add_release(owner_session)
    code = add_grid(owner_session, "360371001", square(), kind=None)
    add_building(owner_session, grid_code=code, households=10)
    add_opening(owner_session, add_site(owner_session))
    add_camera(owner_session)
    start = datetime(2026, 3, 2, 1, tzinfo=UTC)
    add_duty(owner_session, add_person(owner_session), start, start + timedelta(hours=6), grid_code=code)
    frame = measure_coverage(owner_session, as_of=DAY).frames[1]
    assert frame[["in_reach_share", "households_in_view_share", "on_duty", "covered_share"]].iloc[
        0
    ].tolist() == [
        1,
        1,
        1,
        0.25,
    ]


def test_staffing_of_a_toy_zone(owner_session: Session, zone: Partition) -> None:
    session = owner_session
    add_neighbourhood(session, "GROUP1", grid_code=zone.third[2], kind="villager_group")
    ann, bob = add_person(session), add_person(session, "R0002", name="测试乙")
    add_assignment(session, ann, "grid_worker", zone.third[0])
    add_assignment(session, bob, "grid_worker", zone.third[1])
    add_assignment(session, bob, "grid_worker", zone.third[2])
    found = measure_coverage(session, as_of=DAY).frames
    assert found[3]["workers"].tolist() == [1, 1, 1, 0]
    assert found[1]["workers"].tolist() == [2]
    assert found[3]["households_per_worker"].tolist()[:3] == [100, 200, 300]
    assert found[3]["norm_share"].iloc[2] == 300 / 500
    # South: a secretary, a director, two grid heads, two building heads. North: a secretary, a director, the
    # worker of the fourth grid, the leader of the group.
    assert found[3]["vacancies"].tolist() == [2, 2, 1, 1]
    assert found[2]["vacancies"].tolist() == [6, 4]
    assert found[3]["overloads"].tolist() == [0, 1, 1, 0]
    assert found[1]["overloads"].tolist() == [1]


def test_a_planner_measures_without_names(owner_session: Session) -> None:
    add_random_zone(owner_session, 4)
    mine = measure_coverage(owner_session, as_of=DAY)
    with acting_as(owner_session, "wangge_planner"):
        theirs = measure_coverage(owner_session, as_of=DAY)
    pd.testing.assert_frame_equal(mine.frames[3], theirs.frames[3])
    assert mine.gaps.equals(theirs.gaps)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"as_of": "2026-03-02", "at": None}, "2026-03-02T10:00:00+08:00"),
        ({"as_of": "2026-03-02", "at": "18:30"}, "2026-03-02T18:30:00+08:00"),
        ({"as_of": date(2026, 3, 2), "at": time(7, 5)}, "2026-03-02T07:05:00+08:00"),
        ({"as_of": None, "at": datetime(2026, 3, 1, 16, 0, tzinfo=UTC)}, "2026-03-02T00:00:00+08:00"),
    ],
)
def test_the_moment_is_the_zone_s(asked: dict[str, Any], expected: str) -> None:
    assert coverage_moment(ZONE, **asked).isoformat() == expected


def test_without_a_time_today_is_asked_about_now() -> None:
    before = datetime.now(ZONE.zone_info)
    assert before <= coverage_moment(ZONE, None, None) <= datetime.now(ZONE.zone_info)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"at": "half past ten"}, "at 'half past ten' is no time of day"),
        ({"at": "10:00+08:00"}, "names a time zone"),
        ({"at": datetime(2026, 3, 2, 10)}, "has no time zone"),  # noqa: DTZ001 - what is refused
        ({"as_of": "2026-03-01", "at": datetime(2026, 3, 1, 16, tzinfo=UTC)}, "is not on the day 2026-03-01"),
        ({"as_of": "March"}, "as_of 'March' is no date"),
        ({"function": "dancing"}, "function 'dancing' is not on the zone's list"),
    ],
)
def test_what_cannot_be_is_refused(owner_session: Session, zone: Partition, asked: Any, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        measure_coverage(owner_session, **asked)


@pytest.mark.parametrize(
    ("day", "at", "function"), [("2026-02-24", "10:00", None), ("2026-02-28", "20:15", "reading")]
)
def test_the_demo_zone_is_measured_as_sql_does(
    demo_database: TestDatabase, day: str, at: str, function: str | None
) -> None:
    with disposed(demo_database.urls.owner) as engine, Session(engine) as session:
        check_against_sql(session, measure_coverage(session, as_of=day, at=at, function=function))


def test_what_was_planted_in_the_demo_zone_is_found(demo_database: TestDatabase) -> None:
    planted = zone_of_demo_database().community.planted
    with disposed(demo_database.urls.owner) as engine, Session(engine) as session:
        gaps = measure_coverage(session, as_of=DEMO_DAY).gaps
        held = coverage_inputs(session, as_of=DEMO_DAY).assignments
    vacant, missing = planted[planted["kind"] == "vacant"], gaps[gaps["kind"] == "vacancy"]
    # On record are targets without a primary holder; where a deputy is there, nothing is vacant.
    deputies = set(zip(held["post"], held["target"].str.split().str[1], strict=True))
    expected = set(zip(vacant["post"], vacant["target_code"], strict=True)) - deputies
    assert set(zip(missing["what"], missing["target_code"], strict=True)) == expected
    assert len(expected) > 0
    over = planted[planted["kind"] != "vacant"].drop_duplicates(["post", "person"])
    found = gaps[gaps["kind"] == "overload"]["what"].value_counts()
    counted = over["post"].value_counts()
    assert len(counted) > 0
    # Workers whose one grid is too large for them are not on record, but are found.
    assert (found.reindex(counted.index, fill_value=0) >= counted).all()
    others = counted.index.drop("grid_worker", errors="ignore")
    assert found.reindex(others, fill_value=0).equals(counted[others])
