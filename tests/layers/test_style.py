"""Classes and palettes."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.errors import InvalidInput
from layers.style import MOST_CLASSES, PALETTES, SCHEMES, Theme, classify, palette
from tests.layers.color_vision import VISIONS, difference, lightness

# About five times what is just seen side by side; neighbours on a map are seldom side by side.
LEAST_DIFFERENCE = 10.0


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("count", range(2, 6))
@pytest.mark.parametrize("theme", get_args(Theme))
@pytest.mark.parametrize("name", PALETTES.values())
def test_neighbouring_classes_differ_to_every_eye(name: str, theme: Theme, count: int, vision: str) -> None:
    for one, other in pairwise(palette(name, count, theme=theme)):
        assert difference(one, other, vision) >= LEAST_DIFFERENCE


@pytest.mark.parametrize("count", range(2, MOST_CLASSES + 1))
@pytest.mark.parametrize("theme", get_args(Theme))
@pytest.mark.parametrize("name", PALETTES.values())
def test_higher_classes_are_darker_by_day_and_brighter_by_night(name: str, theme: Theme, count: int) -> None:
    shades = [lightness(color) for color in palette(name, count, theme=theme)]
    assert shades == sorted(shades, reverse=theme == "day")
    assert len(set(shades)) == count


@pytest.mark.parametrize("name", PALETTES.values())
def test_nothing_glares_by_night(name: str) -> None:
    assert max(lightness(color) for color in palette(name, MOST_CLASSES, theme="night")) < 82


def test_classes_have_as_many_colours_by_night_as_by_day() -> None:
    for values in (np.arange(40.0), np.full(5, 2.0), np.zeros(5), np.array([np.nan]), np.array([1.0, 3.0])):
        classes = classify(values)
        assert len(classes.colors_by("night")) == len(classes.colors_by("day")) == len(classes.counts)


def test_a_red_green_palette_would_fail_the_same_check() -> None:
    assert difference("#d7191c", "#1a9641", "normal") > 100
    assert difference("#b35806", "#6f7a00", "deuteranopia") < LEAST_DIFFERENCE


@pytest.mark.parametrize("count", [0, MOST_CLASSES + 1])
def test_too_many_colours_are_refused(count: int) -> None:
    with pytest.raises(InvalidInput, match="1 to 7"):
        palette("YlGnBu", count)


@given(
    values=arrays(
        np.float64, st.integers(0, 60), elements=st.one_of(st.floats(0, 1e6), st.just(np.nan), st.just(0.0))
    ),
    scheme=st.sampled_from(SCHEMES),
    k=st.integers(2, MOST_CLASSES),
)
@settings(deadline=None, max_examples=60)
def test_every_known_value_is_in_the_one_class_that_says_so(values: np.ndarray, scheme: str, k: int) -> None:
    values = np.round(values, 1)
    classes = classify(values, scheme=scheme, k=k)
    places = classes.index(values)
    known = ~np.isnan(values)
    assert classes.missing == int((~known).sum())
    assert (places[~known] == -1).all()
    assert sum(classes.counts) == int(known.sum())
    assert len(classes.counts) <= MOST_CLASSES
    assert len(classes.colors) == len(classes.counts)
    for place, (low, high, count) in enumerate(zip(classes.lows, classes.highs, classes.counts, strict=True)):
        held = values[places == place]
        assert (held.min(), held.max(), len(held)) == (low, high, count)
    assert all(high < low for high, low in zip(classes.highs, classes.lows[1:], strict=False))


@given(values=st.lists(st.integers(0, 5), min_size=1, max_size=40), k=st.integers(6, 7))
def test_few_distinct_values_are_a_class_each(values: list[int], k: int) -> None:
    classes = classify(np.array(values, dtype=float), k=k)
    assert classes.scheme == "UserDefined"
    assert classes.lows == classes.highs == tuple(sorted({float(value) for value in values}))


def test_where_nothing_happened_the_map_is_light() -> None:
    lightest, _, middle, _, _ = palette("YlOrRd", 5)
    assert classify(np.zeros(138), colors="YlOrRd").colors == (lightest,)
    assert classify(np.full(138, 7.0), colors="YlOrRd").colors == (middle,)


def test_all_equal_is_one_class_in_a_colour_that_shows() -> None:
    classes = classify(np.full(138, 7.0))
    assert (classes.lows, classes.highs, classes.counts) == ((7.0,), (7.0,), (138,))
    assert 40 < lightness(classes.colors[0]) < 85


def test_nothing_known_has_no_class() -> None:
    classes = classify(np.array([np.nan, np.nan]))
    assert (classes.counts, classes.missing, classes.colors) == ((), 2, ())
    assert classify(np.array([])).counts == ()


def test_fisher_jenks_finds_the_gaps() -> None:
    values = np.concatenate([np.arange(10), np.arange(100, 110), np.arange(1000, 1010)]).astype(float)
    classes = classify(values, scheme="FisherJenks", k=3)
    assert classes.scheme == "FisherJenks"
    assert list(zip(classes.lows, classes.highs, strict=True)) == [(0, 9), (100, 109), (1000, 1009)]


def test_quantiles_share_grids_evenly() -> None:
    assert classify(np.arange(100.0), scheme="Quantiles", k=5).counts == (20,) * 5


@pytest.mark.parametrize(
    ("scheme", "k", "said"), [("Guess", 5, "Guess"), ("Quantiles", 1, "k=1"), ("Quantiles", 8, "k=8")]
)
def test_unknown_schemes_and_counts_are_refused(scheme: str, k: int, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        classify(np.arange(10.0), scheme=scheme, k=k)
