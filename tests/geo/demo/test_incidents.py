"""The invented incidents: rhythms, places, lives, planted hot spots and planted oddities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.demo.generate import DemoZone
from geo.demo.lives import STATES
from geo.demo.place import ZONE_FILE
from geo.zone_file import read_zone_file

SHANGHAI = "Asia/Shanghai"


def local(zone: DemoZone, *categories: str) -> pd.Series:
    """Local report times of the ordinary incidents of some categories."""
    rows = zone.incidents["hot_spot"].eq(-1) & (zone.incidents["reported_at"] <= zone.now)
    if categories:
        rows &= zone.incidents["category"].isin(categories)
    return zone.incidents.loc[rows, "reported_at"].dt.tz_convert(SHANGHAI)


def share(times: pd.Series, hours: range) -> float:
    return float(times.dt.hour.isin(hours).mean())


def test_categories_sources_and_states_are_those_of_the_lists(zone: DemoZone) -> None:
    lists = read_zone_file(ZONE_FILE).lists
    kinds = {row["code"] for row in lists["incident_categories"] if row["parent_code"] is None}
    assert set(zone.incidents["category"]) == {row["code"] for row in lists["incident_categories"]} - kinds
    assert set(zone.incidents["source"]) == {row["code"] for row in lists["incident_sources"]} - {"import"}
    assert set(zone.steps["state"]) == set(STATES)
    assert set(zone.habits.categories["parent"]) == kinds == {"comprehensive", "livelihood", "public"}


def test_two_years_up_to_the_moment(zone: DemoZone) -> None:
    times = local(zone)
    assert len(zone.incidents) == 20_000
    assert times.min() >= pd.Timestamp("2024-03-02", tz=SHANGHAI)
    assert times.max() <= zone.now
    by_year = (times > pd.Timestamp("2025-03-01", tz=SHANGHAI)).mean()
    assert 0.45 < by_year < 0.55
    assert (times > pd.Timestamp("2026-03-01", tz=SHANGHAI)).sum() >= 6


def test_days_have_a_rhythm(zone: DemoZone) -> None:
    assert share(local(zone, "noise"), range(19, 24)) > 3 * share(local(zone, "noise"), range(2, 7))
    assert share(local(zone, "insurance_advice"), range(8, 18)) > 0.9
    assert share(local(zone, "traffic_safety"), range(7, 9)) > share(
        local(zone, "traffic_safety"), range(1, 3)
    )


def test_weeks_have_a_rhythm(zone: DemoZone) -> None:
    weekday = local(zone, "insurance_advice", "labour_dispute", "hardship_relief").dt.day_of_week
    assert (weekday < 5).mean() > 0.85
    assert (local(zone, "noise").dt.day_of_week >= 5).mean() > 2 / 7


def test_years_have_a_rhythm(zone: DemoZone) -> None:
    rain = local(zone, "drainage").dt.month
    assert (rain == 6).mean() > 3 / 12
    fire = local(zone, "fire_hazard", "gas_heating").dt.month
    assert fire.isin([12, 1, 2]).mean() > 1.5 * fire.isin([6, 7, 8]).mean()


def test_oddities_are_planted_in_their_numbers(zone: DemoZone) -> None:
    lon, lat = zone.incidents["lon"].to_numpy(), zone.incidents["lat"].to_numpy()
    unknown, at_zero = np.isnan(lon), (lon == 0) & (lat == 0)
    assert unknown.sum() == 60
    assert (unknown == np.isnan(lat)).all()
    assert at_zero.sum() == 6
    outline = zone.grids[zone.grids["level"] == 1].union_all()
    shapely.prepare(outline)
    placed = ~(unknown | at_zero)
    outside = placed & ~shapely.contains_xy(outline, np.nan_to_num(lon), np.nan_to_num(lat))
    assert outside.sum() == 200
    gone = shapely.distance(outline, shapely.points(lon[outside], lat[outside]))
    assert gone.max() < 0.006  # degrees: some 600 m
    future = zone.incidents["reported_at"] > zone.now
    assert future.sum() == 8
    assert (zone.incidents.loc[future, "state"] == "reported").all()


@pytest.mark.parametrize("number", range(8))
def test_hot_spots_are_a_real_excess(zone: DemoZone, number: int) -> None:
    """Within radius and days the category is far more frequent, and by the number on record."""
    spot = zone.hot_spots.iloc[number]
    rows = zone.incidents[zone.incidents["category"] == spot["category"]]
    x = (rows["lon"] - spot["lon"]) * 98_600  # metres a degree at 27.6° N
    y = (rows["lat"] - spot["lat"]) * 110_800
    near = np.hypot(x, y) <= spot["radius_m"] + 1
    day = rows["reported_at"].dt.tz_convert(SHANGHAI).dt.date
    during = (day >= spot["since"]) & (day <= spot["until"])
    planted = rows["hot_spot"] == spot["id"]
    assert planted.sum() == spot["expected_extra"] >= 8
    assert (near & during)[planted].all()
    ordinary = (near & during & (rows["hot_spot"] == -1)).sum()
    assert planted.sum() > 4 * ordinary


def test_lives_are_append_only_and_end_in_the_present_state(zone: DemoZone) -> None:
    steps = zone.steps
    assert (steps["number"] == steps.groupby("incident").cumcount() + 1).all()
    assert steps.groupby("incident")["at"].is_monotonic_increasing.all()
    last = steps.drop_duplicates("incident", keep="last").set_index("incident")
    assert len(last) == len(zone.incidents)
    assert (last["state"].sort_index().to_numpy() == zone.incidents["state"].to_numpy()).all()
    later = steps[steps["number"] > 1]
    assert (later["at"] <= zone.now).all()
    first = steps[steps["number"] == 1].set_index("incident")["at"].sort_index()
    assert (first.to_numpy() == zone.incidents["reported_at"].to_numpy()).all()


def test_old_incidents_are_closed_and_new_ones_are_open(zone: DemoZone) -> None:
    age = zone.now - zone.incidents["reported_at"]
    closed = zone.incidents["state"].isin(["archived", "not_accepted", "merged", "void"])
    assert closed[age > pd.Timedelta(days=120)].mean() > 0.98
    assert closed[(age > pd.Timedelta(0)) & (age < pd.Timedelta(days=1))].mean() < 0.3


def test_most_handling_is_in_time_and_some_is_not(zone: DemoZone) -> None:
    plain = zone.steps[
        zone.steps["incident"].isin(zone.incidents.index[zone.incidents["state"] == "archived"])
    ]
    at = plain.drop_duplicates(["incident", "state"]).pivot(index="incident", columns="state", values="at")
    days = (at["done"] - at["assigned"]).dt.total_seconds() / 86_400
    assert 0.5 < (days <= 7).mean() < 0.95
    assert 0.001 < (days > 20).mean() < 0.15


def test_descriptions_name_places_and_vary(zone: DemoZone) -> None:
    assert zone.incidents["description"].nunique() > 15_000
    assert not zone.incidents["description"].str.contains(r"[{}]").any()
    assert zone.incidents["address_text"].str.len().min() > 4
