"""Case density: every figure is what plain SQL and the frames give; no case is lost on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.analysis.density import count_by_grid, density
from geo.coverage import coverage_frame
from geo.density import DensitySummary, density_frame, heat_points, measure_density
from geo.errors import InvalidInput
from geo.frames import grids_frame, incidents_frame
from tests.builders import (
    REPORTED_AT,
    Partition,
    acting_as,
    add_building,
    add_incident,
    add_partition,
    middle,
    square,
)

CATEGORIES = ("dispute", "hardship", "street_light", "governance")


@pytest.fixture
def zone_with_cases(owner_session: Session) -> Partition:
    """A toy zone with 60 cases of every kind: in grids, outside, without a place, in the future."""
    partition = add_partition(owner_session)
    for number, code in enumerate(partition.third[:3]):
        add_building(owner_session, f"B{number}", grid_code=code, households=100 * (number + 1))
    random = np.random.default_rng(7)
    for number in range(60):
        lon, lat = 113.8 + 0.024 * random.random(), 27.6 + 0.024 * random.random()
        place: dict[str, Any] = {} if number % 10 == 0 else {"lon": lon, "lat": lat}
        if number % 20 == 0:
            place = {"place_status": "null_island"}
        add_incident(
            owner_session,
            reported_at=REPORTED_AT + timedelta(days=int(random.integers(0, 60))),
            category=CATEGORIES[number % 4],
            source=("hotline", "patrol")[number % 2],
            state=("reported", "archived")[number % 3 == 0],
            time_status="future" if number % 15 == 1 else "plausible",
            **place,
        )
    return partition


FILTERS: list[dict[str, Any]] = [
    {},
    {"since": "2026-03-20", "until": "2026-04-10"},
    {"category": "governance"},
    {"category": "street_light", "source": "hotline"},
    {"state": "archived"},
]


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("asked", FILTERS)
def test_counts_are_what_sql_and_frames_give(
    owner_session: Session, zone_with_cases: Partition, level: int, asked: dict[str, Any]
) -> None:
    frame = density_frame(owner_session, level=level, **asked)
    assert frame["count"].to_dict() == _counts_in_sql(owner_session, frame.index, level, asked)
    incidents = incidents_frame(owner_session, **asked)
    grids = grids_frame(owner_session, level=level)
    own = density(grids, count_by_grid(incidents[f"grid{level}_code"], grids))
    assert own.equals(frame[own.columns])


def _counts_in_sql(session: Session, codes: Any, level: int, asked: dict[str, Any]) -> dict[str, int]:
    statement = text(
        f"SELECT grid{level}_code, count(*) FROM incident JOIN incident_category c ON c.code = category "
        "WHERE time_status = 'plausible' "
        "AND reported_at >= coalesce(:since, '-infinity')::timestamp AT TIME ZONE 'Asia/Shanghai' "
        "AND reported_at < coalesce(:until, 'infinity')::timestamp AT TIME ZONE 'Asia/Shanghai' "
        "AND (:category IS NULL OR :category IN (c.code, c.parent_code)) "
        "AND source = coalesce(:source, source) AND state = coalesce(:state, state) GROUP BY 1"
    )
    names = ("since", "until", "category", "source", "state")
    found = dict(session.execute(statement, {name: asked.get(name) for name in names}).all())
    return {code: found.get(code, 0) for code in codes}


def test_rates_are_in_households_and_square_kilometres(
    owner_session: Session, zone_with_cases: Partition
) -> None:
    frame = density_frame(owner_session, level=3)
    first = frame.iloc[1]
    assert first["per_1000_households"] == pytest.approx(first["count"] / 200 * 1000)
    assert first["per_km2"] == pytest.approx(first["count"] / first["area_km2"])
    assert np.isnan(frame["per_1000_households"].iloc[3])


@pytest.mark.parametrize("level", [1, 2, 3])
def test_no_case_is_lost(owner_session: Session, zone_with_cases: Partition, level: int) -> None:
    found = measure_density(owner_session, level=level)
    parts = found.summary
    assert parts.total == parts.counted + parts.superseded + parts.outside + parts.unplaced
    assert parts.total + parts.future == 60
    assert parts.counted == found.frame["count"].sum()
    assert parts.total == len(incidents_frame(owner_session))
    assert min(parts.counted, parts.outside, parts.unplaced, parts.future) > 0


def test_future_cases_are_counted_only_when_asked(owner_session: Session) -> None:
    add_partition(owner_session)
    lon, lat = middle()
    add_incident(owner_session, lon=lon, lat=lat, time_status="future")
    left_out = measure_density(owner_session, level=3).summary
    counted = measure_density(owner_session, level=3, with_future=True).summary
    assert left_out == DensitySummary(total=0, counted=0, superseded=0, outside=0, unplaced=0, future=1)
    assert counted == DensitySummary(total=1, counted=1, superseded=0, outside=0, unplaced=0, future=1)


def test_cases_of_a_grid_no_longer_in_force_are_told_apart(owner_session: Session) -> None:
    partition = add_partition(owner_session)
    lon, lat = middle()
    add_incident(owner_session, lon=lon, lat=lat)
    owner_session.execute(
        text("UPDATE grid SET valid = daterange(lower(valid), :day) WHERE code = :code"),
        {"day": date(2026, 6, 1), "code": partition.third[0]},
    )
    before = measure_density(owner_session, level=3, as_of="2026-05-31").summary
    after = measure_density(owner_session, level=3, as_of="2026-06-01").summary
    assert (before.counted, before.superseded) == (1, 0)
    assert (after.counted, after.superseded) == (0, 1)


def test_density_needs_no_more_than_a_planner_may_read(
    owner_session: Session, zone_with_cases: Partition
) -> None:
    with acting_as(owner_session, "wangge_planner"):
        assert measure_density(owner_session, level=3).summary.total > 0
        assert len(heat_points(owner_session)) > 0


def test_an_empty_zone_has_no_cases(owner_session: Session) -> None:
    add_partition(owner_session)
    found = measure_density(owner_session, level=3)
    assert found.frame["count"].tolist() == [0, 0, 0, 0]
    assert found.summary.total == 0
    assert heat_points(owner_session).shape == (0, 3)


def test_heat_sums_the_cases_of_a_cell(owner_session: Session) -> None:
    add_partition(owner_session)
    for _ in range(3):
        add_incident(owner_session, lon=113.80505, lat=27.60505)
    add_incident(owner_session, lon=113.80515, lat=27.60515)
    add_incident(owner_session, lon=113.80525, lat=27.60505)
    add_incident(owner_session, lon=113.80505, lat=27.60505, time_status="future")
    add_incident(owner_session)
    heat = heat_points(owner_session)
    assert sorted(map(tuple, heat.round(6).tolist())) == [(113.8051, 27.6051, 4.0), (113.8053, 27.6051, 1.0)]


@pytest.mark.parametrize("limit", [1, 5, 20])
def test_heat_keeps_every_case_within_its_limit(
    owner_session: Session, zone_with_cases: Partition, limit: int
) -> None:
    heat = heat_points(owner_session, limit=limit)
    placed = incidents_frame(owner_session).geometry.notna().sum()
    assert len(heat) <= limit
    assert heat[:, 2].sum() == placed


def test_heat_takes_the_filters(owner_session: Session, zone_with_cases: Partition) -> None:
    heat = heat_points(owner_session, category="dispute", since="2026-03-15")
    incidents = incidents_frame(owner_session, category="dispute", since="2026-03-15")
    assert heat[:, 2].sum() == incidents.geometry.notna().sum() > 0


def test_coverage_by_area(owner_session: Session, zone_with_cases: Partition) -> None:
    frame = coverage_frame(owner_session, level=2)
    assert frame["households"].tolist() == [300, 300]
    expected = frame["households"] / (frame.to_crs("EPSG:4547").area / 1e6)
    assert frame["households_per_km2"].tolist() == pytest.approx(expected.tolist(), rel=1e-6)
    assert "population" not in frame
    assert frame.geometry.iloc[0].equals(square(0, 0, 1).union(square(1, 0, 1)))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"level": 0}, "level 0 is not one of the zone's"),
        ({"level": 3, "category": "unknown"}, "category 'unknown' is not on the zone's list"),
        ({"level": 3, "since": datetime(2026, 1, 1)}, "has no time zone"),  # noqa: DTZ001 - what is refused
        ({"level": 3, "as_of": "yesterday"}, "as_of 'yesterday' is no date"),
        ({"level": 3, "since": datetime(2026, 1, 2, tzinfo=UTC), "until": "2026-01-01"}, "swap them"),
    ],
)
def test_what_cannot_be_is_refused(owner_session: Session, asked: dict[str, Any], message: str) -> None:
    add_partition(owner_session)
    with pytest.raises(InvalidInput, match=message):
        measure_density(owner_session, **asked)


def test_a_heat_map_has_room_for_a_cell(owner_session: Session) -> None:
    with pytest.raises(InvalidInput, match="limit 0 leaves no cell"):
        heat_points(owner_session, limit=0)
