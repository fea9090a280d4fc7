"""The builders other tests stand on: what they write is what a zone would hold."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from geo.store import tables
from tests.builders import (
    acting_as,
    add_building,
    add_incident,
    add_neighbourhood,
    add_partition,
    add_planted_hot_spot,
    middle,
)


def test_partition_is_nested(owner_session: Session) -> None:
    partition = add_partition(owner_session)
    strays = owner_session.scalar(
        text(
            "SELECT count(*) FROM grid child JOIN grid parent ON parent.code = child.parent_code "
            "WHERE NOT ST_Covers(parent.geom, child.geom)"
        )
    )
    assert (len(partition.first), len(partition.second), len(partition.third), strays) == (1, 2, 4, 0)


def test_incident_gets_its_chain(owner_session: Session) -> None:
    partition = add_partition(owner_session)
    lon, lat = middle(1, 1)
    incident = owner_session.get(tables.Incident, add_incident(owner_session, lon=lon, lat=lat))
    assert incident is not None
    assert (incident.grid1_code, incident.grid2_code, incident.grid3_code) == (
        partition.first[0],
        partition.second[1],
        partition.third[3],
    )


def test_place_status_follows_from_the_place(owner_session: Session) -> None:
    add_partition(owner_session)
    add_incident(owner_session)
    add_incident(owner_session, lon=0.5, lat=0.5)
    statuses = owner_session.scalars(select(tables.Incident.place_status).order_by(tables.Incident.id)).all()
    assert statuses == ["no_coordinates", "outside"]


def test_ground_and_hot_spot(owner_session: Session) -> None:
    partition = add_partition(owner_session)
    quarter = add_neighbourhood(owner_session, grid_code=partition.third[0])
    add_building(owner_session, grid_code=partition.third[0], neighbourhood_code=quarter, address="幸福路1号")
    add_planted_hot_spot(owner_session)
    assert (
        owner_session.scalar(text("SELECT text FROM address JOIN building ON code = building_code"))
        == "幸福路1号"
    )


def test_acting_as_takes_rights_away(owner_session: Session) -> None:
    add_partition(owner_session)
    with acting_as(owner_session, "wangge_planner"):
        assert owner_session.scalar(text("SELECT current_user")) == "wangge_planner"
    with (
        pytest.raises(ProgrammingError),
        owner_session.begin_nested(),
        acting_as(owner_session, "wangge_planner"),
    ):
        owner_session.execute(text("SELECT description FROM incident"))
