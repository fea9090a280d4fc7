"""A zone with a partition, its lists and something to hold posts for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.builders import acting_as, add_building, add_neighbourhood, add_partition
from tests.geo.roster.books import BUILDING, GRID, GROUP, QUARTER, VILLAGE_GRID
from tests.people_builders import add_post_lists


@pytest.fixture
def ground(owner_session: Session) -> Session:
    """The toy partition with a building, a quarter and a villager group, as its owner."""
    add_partition(owner_session)
    add_post_lists(owner_session)
    add_building(owner_session, BUILDING, grid_code=GRID)
    add_neighbourhood(owner_session, QUARTER, grid_code=GRID)
    add_neighbourhood(owner_session, GROUP, grid_code=VILLAGE_GRID, kind="villager_group")
    return owner_session


@pytest.fixture
def loader(ground: Session) -> Iterator[Session]:
    """The same with the loader's rights."""
    with acting_as(ground, "wangge_loader"):
        yield ground
