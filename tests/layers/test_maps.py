"""Named maps: what is on them, in numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import layers
from geo.errors import InvalidInput
from layers.choropleth import Choropleth
from layers.density import with_counts
from layers.geometry import by_level
from layers.gridmap import GridMap
from layers.grids import Grids
from layers.heat import MOST_BINS, Heat, bin_points
from layers.measures import COVERAGE_MEASURES, DENSITY_MEASURES, get_measure
from layers.tiles import VectorTiles
from layers.words import _WORDS, check_lang, class_words, say, vocabulary
from tests.layers.toy import toy_coverage, toy_zone


def part(drawn: GridMap, kind: type) -> Any:
    (found,) = [child for child in drawn._children.values() if isinstance(child, kind)]
    return found


def features(drawn: GridMap, level: int) -> dict[str, dict[str, Any]]:
    options = part(drawn, Grids).options()
    (shown,) = [each for each in options["levels"] if each["level"] == level]
    return {
        feature["id"]: feature["properties"]
        | {"values": dict(zip(options["keys"], feature["properties"]["values"], strict=True))}
        for feature in shown["features"]["features"]
    }


def test_every_grid_is_on_the_coverage_map_with_its_figures() -> None:
    grids = toy_zone()
    drawn = layers.coverage_map(grids)
    for level in (1, 2, 3):
        shown = features(drawn, level)
        expected = grids[grids["level"] == level]
        assert set(shown) == set(expected.index)
        for code, grid in expected.iterrows():
            values = shown[code]["values"]
            assert values["households"] == grid["households"]
            assert values["households_per_km2"] == round(grid["households"] / grid["area_km2"])
            assert values["buildings"] == grid["buildings"]
            assert values["area_km2"] == pytest.approx(grid["area_km2"], abs=0.005)
            assert shown[code]["parent"] == grid["parent_code"]


def test_density_shows_counts_and_rates_of_every_grid() -> None:
    grids = toy_zone()
    counts = pd.Series({code: number for number, code in enumerate(grids.index) if number % 3}, name="count")
    shown = features(layers.density_map(grids, counts), 3)
    for code, grid in grids[grids["level"] == 3].iterrows():
        count = int(counts.get(code, 0))
        assert shown[code]["values"]["count"] == count
        assert shown[code]["values"]["per_1000_households"] == pytest.approx(
            1000 * count / grid["households"], abs=0.051
        )
        assert shown[code]["values"]["per_km2"] == pytest.approx(count / grid["area_km2"], abs=0.051)


def test_rates_already_in_the_frame_are_taken_as_they_are() -> None:
    grids = toy_zone()
    counts = pd.DataFrame({"count": 5, "per_1000_households": 7.25, "per_km2": np.nan}, index=grids.index)
    shown = next(iter(features(layers.density_map(grids, counts), 3).values()))
    assert shown["values"]["per_1000_households"] == pytest.approx(7.2)
    assert shown["values"]["per_km2"] is None


def test_a_grid_without_households_has_no_rate_rather_than_a_wrong_one() -> None:
    grids = toy_zone()
    empty = grids.index[grids["level"] == 3][0]
    grids.loc[empty, "households"] = 0
    drawn = layers.density_map(grids, pd.Series({empty: 4}, name="count"))
    assert features(drawn, 3)[empty]["values"]["per_1000_households"] is None
    assert part(drawn, Choropleth).classes[3]["per_1000_households"].missing == 1


def test_the_legend_counts_every_grid_once_for_every_choice() -> None:
    drawn = layers.coverage_map(toy_coverage())
    described = part(drawn, Choropleth).options()["classes"]
    for level, count in (("1", 2), ("2", 6), ("3", 24)):
        for key in COVERAGE_MEASURES:
            rows = described[level][key]["rows"]
            assert sum(row["count"] for row in rows) + described[level][key]["missing"] == count
            assert len({row["words"] for row in rows}) == len(rows)


def test_counts_that_would_be_lost_are_refused() -> None:
    frames = by_level(toy_zone())
    with pytest.raises(InvalidInput, match="no grid on this map"):
        with_counts(frames, pd.Series({"nowhere": 3}, name="count"))
    with pytest.raises(InvalidInput, match="counted twice"):
        with_counts(frames, pd.Series([1, 2], index=[frames[3].index[0]] * 2, name="count"))


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"measure": "count"}, "count"),
        ({"level": 4}, "level 4"),
        ({"lang": "fr"}, "fr"),
        ({"scheme": "Guess"}, "Guess"),
    ],
)
def test_choices_that_cannot_be_are_refused(choice: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        layers.coverage_map(toy_zone(), **choice)


def test_a_frame_without_what_is_measured_is_refused() -> None:
    with pytest.raises(InvalidInput, match="households"):
        layers.coverage_map(toy_zone().drop(columns="households"))


def test_no_grids_make_an_empty_map() -> None:
    nothing = toy_zone().iloc[:0]
    assert "wangge.grids" in layers.coverage_map(nothing).parts().script
    assert "wangge.grids" in layers.coverage_map({3: nothing}).parts().script


def test_one_level_alone_is_enough() -> None:
    grids = toy_zone()
    drawn = layers.coverage_map(
        {3: grids[grids["level"] == 3].drop(columns=["level", "parent_code", "kind"])}
    )
    assert len(features(drawn, 3)) == 24


def test_a_page_of_138_grids_stays_far_below_a_megabyte() -> None:
    zone = toy_zone(cells=138, parents=29, longest=2e-3)
    parts = layers.coverage_map(zone, tiles=layers.TileSource()).parts(nonce="N", assets="/static/vendor")
    assert len(parts.script.encode()) < 600_000


def test_tiles_are_asked_for_below_the_base_address() -> None:
    drawn = layers.coverage_map(toy_zone(), tiles=layers.TileSource(), base_url="http://127.0.0.1:8000/")
    assert (
        part(drawn, VectorTiles).options()["buildings"]
        == "http://127.0.0.1:8000/tiles/buildings/{z}/{x}/{y}.mvt"
    )


def test_a_picture_map_takes_the_place_of_the_ground() -> None:
    drawn = layers.coverage_map(
        toy_zone(), tiles=layers.TileSource(), basemap=layers.XyzBasemap("/x/{z}/{x}/{y}.png")
    )
    assert part(drawn, VectorTiles).options()["ground"] is None


def test_heat_sums_points_into_few_cells() -> None:
    points = np.random.default_rng(1).normal([113.9, 27.65], 0.05, (50_000, 2))
    bins = bin_points(points)
    assert len(bins) <= MOST_BINS
    assert bins[:, 2].sum() == pytest.approx(50_000)
    assert np.average(bins[:, :2], axis=0, weights=bins[:, 2]) == pytest.approx(points.mean(axis=0))


def test_heat_keeps_weights_and_leaves_out_what_has_no_place() -> None:
    points = np.array([[113.9, 27.65, 3], [113.9, 27.65, 4], [np.nan, 27.65, 5], [113.8, 27.6, 0]])
    assert bin_points(points) == pytest.approx(np.array([[113.9, 27.65, 7]]))
    assert Heat(np.empty((0, 3))).options()["points"] == []


def test_heat_of_another_shape_is_refused() -> None:
    with pytest.raises(InvalidInput, match="shape"):
        bin_points(np.zeros((3, 4)))


def test_every_word_is_there_in_both_languages() -> None:
    for key, (chinese, english) in _WORDS.items():
        assert chinese
        assert english
        assert chinese.count("{") == english.count("{"), key
    assert vocabulary("zh").keys() == vocabulary("en").keys()
    for key in {*COVERAGE_MEASURES, *DENSITY_MEASURES}:
        assert all(say(key + part, "en") for part in ("", ".unit", ".short"))
    for count in range(1, 8):
        assert len(class_words(count, "zh")) == len(class_words(count, "en")) == count


def test_unknown_languages_and_measures_are_refused() -> None:
    with pytest.raises(InvalidInput, match="'fr'"):
        check_lang("fr")
    with pytest.raises(InvalidInput, match="'secrets'"):
        get_measure("secrets", COVERAGE_MEASURES)
