"""One toy zone for all tests of this folder; what a test writes is rolled back after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.geo.roster.planted.zone import ToyZone, add_toy_zone


@dataclass(frozen=True)
class Stored:
    """A toy zone and a session in which it is stored."""

    session: Session
    zone: ToyZone


@pytest.fixture(scope="package")
def stored_zone(owner_engine: Engine) -> Iterator[Stored]:
    """The toy zone, stored once."""
    with owner_engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield Stored(session, add_toy_zone(session))
        transaction.rollback()


@pytest.fixture
def stored(stored_zone: Stored) -> Iterator[Stored]:
    """The toy zone as it was stored, whatever the tests before have written."""
    savepoint = stored_zone.session.begin_nested()
    yield stored_zone
    savepoint.rollback()
