"""The demo zone, made once for all tests of this folder."""

from __future__ import annotations

from datetime import date

import pytest

from geo.demo.generate import DemoZone, generate_zone
from tests.demo_zones import remembered_ground

TODAY = date(2026, 3, 1)


@pytest.fixture(scope="session")
def zone() -> DemoZone:
    """The zone as users get it, on a day that does not change."""
    with remembered_ground():
        return generate_zone(today=TODAY)


@pytest.fixture(scope="session")
def other_zone() -> DemoZone:
    """Another seed, thinned out."""
    with remembered_ground():
        return generate_zone(seed=7, today=TODAY, incidents=3_000, buildings=2_000)
