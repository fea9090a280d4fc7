"""Every error becomes a problem with the right status, and says nothing of the inside."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.problems import STATUS
from geo import errors
from geo.model import Fault
from geo.settings import PathSettings, Settings
from tests.api.conftest import ClientAs


def kinds(base: type[errors.GridError] = errors.GridError) -> list[type[errors.GridError]]:
    return [kind for child in base.__subclasses__() for kind in (child, *kinds(child))]


def test_every_error_class_has_a_status() -> None:
    assert set(kinds()) == set(STATUS)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_each_error_is_answered_with_its_status_and_text(
    app: FastAPI, client_as: ClientAs, kind: type[errors.GridError]
) -> None:
    def fail() -> None:
        raise kind("text", []) if kind is errors.FaultsFound else kind("text")

    app.add_api_route("/fail", fail)
    answer = client_as(None).get("/fail")
    assert answer.status_code == STATUS[kind]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() | {"title": ""} == answer.json() | {
        "title": "",
        "status": STATUS[kind],
        "detail": "text",
    }


def test_faults_come_with_their_rows(app: FastAPI, client_as: ClientAs) -> None:
    def fail() -> None:
        raise errors.FaultsFound("1 fault", [Fault(3, "code-repeated", "code 'a' stands in row 1 too")])

    app.add_api_route("/fail", fail)
    assert client_as(None).get("/fail").json()["errors"] == [
        {"row": 3, "rule": "code-repeated", "message": "code 'a' stands in row 1 too"}
    ]


def test_a_bug_says_nothing_of_the_inside(app: FastAPI, client_as: ClientAs) -> None:
    def fail() -> None:
        raise RuntimeError("the secret is 42")

    app.add_api_route("/fail", fail)
    answer = client_as(None).get("/fail")
    assert answer.status_code == 500
    assert "42" not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_unknown_paths_and_methods_are_problems_too(client: TestClient) -> None:
    assert client.get("/nowhere").json()["status"] == 404
    refused = client.delete("/grids")
    assert (refused.status_code, refused.json()["status"]) == (405, 405)
    assert "GET" in refused.headers["allow"]


def test_health_and_readiness(client: TestClient, client_as: ClientAs) -> None:
    assert client_as(None).get("/healthz").json() == {"status": "ok"}
    assert client_as(None).get("/readyz").json() == {"status": "ok", "zone": "测试区"}


def test_a_database_that_does_not_answer_is_503_with_the_cure(tmp_path: Path) -> None:
    settings = Settings(paths=PathSettings(state_dir=tmp_path))
    nowhere = f"postgresql+psycopg2://wangge_app@/wangge?host={tmp_path}&port=1"
    with TestClient(create_app(settings, app_url=nowhere), base_url="http://127.0.0.1") as client:
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "wangge db start" in answer.json()["detail"]
