"""Frames of the demo zone for tests; its ground, which takes the time, is made once in a process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from geo.demo import generate, ground
from geo.demo.generate import DemoZone, generate_zone

#: Last day of the incidents of ``demo_database``, and about how many buildings it keeps.
DEMO_DAY, DEMO_BUILDINGS = date(2026, 3, 1), 2_000

_make_ground = ground.make_ground


@cache
def _whole_ground(seed: int) -> ground.Ground:
    return _make_ground(seed, sys.maxsize)  # even FULL_STOCK thins it out a little


@cache
def _ground(seed: int, buildings: int) -> ground.Ground:
    whole = _whole_ground(seed)
    return replace(whole, buildings=ground._thinned(seed, whole.buildings, buildings))


@contextmanager
def remembered_ground() -> Iterator[None]:
    """Zones are generated on ground that is made once for each seed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generate, "make_ground", _ground)
        yield


@cache
def zone_of_demo_database() -> DemoZone:
    """What ``demo_database`` was loaded from, but for the number of incidents."""
    with remembered_ground():
        return generate_zone(today=DEMO_DAY, buildings=DEMO_BUILDINGS, incidents=500)
