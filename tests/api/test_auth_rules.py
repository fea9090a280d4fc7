"""Every route declares exactly one access rule, and keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from fastapi.staticfiles import StaticFiles
from fastapi.testclient import TestClient
from sqlalchemy import text
from starlette.routing import Mount

from api.auth import PUBLIC, SIGNED_IN, Access, PublicAccess, PublicFiles, Rule, access
from geo.permissions import Role
from tests.api.conftest import ClientAs
from tests.builders import Partition

#: All that anybody may reach without saying who they are.
OPEN = {
    "GET /healthz",
    "GET /readyz",
    "GET /sign-in",
    "POST /sign-in",
    "GET /sign-in/link/{secret}",
    "POST /sign-in/link/{secret}",
    "POST /sign-out",
    "GET /static/vendor/{digest}/{name}",
    "OTHER /static",
}


def rules_of(route: RouteContext) -> list[Rule]:
    """Rules declared on a route, its routers and its mounts."""
    if isinstance(route.original_route, Mount):
        return [route.original_route.app.rule] if isinstance(route.original_route.app, PublicFiles) else []
    dependant = getattr(route, "dependant", None)
    return [] if dependant is None else list(_declared(dependant))


def _declared(dependant: Dependant) -> Iterator[Rule]:
    if isinstance(dependant.call, Access | PublicAccess):
        yield dependant.call.rule
    for each in dependant.dependencies:
        yield from _declared(each)


def named(route: RouteContext) -> Iterator[str]:
    for method in sorted(route.methods or {"OTHER"}):
        yield f"{method} {route.path}"


def all_routes(app: FastAPI) -> list[RouteContext]:
    return list(iter_route_contexts(app.routes))


def faulty(app: FastAPI) -> list[str]:
    return [name for route in all_routes(app) if len(rules_of(route)) != 1 for name in named(route)]


def test_every_route_has_exactly_one_rule(app: FastAPI) -> None:
    assert len(all_routes(app)) > 15
    assert faulty(app) == []


def test_only_these_are_public(app: FastAPI) -> None:
    public = {name for route in all_routes(app) if rules_of(route) == [PUBLIC] for name in named(route)}
    assert public == OPEN


def test_a_route_without_a_rule_is_found() -> None:
    def nothing() -> None: ...

    app = FastAPI()  # brings /docs, /redoc and /openapi.json of its own, without rules
    router, inner = APIRouter(dependencies=[access(SIGNED_IN)]), APIRouter()
    inner.get("/good")(nothing)
    inner.get("/twice", dependencies=[access(PUBLIC)])(nothing)
    router.include_router(inner)
    app.include_router(router)
    app.get("/bare")(nothing)
    app.get("/public", dependencies=[access(PUBLIC)])(nothing)
    app.mount("/files", StaticFiles(directory="api/pages/static"))
    app.mount("/open", PublicFiles(directory="api/pages/static"))
    app.websocket("/socket")(nothing)
    app.add_route("/plain", nothing, methods=["POST"])
    expected = {"GET /bare", "GET /twice", "POST /plain", "OTHER /files", "OTHER /socket"}
    own = {"/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"}
    assert {name for name in faulty(app) if name.split()[1] not in own} == expected
    assert {name.split()[1] for name in faulty(app)} >= own


def test_a_misspelt_role_is_found_when_the_route_is_written() -> None:
    with pytest.raises(ValueError, match="plannner"):
        access({"plannner"})


def requests_of(app: FastAPI) -> Iterator[tuple[str, str, Rule]]:
    """Method, address with something in every blank, and rule of each route that is not public."""
    for route in all_routes(app):
        if isinstance(route.original_route, APIRoute) and (rule := rules_of(route)[0]) != PUBLIC:
            path = re.sub(r"\{[^}]*\}", "1", route.path or "")
            for method in route.methods or ():
                yield method, path, rule


def is_problem(answer: Any, status: int) -> bool:
    return (
        answer.status_code == status
        and answer.headers["content-type"] == "application/problem+json"
        and answer.json()["status"] == status
    )


def test_without_credentials_every_other_route_answers_401(
    app: FastAPI, partition: Partition, client_as: ClientAs
) -> None:
    client = client_as(None)
    for method, path, _rule in requests_of(app):
        answer = client.request(method, path)
        assert is_problem(answer, 401), (method, path, answer.status_code, answer.text)
        assert answer.headers["www-authenticate"] == "Bearer"


def test_with_credentials_of_no_worth_too(app: FastAPI, partition: Partition, client_as: ClientAs) -> None:
    client = client_as(None)
    for method, path, _rule in requests_of(app):
        for worthless in ({"Authorization": "Bearer nonsense"}, {"Authorization": "Basic YTpi"}):
            assert is_problem(client.request(method, path, headers=worthless), 401), (method, path)


def test_with_the_wrong_role_403(app: FastAPI, partition: Partition, client_as: ClientAs) -> None:
    seen = 0
    for method, path, rule in requests_of(app):
        for role in sorted(frozenset(Role) - (rule.roles or frozenset(Role))):
            seen += 1
            assert is_problem(client_as(role).request(method, path), 403), (method, path, role)
    assert seen > 5


def test_with_the_right_role_neither(app: FastAPI, partition: Partition, client_as: ClientAs) -> None:
    for method, path, rule in requests_of(app):
        if path == "/account/password":
            continue  # asks a person, not a program
        role = min(rule.roles or frozenset(Role))
        assert client_as(role).request(method, path).status_code not in {401, 403, 500}, (method, path, role)


def test_a_role_that_ended_opens_nothing(
    client: TestClient, partition: Partition, owner_session: Any
) -> None:
    assert client.get("/geocode?lon=113.805&lat=27.605").status_code == 200
    owner_session.execute(
        text("UPDATE account_role SET valid = daterange(lower(valid) - 9, lower(valid) - 1)")
    )
    answer = client.get("/geocode?lon=113.805&lat=27.605")
    assert is_problem(answer, 403)
    assert "no role today" in answer.json()["detail"]


def test_openapi_says_which_routes_ask(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert "security" not in paths["/healthz"]["get"]
    assert {next(iter(each)) for each in paths["/geocode"]["get"]["security"]} == {"token", "session"}
