"""Files in every system are told right, and what has nothing to do with the zone is not judged."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.boundaries.shift.ground import Ground
from geo.boundaries.shift.outline import compare, lead, separate
from tests.geo.boundaries.crs_town import (
    CORNER,
    METRIC,
    NONE,
    SIDE,
    STORED,
    cells,
    doors,
    houses,
    judged,
    moved,
    offset_m,
    sent_as,
    strewn,
    surveyed,
    town,
    turned_boxes,
)

FILES = {
    "doors": lambda: doors(1, 300),
    "few doors": lambda: doors(2, 40),
    "strewn": lambda: strewn(3, 400),
    "footprints 0.5 m": lambda: surveyed(4, 200, 0.5),
    "footprints 5 m": lambda: surveyed(5, 120, 5.0),
    "borders": lambda: cells(3),
    "some borders": lambda: cells(3)[5:12],
}


@pytest.mark.parametrize("file", FILES)
def test_a_file_as_declared_fits(file):
    for system in (STORED, "GCJ-02", METRIC):
        verdict = judged(sent_as(FILES[file](), system), system)
        assert verdict.outcome == "fits", verdict.reason
        assert verdict.confidence > 0.99
        assert verdict.suggested is None
        assert np.hypot(verdict.shift_east_m, verdict.shift_north_m) < 5


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    ("truth", "declared"),
    [(STORED, "GCJ-02"), ("GCJ-02", STORED), ("BD-09", "GCJ-02"), ("GCJ-02", "BD-09")],
)
def test_another_system_of_web_maps_is_named_with_its_shift(file, truth, declared):
    verdict = judged(sent_as(FILES[file](), truth), declared)
    assert (verdict.outcome, verdict.suggested) == ("other", truth), verdict.reason
    assert verdict.confidence > 0.99
    assert f"say --crs {truth}" in verdict.reason
    shift = np.array([verdict.shift_east_m, verdict.shift_north_m])
    # The offset itself changes by some metres across the town.
    assert np.abs(shift - offset_m(truth, declared, FILES[file]())).max() < 8


@pytest.mark.parametrize("file", ["doors", "footprints 5 m"])
@pytest.mark.parametrize(
    ("truth", "declared", "suggested"),
    [
        ("swapped", STORED, "EPSG:4490 with the axes swapped"),
        ("EPSG:4549", METRIC, "EPSG:4549"),
        ("EPSG:4526", METRIC, "EPSG:4526"),
        ("EPSG:3857", METRIC, "EPSG:3857"),
        (METRIC, STORED, METRIC),
        (STORED, METRIC, STORED),
        ("drawn", METRIC, "EPSG:4547 drawn over GCJ-02"),
        ("twice", STORED, "EPSG:4490 after an offset of GCJ-02 that was not there was taken off"),
    ],
)
def test_axes_projections_and_conversions_gone_wrong_are_named(file, truth, declared, suggested):
    verdict = judged(sent_as(FILES[file](), truth), declared)
    assert (verdict.outcome, verdict.suggested) == ("other", suggested), verdict.reason
    json.dumps(verdict.as_dict(), allow_nan=False)


def test_northing_before_easting_in_metres():
    sent = shapely.transform(sent_as(doors(1, 200), METRIC), lambda xy: xy[:, ::-1])
    verdict = judged(sent, METRIC)
    assert verdict.suggested == "EPSG:4547 with the axes swapped"
    assert "exchange the columns of x and y, and say --crs EPSG:4547" in verdict.reason


@settings(deadline=None, max_examples=12, derandomize=True)
@given(
    file=st.sampled_from(["doors", "footprints 0.5 m", "borders"]),
    metres=st.floats(60, 1000),
    angle=st.floats(0, 2 * np.pi),
)
def test_a_shift_that_no_system_explains_is_measured(file, metres, angle):
    shift = metres * np.array([np.cos(angle), np.sin(angle)])
    verdict = judged(sent_as(moved(FILES[file](), *shift), STORED))
    assert verdict.outcome == "other", verdict.reason
    found = np.array([verdict.shift_east_m, verdict.shift_north_m])
    assert np.abs(found - shift).max() < 4 + 3 * verdict.shift_error_m
    # By chance the shift may be that of a known system.
    assert verdict.suggested is None or np.hypot(*(found - offset_m("GCJ-02", STORED, FILES[file]()))) < 40


@pytest.mark.parametrize(("file", "metres", "outcome"), [("doors", 10, "fits"), ("borders", 20, "other")])
def test_a_small_shift_counts_when_doors_do_not_explain_it(file, metres, outcome):
    assert judged(sent_as(moved(FILES[file](), metres, 0), STORED)).outcome == outcome


def uniform(rng, count):
    return CORNER + rng.uniform(0, SIDE, (count, 2))


def noises(seed):
    """Files that have nothing to do with the town, by name."""
    rng = np.random.default_rng(seed)
    lattice = np.stack(np.meshgrid(*[np.arange(0, SIDE, 60.0)] * 2), axis=-1).reshape(-1, 2)
    near_houses = shapely.get_coordinates(shapely.centroid(houses())) + rng.normal(0, 250, (len(houses()), 2))
    return {
        "few points": shapely.points(uniform(rng, 30)),
        "points": shapely.points(uniform(rng, 1500)),
        "clusters": shapely.points(np.repeat(uniform(rng, 12), 40, axis=0) + rng.normal(0, 50, (480, 2))),
        "lattice": shapely.points(CORNER + lattice + rng.uniform(0, 60, 2)),
        "the built-up part": shapely.points(near_houses),
        "one place": np.repeat(shapely.points(uniform(rng, 1)), 200),
        "footprints": turned_boxes(rng, uniform(rng, 300), (9, 20), (7, 12)),
        "borders": cells(1000 + seed, 40, beyond=500),
    }


@pytest.mark.parametrize("name", noises(0))
def test_what_has_nothing_to_do_with_the_zone_is_not_judged(name):
    for seed in range(3):
        verdict = judged(sent_as(noises(seed)[name], STORED))
        assert verdict.outcome == "unclear", (seed, verdict.reason)
        assert verdict.confidence == 0.0
        assert verdict.reason.startswith("cannot tell")


def test_rows_of_two_systems_in_one_file():
    rows = np.concatenate([sent_as(doors(1, 300), STORED), sent_as(doors(2, 300), "GCJ-02")])
    verdict = judged(rows)
    assert verdict.outcome == "unclear"
    assert "fits two systems" in verdict.reason
    assert "GCJ-02" in verdict.reason


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (sent_as(doors(1, 5), STORED), "only 5 separate places"),
        (np.array([None, shapely.Point(), shapely.Point(np.nan, 1)], dtype=object), "no feature"),
        (shapely.points([[8.5, 47.1]] * 30), "does not lie near the zone"),
    ],
)
def test_too_little_or_elsewhere_cannot_be_told(sent, words):
    verdict = judged(sent)
    assert verdict.outcome == "unclear"
    assert words in verdict.reason
    json.dumps(verdict.as_dict(), allow_nan=False)


def test_scattered_points_with_swapped_axes_are_told_by_their_place():
    points = shapely.points(uniform(np.random.default_rng(2), 500))
    verdict = judged(sent_as(points, "swapped"))
    assert (verdict.outcome, verdict.basis) == ("other", "place")
    assert verdict.suggested == "EPSG:4490 with the axes swapped"
    assert verdict.confidence > 0.99
    assert "GCJ-02 with the axes swapped" in verdict.reason


def test_without_buildings_the_quarters_serve():
    rng = np.random.default_rng(8)
    quarters = turned_boxes(rng, uniform(rng, 60), (90, 160), (60, 120))
    ground = Ground(town().outline, NONE, quarters, town().borders)
    inside = shapely.get_coordinates(shapely.centroid(quarters))[rng.integers(0, 60, 400)]
    points = shapely.points(inside + rng.normal(0, 40, (400, 2)))
    right, wrong = (judged(sent_as(points, system), ground=ground) for system in (STORED, "GCJ-02"))
    assert (right.outcome, right.basis) == ("fits", "neighbourhoods"), right.reason
    assert (wrong.outcome, wrong.suggested) == ("other", "GCJ-02"), wrong.reason


def test_with_grids_alone_the_outline_serves_files_of_the_zone():
    ground = Ground(town().outline, NONE, NONE, town().borders)
    rng = np.random.default_rng(9)
    points = shapely.points(uniform(rng, 800))
    for truth in (STORED, "GCJ-02", "BD-09"):
        verdict = judged(sent_as(points, truth), ground=ground)
        assert verdict.basis == "outline"
        assert (verdict.suggested or STORED) == truth, verdict.reason
        assert verdict.fits == (truth == STORED)
    wider = shapely.points(CORNER - 3000 + rng.uniform(0, 3 * SIDE, (800, 2)))
    verdict = judged(sent_as(wider, STORED), ground=ground)
    assert verdict.outcome == "unclear"
    assert "only the zone's own files" in verdict.reason
    middle = shapely.points(CORNER + SIDE / 2 + rng.normal(0, 60, (100, 2)))
    verdict = judged(sent_as(middle, STORED), ground=ground)
    assert verdict.outcome == "unclear"
    assert "outline alone" in verdict.reason


def test_a_zone_without_anything_to_hold_borders_against():
    verdict = judged(sent_as(cells(3), STORED), ground=Ground(NONE, houses(), NONE, NONE))
    assert verdict.outcome == "unclear"
    assert "import them first" in verdict.reason


def test_the_same_file_gives_the_same_verdict():
    sent = sent_as(strewn(3, 200), "GCJ-02")
    assert judged(sent) == judged(sent)


def test_paired_comparison_counts_separate_places_only():
    xy = np.array([[0.0, 0.0], [10.0, 10.0], [150.0, 0.0], [np.nan, 0.0]])
    assert sorted(separate(xy)) == [0, 2]
    one, other = np.array([True] * 20), np.array([False] * 20)
    assert lead(one, other).p == pytest.approx(0.5**20)
    assert lead(other, one).p == 1.0
    found = compare([other, one, one.copy()])
    assert found.best == 1
    assert found.p_over == (pytest.approx(2 * 0.5**20), 0.0, 1.0)
