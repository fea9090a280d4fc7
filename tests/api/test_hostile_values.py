"""What hostile or broken clients send: a refusal that says why, never a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.body_limit import MOST_BYTES

BODY = {"category": "dispute", "source": "app"}


def refused(answer: object, status: int, said: str) -> None:
    assert answer.status_code == status, answer.text  # type: ignore[attr-defined]
    assert answer.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
    assert said in answer.json()["detail"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["code", "category", "source", "state", "place_status"])
def test_nul_in_a_filter(client: TestClient, name: str) -> None:
    refused(client.get("/incidents", params={name: "a\0b"}), 422, "NUL")


def test_nul_in_a_path(client: TestClient) -> None:
    refused(client.get("/buildings/%00"), 422, "NUL")


@pytest.mark.parametrize("name", ["description", "address_text", "client_key"])
def test_nul_in_an_incident(client: TestClient, name: str) -> None:
    refused(client.post("/incidents", json=BODY | {name: "a\0b"}), 422, "NUL")


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("offset", ["+23:59", "-23:59"])
def test_offsets_that_no_clock_has_are_still_instants(client: TestClient, name: str, offset: str) -> None:
    answer = client.get("/incidents", params={name: f"2026-01-01T00:00:00{offset}"})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"])
def test_times_beyond_the_calendar(client: TestClient, at: str) -> None:
    refused(client.get("/incidents", params={"since": at}), 422, "since")
    refused(client.post("/incidents", json=BODY | {"reported_at": at}), 422, "reported_at")


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_calendars_ends_are_kept_and_listed(client: TestClient, at: str) -> None:
    assert client.post("/incidents", json=BODY | {"reported_at": at}).status_code == 201
    assert client.get("/incidents").json()["incidents"][0]["reported_at"] == at


def test_the_last_day_of_the_calendar_leaves_a_map_open(client: TestClient) -> None:
    assert client.get("/maps/density", params={"from": "9999-12-31", "to": "9999-12-31"}).status_code == 200


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ({"reported_at": "2026-01-01T00:00:00Z"}, {"reported_at": "2026-01-02T00:00:00Z"}),
        ({}, {"lon": 0, "lat": 0}),
    ],
)
def test_a_key_with_another_time_or_place_is_a_conflict(client: TestClient, then: dict, now: dict) -> None:
    sent = BODY | {"client_key": "k"}
    assert client.post("/incidents", json=sent | then).status_code == 201
    assert client.post("/incidents", json=sent | then).status_code == 200
    refused(client.post("/incidents", json=sent | now), 409, "'k'")


def test_a_body_of_too_many_bytes(client: TestClient, owner_session: Session) -> None:
    def pieces() -> Iterator[bytes]:  # without a declared length
        yield from (b" " * 65536 for _ in range(MOST_BYTES // 65536 + 1))

    json_type = {"Content-Type": "application/json"}
    declared = client.post("/incidents", content=b" " * (MOST_BYTES + 1), headers=json_type)
    streamed = client.post("/incidents", content=pieces(), headers=json_type)
    for answer in (declared, streamed):
        refused(answer, 413, "1,048,576")
        assert "Content-Security-Policy" in answer.headers
    assert owner_session.scalar(text("SELECT count(*) FROM incident")) == 0


def test_the_longest_text_is_small_enough(client: TestClient) -> None:
    longest = BODY | {"description": "漏" * 4000}
    assert client.post("/incidents", json=longest).status_code == 201
