"""What lies on and beside the coverage map: places, gaps, cards, paper, in what the page carries."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame

import layers
from geo.errors import InvalidInput
from layers.gaps import MOST_GAPS, Gaps
from layers.geometry import DECIMALS, drawn_shapes, pack
from layers.grids import Grids
from layers.measures import COVERAGE_MEASURES, LEAST_COVERAGE, MEASURES, coverage_measures
from layers.paper import Imprint, Paper
from layers.places import Places
from layers.words import say
from tests.layers.test_inert import HOSTILE
from tests.layers.test_maps import part
from tests.layers.toy import toy_coverage, toy_zone


def toy_sites(name: str = "玉湖村文化中心") -> GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "kind": ["farm_library"] * 2,
            "name": [name, "乙"],
            "functions": [["reading"], []],
            "members": [3, np.nan],
        },
        index=["S1", "S2"],
        geometry=[shapely.Point(113.9, 27.65), None],
        crs=4490,
    )


def toy_gaps(rows: int = 3) -> GeoDataFrame:
    place = np.arange(rows)
    return gpd.GeoDataFrame(
        {
            "kind": "vacancy",
            "grid_code": "360371001001001",
            "what": "grid_worker",
            "name": None,
            "people": np.where(place == 1, np.nan, 1000.0 - place),
            "households": 100.0,
            "measure": 3.25,
            "limit": np.nan,
            "unit": "households",
        },
        geometry=gpd.points_from_xy([113.9] * rows, [27.65] * rows),
        crs=4490,
    )


def walked(rings: list[list[int]]) -> shapely.Polygon:
    """A packed part made into a polygon again, as the browser does."""
    shell, *holes = [np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / 10**DECIMALS for ring in rings]
    return shapely.Polygon(shell, holes)


def test_packed_shapes_lose_nothing() -> None:
    drawn = layers.coverage_map(toy_zone())
    grids = part(drawn, Grids)
    for level, shapes in drawn_shapes(grids._frames).items():
        (shown,) = [each for each in grids.options()["levels"] if each["level"] == level]
        for feature, polygon in zip(shown["features"]["features"], shapes.polygons, strict=True):
            again = shapely.MultiPolygon([walked(rings) for rings in feature["packed"]])
            assert shapely.equals_exact(
                again, shapely.MultiPolygon(shapely.get_parts(polygon).tolist()), 1e-9
            )


def test_holes_and_parts_are_packed() -> None:
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    two = shapely.MultiPolygon([ring, shapely.box(5, 5, 6, 6)])
    packed = pack(two)
    assert [len(rings) for rings in packed] == [2, 1]
    assert sum(walked(rings).area for rings in packed) == pytest.approx(two.area)


def test_every_measure_is_drawn_with_its_unit_and_its_scale() -> None:
    grids = toy_coverage()
    options = part(layers.coverage_map(grids), Grids).options()
    assert [measure["key"] for measure in options["measures"]] == list(COVERAGE_MEASURES)
    place = options["keys"].index("in_reach_share")
    for level in options["levels"]:
        for feature in level["features"]["features"]:
            share = grids.loc[feature["id"], "in_reach_share"]
            assert feature["properties"]["values"][place] == round(share * 100, 1)
    for key in COVERAGE_MEASURES:
        for lang in ("zh", "en"):
            assert say(key, lang)
            assert say(key + ".unit", lang)
            assert say("group." + MEASURES[key].group, lang)


def test_a_frame_with_households_alone_is_measured_by_them() -> None:
    known = [measure.key for measure in coverage_measures({3: toy_zone()})]
    assert set(LEAST_COVERAGE) < set(known)
    assert "workers" not in known
    with pytest.raises(InvalidInput, match="workers"):
        layers.coverage_map(toy_zone(), measure="workers")


def test_places_come_as_an_address_or_as_they_are() -> None:
    drawn = layers.coverage_map(toy_zone(), places={"sites": toy_sites(), "teams": "/teams?as_of=2026-03-01"})
    sites, teams = part(drawn, Places).options()["layers"]
    assert teams["url"] == "/teams?as_of=2026-03-01"
    (site,) = sites["features"]  # the other has no place
    assert site["id"] == "S1"
    assert site["geometry"] == {"type": "Point", "coordinates": [113.9, 27.65]}
    assert site["properties"] == {
        "kind": "farm_library",
        "name": "玉湖村文化中心",
        "functions": ["reading"],
        "members": 3.0,
    }


def test_cameras_bring_the_ground_they_see_in_any_crs() -> None:
    cameras = toy_sites().assign(
        view=gpd.GeoSeries([shapely.Point(113.9, 27.65).buffer(1e-3), None], ["S1", "S2"])
    )
    cameras = (
        cameras.set_geometry("view", crs=4490).to_crs(4547).set_geometry("geometry", crs=4490).to_crs(4547)
    )
    points, views = Places({"cameras": cameras}).options()["layers"]
    assert points["features"][0]["geometry"]["coordinates"] == pytest.approx([113.9, 27.65], abs=2e-6)
    assert views["key"] == "views"
    assert views["features"][0]["geometry"]["type"] == "Polygon"
    assert "view" not in points["features"][0]["properties"]


def test_places_that_cannot_be_drawn_are_refused() -> None:
    with pytest.raises(InvalidInput, match="'trees'"):
        Places({"trees": "/trees"})
    with pytest.raises(InvalidInput, match="kind"):
        Places({"sites": toy_sites().drop(columns="kind")}).options()
    with pytest.raises(InvalidInput, match="CRS"):
        Places({"sites": toy_sites().set_crs(None, allow_override=True)}).options()


def test_gaps_keep_their_order_and_say_what_is_not_known() -> None:
    options = part(layers.coverage_map(toy_zone(), gaps=toy_gaps()), Gaps).options()
    assert options["total"] == 3
    assert options["columns"]["people"] == [1000, None, 998]
    assert options["columns"]["measure"] == [3.25] * 3
    assert options["columns"]["limit"] == [None] * 3
    assert options["columns"]["lat"] == [27.65] * 3


def test_a_list_nobody_reads_to_its_end_is_cut_and_counted() -> None:
    options = Gaps(toy_gaps(MOST_GAPS + 5)).options()
    assert len(options["columns"]["kind"]) == MOST_GAPS
    assert options["total"] == MOST_GAPS + 5


def test_no_gaps_are_an_empty_list_and_half_a_frame_is_refused() -> None:
    assert Gaps(toy_gaps().iloc[:0]).options()["columns"]["kind"] == []
    with pytest.raises(InvalidInput, match="people"):
        Gaps(toy_gaps().drop(columns="people"))


def test_hostile_text_stays_data_everywhere() -> None:
    gaps = toy_gaps().assign(name=HOSTILE)
    names = {"posts": {"grid_worker": HOSTILE}}
    drawn = layers.coverage_map(
        toy_zone(),
        places={"sites": toy_sites(HOSTILE)},
        gaps=gaps,
        names=names,
        imprint=Imprint(zone=HOSTILE, notice=HOSTILE, source=HOSTILE),
        card=layers.Card(people_url=HOSTILE),
    )
    script = drawn.parts(nonce="N", assets="/static/vendor").script
    assert script.count("<") == 2  # of the script element itself
    assert "{{" not in script


def test_the_imprint_reaches_the_paper() -> None:
    imprint = Imprint(zone="测试区", moment="2026年3月1日", notice="虚构", source="来源")
    options: dict[str, Any] = part(layers.coverage_map(toy_zone(), imprint=imprint), Paper).options()
    assert options == {"zone": "测试区", "moment": "2026年3月1日", "notice": "虚构", "source": "来源"}
