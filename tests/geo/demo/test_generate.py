"""The same arguments give the same zone, other seeds another one, and wrong arguments a clear refusal."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import geopandas as gpd
import pandas as pd
import pytest

from geo.demo.generate import DemoZone, generate_zone
from geo.errors import InvalidInput
from tests.demo_zones import remembered_ground
from tests.geo.demo.conftest import TODAY

GROUND = ("grids", "neighbourhoods", "buildings", "units", "households", "roads", "water", "land_use")


def digest(frame: pd.DataFrame) -> str:
    plain = pd.DataFrame(frame).copy()
    if isinstance(frame, gpd.GeoDataFrame):
        plain["geometry"] = frame.geometry.to_wkb()
    rows = pd.util.hash_pandas_object(plain, index=True).to_numpy().tobytes()
    return hashlib.sha256(rows + repr(list(plain.columns)).encode()).hexdigest()


@pytest.fixture(scope="module")
def later() -> DemoZone:
    """The same seed a day later, at nine in the morning."""
    now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    with remembered_ground():
        return generate_zone(seed=7, today=date(2026, 3, 2), incidents=3_000, buildings=2_000, now=now)


def test_same_arguments_same_frames(other_zone: DemoZone) -> None:
    again = generate_zone(seed=7, today=TODAY, incidents=3_000, buildings=2_000)
    for name, frame in other_zone.frames().items():
        assert digest(frame) == digest(again.frames()[name]), name


def test_names_codes_and_base_map_do_not_depend_on_the_day(other_zone: DemoZone, later: DemoZone) -> None:
    for name in GROUND:
        assert digest(other_zone.frames()[name]) == digest(later.frames()[name]), name
    assert digest(other_zone.incidents) != digest(later.incidents)


def test_the_present_day_ends_now(later: DemoZone) -> None:
    """Nothing lies in the future but what was planted, and the last hours are not empty."""
    ahead = later.incidents["reported_at"] > later.now
    assert ahead.sum() == 4
    age = later.now - later.incidents.loc[~ahead, "reported_at"]
    assert (age < pd.Timedelta(hours=24)).sum() >= 6


def test_another_seed_is_another_place(zone: DemoZone, other_zone: DemoZone) -> None:
    assert digest(zone.grids) != digest(other_zone.grids)
    assert len(other_zone.buildings) == pytest.approx(2_000, rel=0.1)


def test_default_frames_have_plain_indices(zone: DemoZone) -> None:
    for name, frame in zone.frames().items():
        assert isinstance(frame.index, pd.RangeIndex), name
        assert frame.index.start == 0, name


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"incidents": 10}, "incidents=10: give 500 to 2000000"),
        ({"incidents": 3_000_000}, "incidents=3000000"),
        ({"buildings": 10}, "buildings=10: give 1000 to 20000"),
        ({"buildings": 50_000}, "buildings=50000"),
        ({"now": datetime(2026, 3, 1, 9, 0)}, "time zone"),  # noqa: DTZ001 - that is the fault
        ({"now": datetime(2026, 3, 3, 9, 0, tzinfo=UTC)}, "is not on 2026-03-01"),
    ],
)
def test_wrong_arguments_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        generate_zone(today=TODAY, **arguments)  # type: ignore[arg-type]
