"""The demo zone, made once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache

import pytest

from geo.demo import generate
from geo.demo.generate import DemoZone, generate_zone
from geo.demo.ground import make_ground

TODAY = date(2026, 3, 1)
_ground_made_once = cache(make_ground)


@contextmanager
def remembered_ground() -> Iterator[None]:
    """Make the ground of a seed once for all blocks: it is what takes the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generate, "make_ground", _ground_made_once)
        yield


@pytest.fixture(scope="session")
def zone() -> DemoZone:
    """The zone as users get it, on a day that does not change."""
    return generate_zone(today=TODAY)


@pytest.fixture(scope="session")
def other_zone() -> DemoZone:
    """Another seed, thinned out."""
    with remembered_ground():
        return generate_zone(seed=7, today=TODAY, incidents=3_000, buildings=2_000)
