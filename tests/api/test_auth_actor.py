"""Who asks is known within their own request only, on whatever connection it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from api.app import create_app
from api.auth import PUBLIC, SIGNED_IN, ActorDep, access
from api.deps import SessionDep
from geo import accounts, identity
from geo.errors import Conflict
from geo.permissions import Role
from geo.settings import PathSettings, Settings
from geo.store.engine import ACTOR_SETTING, make_sessions
from tests.builders import add_zone
from tests.database import TestDatabase, disposed

ROLES = [Role.INTAKE, Role.PLANNER, Role.AUDITOR, Role.GRID_WORKER]


def actor_in_database(session: Session) -> str | None:
    return session.scalar(text("SELECT current_setting(:name, true)"), {"name": ACTOR_SETTING})


def add_test_routes(app: FastAPI) -> None:
    @app.get("/test/me", dependencies=[access(SIGNED_IN)])
    def me(session: SessionDep, actor: ActorDep) -> dict[str, str | None]:
        session.execute(text("SELECT pg_sleep(0.005)"))
        return {"python": str(actor.account_id), "database": actor_in_database(session)}

    @app.get("/test/nobody", dependencies=[access(PUBLIC)])
    def nobody(session: SessionDep) -> dict[str, str | None]:
        return {"database": actor_in_database(session)}

    @app.get("/test/refuse", dependencies=[access(SIGNED_IN)])
    def refuse(session: SessionDep) -> None:
        raise Conflict("no")

    @app.get("/test/crash", dependencies=[access(SIGNED_IN)])
    def crash(session: SessionDep) -> None:
        session.execute(text("SELECT 1 / 0"))

    @app.get("/test/confused", dependencies=[access(PUBLIC)])
    def confused(actor: ActorDep) -> None: ...


@pytest.fixture
def one_connection(
    new_database: Callable[[], TestDatabase], tmp_path: Path
) -> Iterator[tuple[TestClient, dict[str, str]]]:
    """The app on a pool of one connection, and a token of each role by account id."""
    urls = new_database().urls
    with disposed(urls.owner) as owner, Session(owner) as session, session.begin():
        add_zone(session)
        tokens = {}
        for role in ROLES:
            token = accounts.make_token(session, role, days=1, name="test")
            tokens[str(identity.actor_of_token(session, token).account_id)] = token
    app = create_app(Settings(paths=PathSettings(state_dir=tmp_path)), app_url=urls.app)
    add_test_routes(app)
    engine = create_engine(urls.app, pool_size=1, max_overflow=0)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        app.state.sessions = make_sessions(engine)
        yield client, tokens
    engine.dispose()


def test_the_actor_is_set_in_the_requests_own_transaction(
    one_connection: tuple[TestClient, dict[str, str]],
) -> None:
    client, tokens = one_connection
    for account, token in tokens.items():
        answer = client.get("/test/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.json() == {"python": account, "database": account}


@pytest.mark.parametrize(
    "before", ["/test/me", "/test/refuse", "/test/crash", "/incidents/999999", "/geocode"]
)
def test_the_next_request_on_the_connection_knows_nobody(
    one_connection: tuple[TestClient, dict[str, str]], before: str
) -> None:
    client, tokens = one_connection
    for token in tokens.values():
        assert client.get(before, headers={"Authorization": f"Bearer {token}"}).status_code != 401
        assert client.get("/test/nobody").json()["database"] in {None, ""}
        assert client.get("/test/me").status_code == 401


def test_many_threads_never_get_each_others_identity(
    one_connection: tuple[TestClient, dict[str, str]],
) -> None:
    client, tokens = one_connection
    paths = ["/test/me", "/test/crash", "/test/nobody", "/test/me", "/test/refuse", "/test/me"]
    jobs = [(account, token, path) for path in paths * 5 for account, token in tokens.items()]

    def ask(job: tuple[str, str, str]) -> tuple[str, int, dict]:
        account, token, path = job
        headers = {} if path == "/test/nobody" else {"Authorization": f"Bearer {token}"}
        answer = client.get(path, headers=headers)
        return account, answer.status_code, answer.json()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(ask, jobs))
    for (_, _, path), (account, status, body) in zip(jobs, answers, strict=True):
        if path == "/test/me":
            assert (status, body) == (200, {"python": account, "database": account})
        elif path == "/test/nobody":
            assert body["database"] in {None, ""}
        else:
            assert status == {"/test/crash": 500, "/test/refuse": 409}[path]


def test_a_public_route_has_no_actor_to_give(one_connection: tuple[TestClient, dict[str, str]]) -> None:
    client, tokens = one_connection
    for token in tokens.values():
        assert client.get("/test/confused", headers={"Authorization": f"Bearer {token}"}).status_code == 403


def test_a_header_that_is_wrong_is_not_made_good_by_a_cookie(
    one_connection: tuple[TestClient, dict[str, str]],
) -> None:
    client, tokens = one_connection
    sessions = client.app.state.sessions
    with sessions() as session, session.begin():
        actor = identity.actor_of_token(session, next(iter(tokens.values())))
        secret = identity.open_web_session(session, actor)
    headers = {"Cookie": f"wangge_session={secret}"}
    assert client.get("/test/me", headers=headers).status_code == 200
    for wrong in ("Bearer x", "Bearer", "", "Basic YTpi", "Bearer \xe4"):
        answer = client.get("/test/me", headers=headers | {"Authorization": wrong.encode("latin-1")})
        assert answer.status_code == 401, wrong


def test_the_session_of_a_refused_request_lives_on(one_connection: tuple[TestClient, dict[str, str]]) -> None:
    client, tokens = one_connection
    with client.app.state.sessions() as session, session.begin():
        secret = identity.open_web_session(
            session, identity.actor_of_token(session, next(iter(tokens.values())))
        )
        session.execute(text("UPDATE web_session SET expires_at = now() + interval '1 minute'"))
    headers = {"Cookie": f"wangge_session={secret}"}
    assert client.get("/test/crash", headers=headers).status_code == 500
    assert client.get("/test/me", headers=headers).status_code == 200
    with client.app.state.sessions() as session:
        assert session.scalar(text("SELECT expires_at > now() + interval '11 hours' FROM web_session"))


def test_database_errors_do_not_quote_what_people_wrote(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(DataError, match="division") as raised:
        connection.execute(text("SELECT length(:phone) / 0"), {"phone": "13800001234"})
    assert "13800001234" not in str(raised.value)
