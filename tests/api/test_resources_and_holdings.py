"""Who runs sites, teams, party organisations and cameras, and what buildings and quarters hold."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from geo.store import tables
from tests.api.conftest import ClientAs
from tests.builders import Partition, add_building, add_incident, add_neighbourhood
from tests.people_builders import (
    add_assignment,
    add_camera,
    add_organisation,
    add_party_org,
    add_person,
    add_post_lists,
    add_site,
    add_team,
)


@pytest.fixture
def places(owner_session: Session, partition: Partition) -> Session:
    """A site, a team, a party organisation and a camera, each with somebody who runs it."""
    add_post_lists(owner_session)
    company = add_organisation(owner_session, "COMPANY", kind="property_company", name="测试物业")
    add_site(owner_session, "SITE1", name="测试文化中心")
    add_team(owner_session, "TEAM1")
    add_party_org(owner_session, "PARTY1")
    add_camera(owner_session, "36037100001320000001", organisation_code=company)
    held = (
        ("site_keeper", "SITE1"),
        ("team_leader", "TEAM1"),
        ("team_member", "TEAM1"),
        ("party_org_secretary", "PARTY1"),
        ("department_head", company),
    )
    for number, (post, target) in enumerate(held):
        person = add_person(owner_session, f"P{number}", name=f"测试{number}", phone=f"1000000000{number}")
        add_assignment(owner_session, person, post, target)
    return owner_session


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("sites/SITE1", [("site", "site_keeper")]),
        ("teams/TEAM1", [("team", "team_leader"), ("team", "team_member")]),
        ("party-organisations/PARTY1", [("party_org", "party_org_secretary")]),
        ("cameras/36037100001320000001", [("organisation", "department_head")]),
    ],
)
def test_who_runs_a_place_is_answered_as_the_asker_may_know(
    places: Session, client_as: ClientAs, path: str, expected: list[tuple[str, str]]
) -> None:
    found = client_as("intake").get(f"/{path}/people").json()["holders"]
    assert [(one["target"]["kind"], one["post"]) for one in found] == expected
    assert all(one["name"].startswith("测试") for one in found)
    hidden = client_as("planner").get(f"/{path}/people").json()["holders"]
    assert [(one["name"], one["phone"]) for one in hidden] == [(None, None)] * len(expected)


@pytest.mark.parametrize("path", ["sites", "teams", "party-organisations", "cameras"])
def test_a_place_that_is_not_there_is_said(places: Session, client_as: ClientAs, path: str) -> None:
    answer = client_as("intake").get(f"/{path}/NONE/people")
    assert answer.status_code == 404
    assert "NONE" in answer.json()["detail"]


def test_a_quarter_holds_its_buildings_and_their_cases(
    owner_session: Session, partition: Partition, client: TestClient
) -> None:
    third = partition.third[0]
    quarter = add_neighbourhood(owner_session, grid_code=third)
    inside = "36037100100100001"
    add_building(owner_session, inside, grid_code=third, neighbourhood_code=quarter, households=12)
    add_building(
        owner_session, "36037100100100002", grid_code=third, neighbourhood_code=quarter, households=8
    )
    add_building(owner_session, "36037100100100003", grid_code=third, households=100)
    residents = update(tables.Building).where(tables.Building.code == inside).values(residents=30)
    owner_session.execute(residents)
    for year in (2026, 2025):
        add_incident(owner_session, building_code=inside, reported_at=datetime(year, 3, 10, 1, tzinfo=UTC))
    asked = {"as_of": "2026-03-10"}
    counts = client.get(f"/neighbourhoods/{quarter}/counts", params=asked).json()
    assert counts == {"as_of": "2026-03-10", "buildings": 2, "households": 20, "residents": 30, "cases": 1}
    of_one = client.get(f"/buildings/{inside}/counts", params=asked).json()
    assert (of_one["buildings"], of_one["households"], of_one["residents"], of_one["cases"]) == (1, 12, 30, 1)
    assert client.get("/buildings/360371001001/counts").status_code == 404


def test_those_who_may_not_count_cases_are_refused(partition: Partition, client_as: ClientAs) -> None:
    assert client_as("auditor").get("/buildings/36037100100100001/counts").status_code == 403
