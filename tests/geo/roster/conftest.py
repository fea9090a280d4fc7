"""A zone with a partition, its lists and something to hold posts for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.builders import acting_as
from tests.geo.roster.books import lay_ground


@pytest.fixture
def ground(owner_session: Session) -> Session:
    """The toy partition with a building, a quarter and a villager group, as its owner."""
    lay_ground(owner_session)
    return owner_session


@pytest.fixture
def loader(ground: Session) -> Iterator[Session]:
    """The same with the loader's rights."""
    with acting_as(ground, "wangge_loader"):
        yield ground
