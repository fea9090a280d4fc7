"""Appraisal over HTTP, and its pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.api.conftest import ClientAs
from tests.builders import Partition
from tests.people_builders import add_assignment, add_person, add_post_lists, add_service

SOUTH = "360371001001"
HTML = {"Accept": "text/html"}


@pytest.fixture
def zone(partition: Partition, owner_session: Session) -> Partition:
    """Two holders of posts in the south, the first with three services in the first quarter."""
    add_post_lists(owner_session)
    for number in range(2):
        person = add_person(owner_session, f"R{number}", name=f"张三{number}")
        add_assignment(owner_session, person, "policy_publicist", SOUTH)
    (first,) = owner_session.scalars(text("SELECT id FROM person WHERE code = 'R0'"))
    for day, kind in ((5, "policy_talk"), (6, "policy_talk"), (7, "mediation")):
        add_service(
            owner_session, first, kind, at=datetime(2026, 1, day, 4, tzinfo=UTC), note=f"<b>第{day}日</b>",
            served="李四的母亲", grid_code=partition.third[0], post="policy_publicist",
        )  # fmt: skip
    return partition


@pytest.fixture
def centre(zone: Partition, client_as: ClientAs) -> TestClient:
    return client_as("centre_head")


@pytest.fixture
def sheet(centre: TestClient) -> int:
    answer = centre.post("/appraisals", json={"unit": SOUTH, "period": "2026-Q1"})
    assert (answer.status_code, answer.json()) == (201, {"opened": 2, "had_one": 0})
    listed = centre.get("/appraisals", params={"unit": SOUTH, "period": "2026"}).json()
    assert [each["person_code"] for each in listed["appraisals"]] == ["R0", "R1"]
    return int(listed["appraisals"][0]["id"])


def test_opening_again_opens_nothing(centre: TestClient, sheet: int) -> None:
    answer = centre.post("/appraisals", json={"unit": SOUTH, "period": "2026-Q1"})
    assert (answer.status_code, answer.json()) == (200, {"opened": 0, "had_one": 2})


def test_a_list_has_nothing_to_rank_by(centre: TestClient, sheet: int) -> None:
    for each in centre.get("/appraisals").json()["appraisals"]:
        assert not {"figures", "count", "grade", "opinions"} & set(each)
    assert "data-sortable" not in centre.get("/appraisals", headers=HTML).text


def test_the_whole_way(centre: TestClient, client_as: ClientAs, sheet: int) -> None:
    found = centre.get(f"/appraisals/{sheet}").json()
    assert {each["kind"]: each["count"] for each in found["figures"] if each["count"]} == {
        "policy_talk": 2,
        "mediation": 1,
    }
    assert found["person_name"] == "张三0"
    said = centre.post(f"/appraisals/{sheet}/statement", json={"statement": " 宣讲两次 "})
    assert said.json()["statement"] == "宣讲两次"
    early = centre.post(f"/appraisals/{sheet}/opinions", json={"level": 1, "grade": "good"})
    assert early.status_code == 409
    third = centre.post(
        f"/appraisals/{sheet}/opinions", json={"level": 3, "grade": "good", "comment": "踏实"}
    )
    assert third.json()["next_level"] == 2
    again = centre.post(f"/appraisals/{sheet}/opinions", json={"level": 2, "grade": "good"})
    assert (again.status_code, "another person" in again.json()["detail"]) == (403, True)
    duty = client_as("duty_leader")
    assert duty.post(f"/appraisals/{sheet}/opinions", json={"level": 2, "grade": "fair"}).status_code == 200
    assert centre.post(f"/appraisals/{sheet}/close").status_code == 409


def test_evidence_is_the_rows_counted(centre: TestClient, sheet: int) -> None:
    address = centre.get(f"/appraisals/{sheet}").json()["evidence"]
    page = centre.get(address, params={"kind": "policy_talk"}).json()
    assert (page["counted"], page["numberMatched"], page["numberReturned"]) == (2, 2, 2)
    assert [record["note"] for record in page["records"]] == ["<b>第6日</b>", "<b>第5日</b>"]
    assert "李四" not in str(page)
    first = centre.get(address, params={"limit": 2}).json()
    rest = centre.get(first["next"]).json()
    assert (len(first["records"]), len(rest["records"]), rest["next"]) == (2, 1, None)
    assert centre.get(address, params={"kind": "song"}).status_code == 422


def test_administrators_do_not_read_what_was_written(client_as: ClientAs, sheet: int) -> None:
    page = client_as("administrator").get(f"/appraisals/{sheet}/evidence").json()
    assert [record["note"] for record in page["records"]] == [None, None, None]


@pytest.mark.parametrize("role", ["grid_head", "grid_worker", "building_head"])
def test_who_is_tied_to_nobody_sees_no_sheet(client_as: ClientAs, sheet: int, role: str) -> None:
    client = client_as(role)
    assert client.get("/appraisals").json()["numberMatched"] == 0
    assert client.get(f"/appraisals/{sheet}").status_code == 404
    assert client.get(f"/appraisals/{sheet}/evidence").status_code == 404
    assert client.post(f"/appraisals/{sheet}/statement", json={"statement": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"unit": SOUTH, "period": "soon"}, 422),
        ({"unit": SOUTH, "period": "2199"}, 422),
        ({"unit": "nowhere", "period": "2026"}, 404),
        ({"unit": "a\0b", "period": "2026"}, 422),
        ({"unit": SOUTH}, 422),
    ],
)
def test_what_cannot_be_opened(centre: TestClient, body: dict[str, Any], status: int) -> None:
    assert centre.post("/appraisals", json=body).status_code == status


def test_hostile_numbers_and_words(centre: TestClient, sheet: int) -> None:
    assert centre.get(f"/appraisals/{2**63}").status_code == 422
    assert centre.post(f"/appraisals/{sheet}/statement", json={"statement": "a\0b"}).status_code == 422
    bad = centre.post(f"/appraisals/{sheet}/opinions", json={"level": 3, "grade": "best"})
    assert bad.status_code == 422


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_at_the_same_addresses(centre: TestClient, sheet: int, lang: str) -> None:
    query = {"lang": "en"} if lang == "en" else {}
    words = {
        "zh": ("逐级考核", "政策宣讲", "计入考核的服务记录"),
        "en": ("Appraisal", "policy talk", "Entries counted"),
    }
    paths = ("/appraisals", f"/appraisals/{sheet}", f"/appraisals/{sheet}/evidence")
    for path, word in zip(paths, words[lang], strict=True):
        answer = centre.get(path, params=query, headers=HTML)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert word in answer.text
        assert "<b>第" not in answer.text


def test_the_page_offers_only_what_the_asker_may_do(
    centre: TestClient, client_as: ClientAs, sheet: int
) -> None:
    keeper = client_as("administrator").get(f"/appraisals/{sheet}", headers=HTML).text
    assert f'data-api="/appraisals/{sheet}/statement"' in keeper
    assert f'data-api="/appraisals/{sheet}/opinions"' not in keeper
    assert f'data-api="/appraisals/{sheet}/opinions"' in centre.get(f"/appraisals/{sheet}", headers=HTML).text
    assert (
        f'data-api="/appraisals/{sheet}/close"' not in centre.get(f"/appraisals/{sheet}", headers=HTML).text
    )
