"""A zone to import into, in a database of its own or in a transaction that is rolled back."""

from __future__ import annotations

import pytest

from tests import builders
from tests.builders import acting_as


@pytest.fixture
def loader(owner_session):
    """A session with the loader's rights in a database with a zone and no grids."""
    builders.add_zone(owner_session)
    with acting_as(owner_session, "wangge_loader"):
        yield owner_session


@pytest.fixture
def loader_with_grids(owner_session):
    """The same with the toy partition: 2 × 2 cells of 0.01 degrees from 113.80, 27.60."""
    builders.add_partition(owner_session)
    with acting_as(owner_session, "wangge_loader"):
        yield owner_session
