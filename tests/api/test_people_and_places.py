"""Who answers for a place, and located resources, over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.store import tables
from tests.api.conftest import ClientAs
from tests.builders import FOREVER, Partition, add_building, add_neighbourhood, middle
from tests.people_builders import (
    add_assignment,
    add_camera,
    add_duty,
    add_leave,
    add_opening,
    add_organisation,
    add_party_org,
    add_person,
    add_post_lists,
    add_site,
    add_team,
)

BUILDING = "36037100100100001"


@pytest.fixture
def people(owner_session: Session, partition: Partition) -> Session:
    """A building with its head, its quarter with council, its grid with worker, the bureau above all."""
    session, (first, second, third) = (
        owner_session,
        (p[0] for p in (partition.first, partition.second, partition.third)),
    )
    add_post_lists(session)
    quarter = add_neighbourhood(session, grid_code=third)
    add_building(session, BUILDING, grid_code=third, neighbourhood_code=quarter, name="3栋")
    unit = BUILDING + "01"
    session.execute(insert(tables.Unit).values(code=unit, building_code=BUILDING, name="1单元"))
    council = add_organisation(session, "COUNCIL", kind="quarter_council", name="测试小区理事会")
    session.execute(
        insert(tables.NeighbourhoodOrganisation).values(
            neighbourhood_code=quarter, organisation_code=council, valid=Range(FOREVER, None)
        )
    )
    bureau = add_organisation(session, "BUREAU", kind="bureau", grid_code=first, name="第一社会工作管理局")
    for number, (post, target) in enumerate(
        [
            ("bureau_head", bureau),
            ("party_secretary", second),
            ("first_level_grid_head", first),
            ("grid_worker", third),
            ("grid_head", third),
            ("department_head", council),
            ("quarter_council_head", quarter),
            ("unit_head", unit),
            ("building_head", BUILDING),
        ]
    ):
        person = add_person(session, f"R{number}", name=f"测试{number}", phone=f"1000000000{number}")
        add_assignment(session, person, post, target, since=date(2026, 3, 1))
    return session


def posts(answer: dict) -> list[str]:
    return [holder["post"] for holder in answer["holders"]]


def ask(client: TestClient, path: str, **params: object) -> dict:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.usefixtures("people")
def test_everybody_answers_for_a_building_closest_first(client: TestClient) -> None:
    answer = ask(client, f"/buildings/{BUILDING}/people")
    assert posts(answer) == [
        "building_head", "unit_head", "quarter_council_head", "department_head", "grid_head", "grid_worker",
        "party_secretary", "first_level_grid_head", "bureau_head",
    ]  # fmt: skip
    assert answer["place"] == {"kind": "building", "code": BUILDING, "name": "3栋", "level": None}
    head = answer["holders"][0]
    assert (head["post_zh"], head["since"], head["rank"]) == ("楼栋长", "2026-03-01", "primary")
    assert (head["name"], head["phone"]) == ("测试8", "10000000008")
    assert answer["holders"][-1]["target"]["name"] == "第一社会工作管理局"


@pytest.mark.usefixtures("people")
def test_a_grid_and_a_quarter_have_their_own_and_those_above(
    client: TestClient, partition: Partition
) -> None:
    above = ["party_secretary", "first_level_grid_head", "bureau_head"]
    assert posts(ask(client, f"/grids/{partition.third[0]}/people")) == ["grid_head", "grid_worker", *above]
    assert posts(ask(client, f"/grids/{partition.third[1]}/people")) == above
    assert posts(ask(client, f"/grids/{partition.first[0]}/people")) == above[1:]
    quarter = posts(ask(client, "/neighbourhoods/QUARTER1/people"))
    assert quarter == ["quarter_council_head", "department_head", "grid_head", "grid_worker", *above]


@pytest.mark.usefixtures("people")
def test_required_posts_that_nobody_holds_are_named(client: TestClient, partition: Partition) -> None:
    def vacant(path: str, **params: object) -> list[tuple[str, str]]:
        return [(each["target"]["code"], each["post"]) for each in ask(client, path, **params)["vacant"]]

    community = partition.second[0]
    assert vacant(f"/buildings/{BUILDING}/people") == [(community, "committee_director")]
    before = vacant(f"/buildings/{BUILDING}/people", as_of="2026-02-28")
    assert before == [
        (BUILDING, "building_head"),
        (partition.third[0], "grid_head"),
        (partition.third[0], "grid_worker"),
        (community, "party_secretary"),
        (community, "committee_director"),
    ]
    # In a village no grid head is asked for, and nothing of a factory.
    assert vacant(f"/grids/{partition.third[2]}/people")[0] == (partition.third[2], "grid_worker")


@pytest.mark.usefixtures("people")
def test_only_who_holds_the_post_on_the_day(client: TestClient, partition: Partition) -> None:
    assert posts(ask(client, f"/buildings/{BUILDING}/people", as_of="2026-02-28")) == []
    assert len(posts(ask(client, f"/buildings/{BUILDING}/people", as_of="2026-03-01"))) == 9


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("role", "name", "phone"),
    [
        ("dispatcher", "测试8", "10000000008"),
        ("administrator", "测试8", "10000000008"),
        ("grid_worker", "测试8", "100****0008"),
        ("planner", None, None),
        ("auditor", None, None),
        ("integration", None, None),
    ],
)
def test_people_are_masked_as_the_role_demands(
    client_as: ClientAs, role: str, name: str | None, phone: str | None
) -> None:
    head = ask(client_as(role), f"/buildings/{BUILDING}/people")["holders"][0]
    assert (head["name"], head["phone"]) == (name, phone)
    assert head["post"] == "building_head"


def test_leave_a_stand_in_and_duty_are_said(
    client: TestClient, people: Session, partition: Partition
) -> None:
    today = partition.zone.today()
    ann = add_person(people, "ANN", name="测试安", phone="10012345678")
    ben = add_person(people, "BEN", name="测试本", phone="10087654321")
    for person in (ann, ben):
        add_assignment(people, person, "grid_worker", partition.third[3])
    add_leave(people, ann, today, today + timedelta(1), deputy_id=ben)
    now = datetime.now(UTC)
    for person in (ann, ben):
        add_duty(
            people, person, now - timedelta(hours=1), now + timedelta(hours=1), grid_code=partition.third[3]
        )
    away, there = ask(client, f"/grids/{partition.third[3]}/people")["holders"][:2]
    assert (away["name"], away["away"], away["on_duty"]) == ("测试安", True, False)
    assert (away["stand_in"], away["stand_in_phone"]) == ("测试本", "10087654321")
    assert (there["name"], there["away"], there["on_duty"], there["stand_in"]) == (
        "测试本",
        False,
        True,
        None,
    )


@pytest.mark.usefixtures("people")
def test_what_is_not_there_is_said(client: TestClient) -> None:
    for path in ("/grids/1/people", "/buildings/1/people", "/neighbourhoods/1/people"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "'1'" in answer.json()["detail"]


def test_places_as_geojson(
    client: TestClient, client_as: ClientAs, people: Session, partition: Partition
) -> None:
    third = partition.third
    add_site(people, grid_code=third[0])
    add_opening(people, weekdays=(1,), opens=540, closes=600)
    add_site(people, "SITE2", kind="farm_library", at=middle(1, 1), grid_code=third[3])
    add_team(people, grid_code=partition.second[0])
    add_party_org(people)
    add_camera(people, grid_code=third[0], stream_url="rtsp://camera.invalid/1")
    sites = ask(client, "/sites", at="2026-03-02T09:59:00")
    assert [site["id"] for site in sites["features"]] == ["SITE1", "SITE2"]
    first = sites["features"][0]["properties"]
    assert (first["functions"], first["hours"], first["open_now"]) == (
        ["culture"],
        {"culture": "周一 9:00–10:00"},
        True,
    )
    assert ask(client, "/sites", at="2026-03-02T10:00:00")["features"][0]["properties"]["open_now"] is False
    assert ask(client, "/sites", kind="farm_library")["numberMatched"] == 1
    assert ask(client, "/sites", function="culture")["numberMatched"] == 1
    assert ask(client, "/sites", grid=partition.second[1])["features"][0]["id"] == "SITE2"
    assert ask(client, "/teams", grid=partition.first[0])["numberMatched"] == 1
    assert ask(client, "/teams", grid=third[0])["numberMatched"] == 0
    assert ask(client, "/party-organisations")["features"][0]["geometry"] is None
    camera = ask(client, "/cameras")["features"][0]
    assert camera["properties"]["stream_url"] == "rtsp://camera.invalid/1"
    assert "stream_url" not in ask(client_as("grid_worker"), "/cameras")["features"][0]["properties"]
    assert ask(client, "/cameras", geometry="view")["features"] == []


def test_who_is_on_duty(
    client: TestClient, client_as: ClientAs, people: Session, partition: Partition
) -> None:
    third = partition.third
    nine, five = datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)
    ann, ben, cid = (add_person(people, code, name=f"测试{code}") for code in ("ANN", "BEN", "CID"))
    add_duty(people, ann, nine, five, grid_code=third[0])
    add_duty(people, ben, nine, five)
    add_leave(people, ann, date(2026, 3, 2), date(2026, 3, 3), deputy_id=cid)
    both = client.get("/duty", params={"at": "2026-03-02T09:00:00"}).json()
    assert [(row["place_kind"], row["name"], row["away"], row["stand_in"]) for row in both] == [
        ("organisation", "测试BEN", False, None),
        ("grid", "测试ANN", True, "测试CID"),
    ]
    assert client.get("/duty", params={"at": "2026-03-02T17:00:00"}).json() == []
    only = {"at": "2026-03-02T09:00:00", "grid": partition.first[0]}
    assert [row["place_code"] for row in client.get("/duty", params=only).json()] == [third[0]]
    assert client_as("planner").get("/duty", params=only).json()[0]["name"] is None
    assert client.get("/duty", params=only | {"grid": "x"}).status_code == 404
