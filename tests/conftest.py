"""Fixtures that every test may ask for.

Most tests want ``session``: whatever they write, commits included, is rolled back at the end. Tests that
need real commits seen by several connections want ``new_database``.

``pytest -n 2`` runs on several workers: one throw-away server for all, databases of its own for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from geo.demo.load import load_demo
from geo.store.embedded import Cluster
from tests.database import TestDatabase, TestServer, cluster_in, disposed, throw_away_cluster
from tests.demo_zones import DEMO_BUILDINGS, DEMO_DAY, remembered_ground

# How long an example takes says how busy the machine is, not whether it is right.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

#: Where the process that hands out tests keeps the cluster of its workers.
SHARED = pytest.StashKey[Cluster]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of ``pytest -n`` which cluster is theirs; started before the first, stopped after all."""
    if SHARED not in node.config.stash:
        stack = ExitStack()
        node.config.add_cleanup(stack.close)
        node.config.stash[SHARED] = stack.enter_context(throw_away_cluster())
    node.workerinput["cluster"] = str(node.config.stash[SHARED].home.parent)


@pytest.fixture(scope="session")
def database_server(request: pytest.FixtureRequest) -> Iterator[TestServer]:
    """The throw-away server with its migrated template; started when the first test asks, unless shared."""
    worker = getattr(request.config, "workerinput", None)
    with ExitStack() as stack:
        if worker is None:
            server = TestServer(stack.enter_context(throw_away_cluster()))
        else:
            server = TestServer(cluster_in(Path(worker["cluster"])), worker["workerid"])
        yield server
        server.close()


@pytest.fixture(scope="session")
def database(database_server: TestServer) -> TestDatabase:
    """The database shared by all tests that roll back."""
    return database_server.clone()


@pytest.fixture(scope="session")
def engine(database: TestDatabase) -> Iterator[Engine]:
    """The shared database as the application role. Never commit through it: use ``session``."""
    with disposed(database.urls.app) as engine:
        yield engine


@pytest.fixture(scope="session")
def owner_engine(database: TestDatabase) -> Iterator[Engine]:
    """The shared database as its owner. Never commit through it: use ``owner_session``."""
    with disposed(database.urls.owner) as engine:
        yield engine


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """One connection as the application role, in a transaction that is rolled back."""
    yield from _rolled_back(engine)


@pytest.fixture
def owner_connection(owner_engine: Engine) -> Iterator[Connection]:
    """One connection as the owner, in a transaction that is rolled back."""
    yield from _rolled_back(owner_engine)


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session as the application role; its commits are savepoints of a transaction that is rolled back."""
    with _joined(connection) as session:
        yield session


@pytest.fixture
def owner_session(owner_connection: Connection) -> Iterator[Session]:
    """The same as ``session``, as the owner of the tables."""
    with _joined(owner_connection) as session:
        yield session


@pytest.fixture
def new_database(database_server: TestServer) -> Iterator[Callable[[], TestDatabase]]:
    """Make databases of one's own, migrated and empty, for real commits and several connections.

    ``new_database().urls.app`` is an address; ``tests.database.disposed(url)`` gives an engine.
    """
    with ExitStack() as stack:

        def make() -> TestDatabase:
            database = database_server.clone()
            stack.callback(database_server.drop, database)
            return database

        yield make


@pytest.fixture(scope="session")
def demo_database(database_server: TestServer) -> TestDatabase:
    """The demo zone, for tests that only read: seeded, up to a fixed day, with a tenth of its buildings."""
    database_server.make_template("demo", _fill_with_the_demo)
    return database_server.clone("demo")


def _fill_with_the_demo(database: TestDatabase) -> None:
    with (
        disposed(database.urls.owner) as engine,
        Session(engine) as session,
        session.begin(),
        remembered_ground(),
    ):
        load_demo(session, today=DEMO_DAY, buildings=DEMO_BUILDINGS)


def _rolled_back(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


def _joined(connection: Connection) -> Session:
    return Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
