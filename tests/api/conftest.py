"""A client of the app whose requests all run, as the application role, inside one transaction rolled back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from api.app import create_app
from api.deps import get_session
from geo.accounts import make_token
from geo.permissions import Role
from geo.settings import PathSettings, Settings
from geo.store.engine import store_errors
from tests.builders import Partition, acting_as, add_partition
from tests.database import TestDatabase

ClientAs = Callable[..., TestClient]


@pytest.fixture
def partition(owner_session: Session) -> Partition:
    """The toy zone of ``tests.builders``."""
    return add_partition(owner_session)


@pytest.fixture
def app(database: TestDatabase, owner_connection: Connection, tmp_path: Path) -> FastAPI:
    """The app on the test database; each request is a savepoint of the test's own transaction."""
    settings = Settings(paths=PathSettings(state_dir=tmp_path))
    app = create_app(settings, app_url=database.urls.app, watch=False)

    def one_request() -> Iterator[Session]:
        with (
            store_errors(),
            Session(
                owner_connection, join_transaction_mode="create_savepoint", expire_on_commit=False
            ) as session,
            session.begin(),
            acting_as(session, "wangge_app"),
        ):
            yield session

    app.dependency_overrides[get_session] = one_request
    return app


@pytest.fixture
def client_as(app: FastAPI, owner_session: Session) -> Iterator[ClientAs]:
    """``client_as("planner")``: a client with that role's token; ``client_as(None)``: one without any."""
    opened: list[TestClient] = []

    def make(role: str | None = "intake") -> TestClient:
        headers = {}
        if role is not None:
            token = make_token(owner_session, Role(role), days=1, name=f"test {len(opened)}")
            headers["Authorization"] = f"Bearer {token}"
        client = TestClient(app, base_url="http://127.0.0.1", headers=headers, raise_server_exceptions=False)
        opened.append(client)
        return client.__enter__()

    yield make
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture
def client(partition: Partition, client_as: ClientAs) -> TestClient:
    """A client of the intake desk on the toy zone."""
    return client_as("intake")
