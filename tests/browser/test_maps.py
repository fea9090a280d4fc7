"""The two maps as people use them."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.browser.conftest import DESK, PHONE, WALL, Watched

pytestmark = pytest.mark.browser
Watch = Callable[..., Watched]

HOUSEHOLDS = """
    SELECT g.code, coalesce(sum(b.households), 0)::int AS households, count(b.code)::int AS buildings
    FROM grid g LEFT JOIN building b ON b.grid_code = g.code GROUP BY g.code, g.level HAVING g.level = 3
"""
CASES = """
    SELECT g.code, count(i.id)::int FROM grid g
    LEFT JOIN incident i ON g.code = CASE g.level
        WHEN 1 THEN i.grid1_code WHEN 2 THEN i.grid2_code ELSE i.grid3_code END
        AND i.time_status <> 'future' AND i.reported_at >= :since AND i.reported_at < :until
    WHERE g.level = :level GROUP BY g.code
"""


def rows(sql: Engine, query: str, **bound: Any) -> dict[str, Any]:
    with sql.connect() as connection:
        return {row[0]: row[1:] if len(row) > 2 else row[1] for row in connection.execute(text(query), bound)}


def shown(watched: Watched, measure: str) -> dict[str, float]:
    pairs = watched.state(
        "[...self.grids.byCode.values()].filter(g => g.level === self.state.level)"
        f".map(g => [g.code, g.values['{measure}']])"
    )
    return dict(pairs)


def number(words: str) -> float:
    return float(re.sub(r"[^\d.]", "", words))


@pytest.mark.parametrize("size", [DESK, WALL, PHONE])
def test_all_grids_are_drawn_with_their_borders(watch: Watch, size: tuple[int, int]) -> None:
    page = watch(size).open("/maps/coverage")
    for level, count in ((1, 5), (2, 29), (3, 138)):
        assert page.locator(f".leaflet-wangge-border-{level}-pane path").count() == 2 * count
    assert page.locator("path.wangge-grid").count() == 138


@pytest.mark.parametrize("path", ["/maps/coverage", "/maps/density?period=all"])
def test_a_page_weighs_less_than_a_megabyte(watch: Watch, path: str) -> None:
    watched = watch(DESK)
    watched.open(path)
    assert 100_000 < watched.bytes_loaded < 1_000_000


def test_a_click_shows_the_card_with_the_numbers_of_the_database(watch: Watch, sql: Engine) -> None:
    watched = watch(DESK)
    page = watched.open("/maps/coverage")
    expected = rows(sql, HOUSEHOLDS)
    for code in sorted(expected)[::31]:
        watched.click_grid(code)
        card = page.locator(".wangge-card")
        assert code in card.locator(".wangge-card-code").inner_text()
        for key, value in zip(("households", "buildings"), expected[code], strict=True):
            assert number(card.locator(f"[data-key={key}] .wangge-figure-value").inner_text()) == value
        card.locator(".wangge-close").click()
        assert card.is_hidden()


def test_a_click_names_the_building_and_the_whole_chain(watch: Watch, sql: Engine) -> None:
    watched = watch(DESK)
    page = watched.open("/maps/coverage?level=2")
    query = """
        SELECT b.code, ST_Y(b.label_point), ST_X(b.label_point), a.text, b.grid_code
        FROM building b JOIN address a ON a.building_code = b.code AND a.is_standard
        WHERE b.kind = 'residential' ORDER BY b.code LIMIT 1
    """
    ((code, (lat, lon, address, grid)),) = rows(sql, query).items()
    page.locator("[data-toggle=gaps]").uncheck()  # a symbol on the building would be clicked instead
    click_at(watched, lat, lon)
    building = page.locator("[data-place=building]")
    building.wait_for()
    assert code in building.inner_text()
    assert address in building.inner_text()
    assert (
        page.locator(".wangge-card-code").inner_text().endswith(code)
    )  # from near, a click means the building
    assert page.locator(".wangge-link-code").all_inner_texts() == [grid[:9], grid[:12], grid]
    page.locator("[data-subject=grid]").click()
    assert page.locator(".wangge-link-code").all_inner_texts() == [grid[:9], grid]
    assert page.locator(".wangge-card-code").inner_text().endswith(grid[:12])
    page.keyboard.press("Escape")
    assert page.locator(".wangge-card").is_hidden()
    assert page.locator(".wangge-pin").count() == 0


def test_a_place_outside_every_grid_names_the_nearest(watch: Watch) -> None:
    watched = watch(DESK)
    page = watched.open("/maps/coverage?lang=en")
    south, west = watched.state("[self.bounds.getSouth(), self.bounds.getWest()]")
    click_at(watched, south, west)
    page.locator("[data-place=nearest_grid]").wait_for()
    assert page.locator(".wangge-card-name").inner_text() == "Outside every grid"
    assert "away" in page.locator("[data-place=nearest_grid]").inner_text()
    page.locator("[data-place=nearest_grid] .wangge-link").click()
    assert page.locator(".wangge-figures").is_visible()
    assert page.locator(".wangge-place").count() == 0


def test_a_place_that_cannot_be_looked_up_says_so(watch: Watch) -> None:
    watched = watch(DESK)
    page = watched.open("/maps/coverage")
    page.route("**/geocode?*", lambda route: route.abort())
    watched.click_grid(watched.state("self.grids.levels.at(-1).features.features[3].id"))
    page.get_by_text("此处信息查询失败").wait_for()
    assert page.locator(".wangge-figures").is_visible()
    watched.complaints = [said for said in watched.complaints if "ERR_FAILED" not in said]


def click_at(watched: Watched, lat: float, lon: float) -> None:
    watched.state(f"map.setView([{lat}, {lon}], 17, {{animate: false}}) && null")
    box = watched.page.locator(".wangge-map").bounding_box()
    assert box is not None
    watched.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_every_number_of_the_coverage_map_is_the_databases(watch: Watch, sql: Engine) -> None:
    watched = watch(DESK)
    watched.open("/maps/coverage")
    expected = rows(sql, HOUSEHOLDS)
    assert shown(watched, "households") == {code: found[0] for code, found in expected.items()}
    areas = rows(sql, "SELECT code, area_m2 / 1e6 FROM grid WHERE level = 3")
    for code, density in shown(watched, "households_per_km2").items():
        assert density == pytest.approx(expected[code][0] / areas[code], abs=0.51)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_every_number_of_the_density_map_is_the_databases(watch: Watch, sql: Engine, level: int) -> None:
    watched = watch(DESK)
    page = watched.open(f"/maps/density?from=2025-06-01&to=2025-12-31&level={level}&measure=per_km2")
    period = {"since": "2025-06-01 00:00+08", "until": "2026-01-01 00:00+08"}
    expected = rows(sql, CASES, level=level, **period)
    assert shown(watched, "count") == expected
    areas = rows(sql, "SELECT code, area_m2 / 1e6 FROM grid")
    for code, density in shown(watched, "per_km2").items():
        assert density == pytest.approx(expected[code] / areas[code], abs=0.051)
    total = """
        SELECT 'all', count(*) FROM incident
        WHERE time_status <> 'future' AND reported_at >= :since AND reported_at < :until
    """
    assert int(page.locator("#total").get_attribute("data-total") or -1) == rows(sql, total, **period)["all"]


def test_level_and_measure_switches_change_map_legend_and_address(watch: Watch) -> None:
    watched = watch(DESK)
    page = watched.open("/maps/density?period=all")
    page.locator("button[data-level='2']").click()
    page.locator("button[data-measure='per_1000_households']").click()
    assert page.locator("path.wangge-grid").count() == 29
    counts = page.locator(".wangge-class-count").all_inner_texts()
    assert sum(map(number, counts)) == 29
    assert "千户事件数" in page.locator(".wangge-legend-head").inner_text()
    assert "level=2" in page.url
    assert "measure=per_1000_households" in page.url
    page.reload()
    assert page.locator("path.wangge-grid").count() == 29
    assert page.locator("button[data-level='2']").get_attribute("aria-pressed") == "true"


def test_colours_and_legend_agree(watch: Watch) -> None:
    watched = watch(DESK)
    page = watched.open("/maps/coverage")
    fills = page.locator("path.wangge-grid").evaluate_all("paths => paths.map(p => p.getAttribute('fill'))")
    legend = watched.state("self.classesNow().rows.map(row => [row.color, row.count])")
    assert {color: fills.count(color) for color, _ in legend} == dict(legend)


def test_filters_count_what_they_say(watch: Watch, sql: Engine) -> None:
    watched = watch(DESK)
    page = watched.open("/maps/density?level=2")
    page.locator("#category").select_option(index=2)
    category = page.locator("#category").input_value()
    page.fill("#from", "2025-01-01")
    page.locator("#scheme").select_option("Quantiles")
    page.locator(".apply").click()
    page.wait_for_load_state("networkidle")
    query = """
        SELECT 'n', count(*) FROM incident i JOIN incident_category c ON c.code = i.category
        WHERE time_status <> 'future' AND reported_at >= '2025-01-01 00:00+08'
        AND (c.code = :category OR c.parent_code = :category)
    """
    expected = rows(sql, query, category=category)["n"]
    assert 0 < expected < 3000
    assert int(page.locator("#total").get_attribute("data-total") or -1) == expected
    assert "分位数" in page.locator(".wangge-legend .wangge-note").inner_text()
    page.locator(".preset").last.click()
    page.wait_for_load_state("networkidle")
    assert "period=all" in page.url
    assert "from=" not in page.url
    assert f"category={category}" in page.url


def test_layers_are_shown_and_hidden(watch: Watch) -> None:
    watched = watch(DESK)
    page = watched.open("/maps/density?period=all")
    page.locator("[data-toggle=border-2]").uncheck()
    assert page.locator(".leaflet-wangge-border-2-pane path").count() == 0
    page.locator("[data-toggle=labels]").uncheck()
    watched.until("document.querySelectorAll('.wangge-label').length === 0")
    page.locator("[data-toggle=heat]").check()
    assert page.locator("canvas.leaflet-heatmap-layer").count() == 1
    assert not page.locator("[data-toggle=fill]").is_checked()
    assert page.locator(".wangge-heat-scale").is_visible()
    assert page.locator(".wangge-legend").is_hidden()
    page.locator("[data-toggle=heat]").uncheck()
    assert page.locator("[data-toggle=fill]").is_checked()
    assert page.locator(".wangge-legend").is_visible()
    page.locator("[data-toggle=ground]").uncheck()
    assert page.locator(".leaflet-wangge-lines-pane canvas").count() == 0


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_labels_do_not_collide(watch: Watch, size: tuple[int, int]) -> None:
    watched = watch(size)
    page = watched.open("/maps/coverage")
    for zoom in (None, 14, 15, 17):
        if zoom is not None:
            watched.state(f"map.setView(self.bounds.getCenter(), {zoom}, {{animate: false}}) && null")
            page.evaluate(
                "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
            )
        boxes = page.locator(".wangge-label").evaluate_all(
            "all => all.map(l => l.getBoundingClientRect()).map(b => [b.left, b.top, b.right, b.bottom])"
        )
        assert boxes
        assert [(one, two) for one, two in combinations(boxes, 2) if touch(one, two)] == []


def touch(one: list[float], two: list[float]) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def test_search_by_name_and_code_flies_to_the_grid(watch: Watch, sql: Engine) -> None:
    watched = watch(DESK)
    page = watched.open("/maps/coverage")
    names = rows(sql, "SELECT code, name FROM grid WHERE level = 2 ORDER BY code")
    code, name = next(iter(names.items()))
    search = page.locator(".wangge-search-input")
    search.fill(name)
    page.locator(".wangge-search-hit").first.click()
    assert page.locator(".wangge-card-name").inner_text() == name
    assert page.locator("button[data-level='2']").get_attribute("aria-pressed") == "true"
    watched.until("document.querySelector('.wangge-map').wanggeMap.getZoom() >= 13.5")
    search.fill(code + "001")
    search.press("Enter")
    assert code + "001" in page.locator(".wangge-card-code").inner_text()
    search.fill("没有这样的网格")
    assert page.locator(".wangge-search-hit").count() == 0
    assert "没有匹配" in page.locator(".wangge-search-list").inner_text()


def test_the_chain_on_a_card_leads_up_and_down(watch: Watch) -> None:
    watched = watch(DESK)
    page = watched.open("/maps/coverage")
    code = watched.state("self.grids.levels.at(-1).features.features[7].id")
    watched.state(f"self.choose('{code}') || null")
    page.locator(".wangge-chain .wangge-link").last.click()
    assert code[:12] in page.locator(".wangge-card-code").inner_text()
    assert page.locator(".wangge-children .wangge-link").count() == watched.state(
        f"self.grids.byCode.get('{code[:12]}').children.length"
    )


def test_buildings_are_drawn_when_zoomed_in(watch: Watch, sql: Engine) -> None:
    watched = watch(DESK)
    page = watched.open("/maps/coverage")
    query = """
        SELECT 'at', ST_Y(label_point), ST_X(label_point) FROM building
        WHERE kind = 'residential' ORDER BY code LIMIT 1
    """
    at = list(rows(sql, query)["at"])
    watched.state(f"map.setView({at}, 17, {{animate: false}}) && null")
    page.wait_for_load_state("networkidle")
    watched.until("document.querySelectorAll('.leaflet-wangge-buildings-pane canvas').length > 4")
    watched.until(INK.format(pane="buildings"))
    watched.until(INK.format(pane="names"))
    assert any("/tiles/buildings/15/" in url for url in watched.requests)


def test_tiles_are_asked_for_at_whole_zooms_only(watch: Watch, sql: Engine) -> None:
    watched = watch(DESK)
    page = watched.open("/maps/coverage")
    query = "SELECT 'at', ST_Y(label_point), ST_X(label_point) FROM building ORDER BY code LIMIT 1"
    at = list(rows(sql, query)["at"])
    for zoom in (14.5, 15.5, 16):
        watched.state(f"map.setView({at}, {zoom}, {{animate: false}}) && null")
        watched.state("map.wangge.set({level: map.wangge.state.level === 3 ? 2 : 3}) && null")
        page.wait_for_load_state("networkidle")
    watched.state("map.wangge.whole(true) && null")  # names are laid out anew while the map flies
    watched.state("map.wangge.set({level: 3}) && null")
    page.wait_for_timeout(1500)
    asked = [re.search(r"/tiles/\w+/([^/]+)/", url) for url in watched.requests]
    assert {zoom[1] for zoom in asked if zoom} <= {str(zoom) for zoom in range(16)}


# Whether anything was painted on the canvases of a pane.
INK = """() => [...document.querySelectorAll('.leaflet-wangge-{pane}-pane canvas')]
    .filter(canvas => canvas.width)
    .map(canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height))
    .some(image => image.data.some(Boolean))"""


def test_a_phone_has_a_sheet_for_legend_and_card(watch: Watch) -> None:
    watched = watch(PHONE)
    page = watched.open("/maps/density?period=all")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".wangge-classes").is_hidden()
    page.locator(".wangge-panel-handle").tap()
    assert page.locator(".wangge-classes").is_visible()
    page.locator(".wangge-panel-handle").tap()
    watched.click_grid(watched.state("self.grids.levels.at(-1).features.features[3].id"))
    box = page.locator(".wangge-card").bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] > 844 * 0.3


def test_a_sheet_does_not_hide_what_was_tapped(watch: Watch) -> None:
    watched = watch(PHONE)
    page = watched.open("/maps/coverage")
    page.touchscreen.tap(200, 700)
    page.locator("[data-place=nearest_grid]").wait_for()
    page.wait_for_timeout(500)  # the map glides
    pin, card = page.locator(".wangge-pin").bounding_box(), page.locator(".wangge-card").bounding_box()
    assert pin is not None
    assert card is not None
    assert pin["y"] + pin["height"] < card["y"]


def test_fingers_find_what_they_tap(watch: Watch) -> None:
    page = watch(PHONE).open("/maps/density")
    page.locator("#filters summary").tap()
    heights = page.locator(".preset, .apply, .bar-nav a, .filters select").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )
    page.locator("#filters summary").tap()
    page.locator(".wangge-panel-handle").tap()
    heights += page.locator(".wangge-segment, .wangge-toggle, .wangge-zoom-button").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert len(heights) > 20
    assert min(heights) >= 40


@pytest.mark.parametrize("path", ["/", "/maps/coverage", "/maps/density"])
def test_english_pages_speak_english(watch: Watch, path: str) -> None:
    page = watch(DESK).open(path + "?lang=en")
    words = page.evaluate(
        "() => [...document.querySelectorAll('.bar-nav, .wangge-panel, .filters-form, .key-figures')]"
        ".map(part => part.innerText).join(' ')"
    )
    assert re.findall(r"[\u4e00-\u9fff]+", words.replace("中文", "")) == []
    assert "real" in page.locator(".notice").inner_text()


def test_the_notice_says_what_is_invented(watch: Watch) -> None:
    assert "虚构" in watch(DESK).open("/maps/coverage").locator(".notice").inner_text()
