"""Fixtures that every test may ask for.

Most tests want ``session``: whatever they write, commits included, is rolled back at the end. Tests that
need real commits seen by several connections want ``new_database``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from geo.demo.load import load_demo
from tests.database import TestDatabase, TestServer, disposed, throw_away_cluster

#: Last day of the demo's incidents in ``demo_database``.
DEMO_DAY = date(2026, 3, 1)


@pytest.fixture(scope="session")
def database_server() -> Iterator[TestServer]:
    """The throw-away server with its migrated template; started when the first test asks."""
    with throw_away_cluster() as cluster:
        server = TestServer(cluster)
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
    database = database_server.clone()
    with disposed(database.urls.owner) as engine, Session(engine) as session, session.begin():
        load_demo(session, today=DEMO_DAY, buildings=2_000)
    return database


def _rolled_back(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


def _joined(connection: Connection) -> Session:
    return Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
