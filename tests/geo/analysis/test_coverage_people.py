"""Staffing and duty: who carries what, what is vacant, who is there at which minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.coverage.gaps import COLUMNS, rank_gaps, reach_gaps
from geo.analysis.coverage.hierarchy import chains, count_distinct, roll_up, sum_by_grid
from geo.analysis.coverage.hours import count_on_duty, covered_hours, on_duty, stand_ins
from geo.analysis.coverage.staffing import count_overloads, count_workers, overloads, vacancies
from geo.analysis.coverage.targets import targets

SHANGHAI = ZoneInfo("Asia/Shanghai")
CODES = ["A", "AA", "AB", "AAA", "AAB", "ABA"]


@pytest.fixture
def grids() -> gpd.GeoDataFrame:
    return make_grids()


def make_grids() -> gpd.GeoDataFrame:
    """One grid, in it a community of two and a village of one."""
    return gpd.GeoDataFrame(
        {
            "level": [1, 2, 2, 3, 3, 3],
            "parent_code": [None, "A", "A", "AA", "AA", "AB"],
            "kind": [None, "community", "village", "residential", "industrial", "rural"],
            "name": CODES,
            "households": [1_300, 900, 400, 600, 300, 400],
            "population": [3_900.0, 2_700, 1_200, 1_800, 900, np.nan],
        },
        index=pd.Index(CODES, name="code"),
        geometry=[shapely.box(0, 0, 1, 1)] * 6,
        crs="EPSG:4490",
    )


def make_posts(**columns: object) -> pd.DataFrame:
    post = {
        "target": "grid",
        "unit_kind": None,
        "grid_level": 3,
        "is_required": True,
        "required_kinds": None,
        "most_targets": 1,
        "most_households": 500,
        "role": "grid_worker",
    }
    return pd.DataFrame([post | columns], index=pd.Index(["worker"], name="code"))


def held(*rows: tuple[int, str, str]) -> pd.DataFrame:
    """Who, primary or deputy, for what."""
    return pd.DataFrame(rows, columns=["person_id", "rank", "target"]).assign(post="worker")


def make_targets(grids: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    buildings = gpd.GeoDataFrame(
        {
            "kind": ["residential", "factory"],
            "name": ["1栋", "厂房"],
            "neighbourhood_code": ["N1", None],
            "grid_code": ["AAA", "ABA"],
            "households": [40, 0],
            "residents": [100.0, 0.0],
        },
        index=["B1", "B2"],
        geometry=gpd.points_from_xy([0.25, 0.5], [0.75, 0.5]),
        crs="EPSG:4490",
    )
    neighbourhoods = gpd.GeoDataFrame(
        {"kind": ["quarter", "villager_group"], "name": ["小区", "小组"], "grid_code": ["AAA", "ABA"]},
        index=["N1", "N2"],
        geometry=[None, None],
        crs="EPSG:4490",
    )
    unit = {"target_kind": "unit", "target_code": "U1", "kind": None, "name": "1单元", "grid_code": "AAA"}
    others = pd.DataFrame([unit | {"households": 9, "residents": np.nan}], index=["unit U1"])
    return targets(grids, buildings, neighbourhoods, others)


def test_targets_know_their_unit_and_who_lives_there(grids: gpd.GeoDataFrame) -> None:
    found = make_targets(grids)
    assert found.loc["neighbourhood N1", ["households", "population"]].tolist() == [40, 100]
    assert found.loc["neighbourhood N1"].geometry.equals(shapely.Point(0.25, 0.75))
    assert found.loc["neighbourhood N2"].geometry.within(shapely.box(0, 0, 1, 1))
    assert found.loc[["grid A", "grid AA", "grid AAA", "building B2", "unit U1"], "unit_kind"].fillna(
        ""
    ).tolist() == [
        "",
        "community",
        "community",
        "village",
        "community",
    ]


@pytest.mark.parametrize(
    ("rule", "vacant"),
    [
        ({}, ["AAB", "ABA"]),
        ({"grid_level": 2}, ["AA", "AB"]),
        ({"grid_level": None}, ["A", "AA", "AB", "AAB", "ABA"]),
        ({"unit_kind": "village"}, ["ABA"]),
        ({"required_kinds": ["rural", "residential"]}, ["ABA"]),
        ({"is_required": False}, []),
        ({"target": "building", "grid_level": None}, ["B1", "B2"]),
        ({"target": "building", "grid_level": None, "required_kinds": ["residential"]}, ["B1"]),
        ({"target": "neighbourhood", "grid_level": None, "unit_kind": "village"}, ["N2"]),
        ({"target": "unit", "grid_level": None}, ["U1"]),
    ],
)
def test_a_required_post_without_a_holder_is_vacant(
    grids: gpd.GeoDataFrame, rule: dict[str, object], vacant: list[str]
) -> None:
    found = vacancies(make_posts(**rule), make_targets(grids), held((1, "deputy", "grid AAA")))
    assert found["target_code"].tolist() == vacant


def test_a_deputy_carries_only_what_has_no_primary_holder(grids: gpd.GeoDataFrame) -> None:
    rows = held(
        (1, "primary", "grid AAA"),
        (2, "deputy", "grid AAA"),
        (2, "deputy", "grid ABA"),
        (3, "primary", "grid X"),
    )
    assert count_workers(make_posts(), rows, grids).to_dict() == {
        "A": 2,
        "AA": 1,
        "AB": 1,
        "AAA": 1,
        "AAB": 0,
        "ABA": 1,
    }


def test_overload_by_targets_and_by_households(grids: gpd.GeoDataFrame) -> None:
    rows = held((1, "primary", "grid AAA"), (2, "primary", "grid AAB"), (2, "primary", "grid ABA"))
    found = overloads(make_posts(), make_targets(grids), rows).set_index("person_id")
    assert found.loc[1, ["targets", "households", "measure", "limit", "unit"]].tolist() == [
        1,
        600,
        600,
        500,
        "households",
    ]
    assert found.loc[2, ["targets", "households", "measure", "limit", "unit"]].tolist() == [
        2,
        700,
        2,
        1,
        "targets",
    ]
    assert found.loc[2, "grid_code"] == "ABA"
    assert found.loc[2, "grid_codes"] == ("AAB", "ABA")
    assert found.loc[2, "population"] == 900
    counted = count_overloads(found.reset_index(), grids)
    assert counted.to_dict() == {"A": 2, "AA": 2, "AB": 1, "AAA": 1, "AAB": 1, "ABA": 1}


def test_those_who_share_a_target_share_its_households(grids: gpd.GeoDataFrame) -> None:
    rows = held((1, "primary", "grid AAA"), (2, "primary", "grid AAA"))
    assert len(overloads(make_posts(), make_targets(grids), rows)) == 0
    assert overloads(make_posts(most_households=299), make_targets(grids), rows)["households"].tolist() == [
        300,
        300,
    ]


def test_without_limits_nobody_is_overloaded(grids: gpd.GeoDataFrame) -> None:
    rows = held((1, "primary", "grid AAA"), (1, "primary", "grid AAB"))
    found = overloads(make_posts(most_targets=None, most_households=None), make_targets(grids), rows)
    assert len(found) == 0
    assert count_overloads(found, grids).eq(0).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(CODES), st.integers(0, 3)), max_size=20))
def test_sums_and_counts_go_up_the_tree(rows: list[tuple[str, int]]) -> None:
    grids = make_grids()
    frame = pd.DataFrame(rows, columns=["code", "n"]).astype({"code": object, "n": "int64"})
    total = sum_by_grid(frame[["n"]], frame["code"], grids)["n"]
    distinct = count_distinct(frame["n"], frame["code"], grids)
    for code in CODES:
        below = [n for each, n in rows if each.startswith(code)]
        assert total[code] == sum(below)
        assert distinct[code] == len(set(below))


def test_a_tree_whose_top_is_missing_still_has_chains(grids: gpd.GeoDataFrame) -> None:
    without = grids.drop(index="A")
    assert chains(without).loc["AAA"].tolist() == [None, "AA", "AAA"]
    assert roll_up(pd.DataFrame({"n": [1]}, index=["AAA"]), without)["n"].tolist() == [1, 0, 1, 0, 0]
    assert chains(grids.iloc[:0]).empty


def make_duties(rows: list[tuple[int, str | None, datetime, datetime]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["person_id", "grid_code", "starts", "ends"])
    instants = {name: pd.to_datetime(frame[name], utc=True) for name in ("starts", "ends")}
    return frame.assign(**instants).astype({"person_id": "int64", "grid_code": object})


def make_leaves(*rows: tuple[int, int | None, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["person_id", "deputy_id", "since", "until"])
    days = {name: pd.to_datetime(frame[name]) for name in ("since", "until")}
    return frame.assign(**days).astype({"deputy_id": "Int64"})


MONDAY = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)


def test_who_is_away_is_stood_in_for_by_a_deputy_who_is_there() -> None:
    duties = make_duties([(person, "AAA", MONDAY, MONDAY + timedelta(hours=1)) for person in (1, 2, 3, 4, 5)])
    leaves = make_leaves(
        (1, None, "2026-03-02", "2026-03-03"),
        (2, 9, "2026-03-01", "2026-03-03"),
        (3, 1, "2026-03-02", "2026-03-03"),
        (4, 9, "2026-03-01", "2026-03-02"),
        (5, 9, "2026-03-03", "2026-03-04"),
    )
    done = stand_ins(duties, leaves, MONDAY)
    assert dict(zip(done["person_id"], done["by"], strict=True)) == {2: 9, 4: 4, 5: 5}


def test_a_duty_covers_its_grid_and_those_below_and_is_seen_above(grids: gpd.GeoDataFrame) -> None:
    day = [MONDAY, MONDAY + timedelta(hours=2)]
    done = make_duties([(1, "AA", *day), (2, "AAA", *day), (1, "ABA", *day), (3, None, *day)])
    done = done.assign(by=done["person_id"])
    running = on_duty(done, MONDAY)
    assert count_on_duty(running, grids).to_dict() == {"A": 2, "AA": 2, "AB": 1, "AAA": 2, "AAB": 1, "ABA": 1}
    assert len(on_duty(done, MONDAY + timedelta(hours=2))) == 0


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([*CODES, None]), st.integers(-300, 1_700), st.integers(1, 900)), max_size=8
    )
)
def test_covered_hours_are_counted_minute_by_minute(rows: list[tuple[str | None, int, int]]) -> None:
    grids = make_grids()
    midnight = datetime(2026, 3, 2, tzinfo=SHANGHAI)
    spans = [
        (code, midnight + timedelta(minutes=a), midnight + timedelta(minutes=a + b)) for code, a, b in rows
    ]
    done = make_duties([(1, *span) for span in spans])
    hours = pd.date_range(midnight, periods=24, freq="h")
    found = covered_hours(done, grids, hours)
    for code in ("AAA", "AAB", "ABA"):
        covered = [
            any(c and code.startswith(c) and a <= minute < a + b for c, a, b in rows)
            for minute in range(1440)
        ]
        assert found.loc[code].tolist() == np.reshape(covered, (24, 60)).mean(axis=1).tolist()
    assert found.loc["AA"].tolist() == pytest.approx(found.loc[["AAA", "AAB"]].mean().tolist())


@pytest.mark.parametrize(("day", "count"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_days_on_which_clocks_change_have_their_own_hours(
    grids: gpd.GeoDataFrame, day: str, count: int
) -> None:
    zurich = ZoneInfo("Europe/Zurich")
    midnight = datetime.fromisoformat(day).replace(tzinfo=zurich)
    hours = pd.date_range(midnight, midnight + timedelta(days=1), freq="h", inclusive="left")
    done = make_duties([(1, "A", datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))])
    assert covered_hours(done, grids, hours).eq(1.0).all(axis=None)
    assert len(hours) == count


def test_gaps_are_ranked_by_people_and_by_households_where_people_are_not_known(
    grids: gpd.GeoDataFrame,
) -> None:
    rows = gpd.GeoDataFrame(
        {
            "kind": ["over_norm", "vacancy", "vacancy", "out_of_view"],
            "grid_code": ["AAA", "AAB", "ABA", "AAB"],
            "people": [50.0, 90.0, np.nan, 90.0],
            "households": [20.0, 30.0, 70.0, 30.0],
        },
        geometry=[shapely.Point(0, 0)] * 4,
        crs="EPSG:4490",
    )
    ranked = rank_gaps([rows, rows.iloc[:0]], grids)
    assert ranked.index.tolist() == [1, 2, 3, 4]
    assert list(ranked.columns) == [*COLUMNS, "geometry"]
    assert ranked["kind"].tolist() == ["vacancy", "out_of_view", "vacancy", "over_norm"]
    assert ranked["grid_name"].tolist() == ["AAB", "AAB", "ABA", "AAA"]
    assert list(rank_gaps([], grids).columns) == [*COLUMNS, "geometry"]


def test_a_gap_in_reach_is_told_by_its_homes() -> None:
    buildings = gpd.GeoDataFrame(
        {
            "grid_code": ["AAA", "AAA", "AAA", "AAB", None],
            "households": [10, 30, 5, 0, 9],
            "residents": [25.0, 80.0, np.nan, 0.0, 1.0],
        },
        geometry=gpd.GeoSeries.from_xy(range(5), range(5)),
        crs="EPSG:4490",
    )
    found = reach_gaps("no_site_in_reach", buildings, pd.Series([1_500.0, 1_100.0, 900.0, 5e3, 5e3]), 1_000.0)
    assert found[["grid_code", "people", "households", "measure"]].to_numpy().tolist() == [
        ["AAA", 105, 40, 1_200]
    ]
    assert found.geometry.iloc[0].equals(shapely.Point(1, 1))
    everybody = reach_gaps("no_team_near", buildings, pd.Series(np.nan, index=range(5)), 1_000.0)
    assert everybody["households"].tolist() == [45]
    assert everybody["measure"].isna().all()
