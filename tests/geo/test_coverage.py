"""Coverage: every figure is what plain SQL gives, on hand-built zones and on the demo zone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest
from sqlalchemy.orm import Session

from geo.analysis.coverage import MEASURES
from geo.coverage import measure_coverage
from tests.builders import Partition, acting_as, add_building, add_neighbourhood, add_partition
from tests.people_builders import add_assignment, add_person, add_post_lists

DAY = "2026-03-02"


@pytest.fixture
def zone(owner_session: Session) -> Partition:
    """A toy zone: a community in the south, a village in the north, 300 households in three grids."""
    partition = add_partition(owner_session)
    add_post_lists(owner_session)
    for number, code in enumerate(partition.third[:3]):
        add_building(owner_session, f"B{number}", grid_code=code, households=100 * (number + 1))
    return partition


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
    assert len(found.gaps) == 0


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


def test_a_planner_measures_without_names(owner_session: Session, zone: Partition) -> None:
    add_assignment(owner_session, add_person(owner_session), "grid_worker", zone.third[0])
    with acting_as(owner_session, "wangge_planner"):
        assert measure_coverage(owner_session, as_of=DAY).frames[1]["workers"].tolist() == [1]
