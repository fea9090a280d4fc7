"""The coverage map as people use it: its numbers, symbols, gaps and cards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from geo.accounts import add_account
from geo.analysis.coverage import Coverage
from geo.coverage import measure_coverage
from geo.permissions import Role
from geo.zones import get_zone
from layers.measures import COVERAGE_MEASURES, MEASURES
from tests.browser.conftest import DESK, PHONE, WALL, Served, Watched, overlap, show_layers, sign_in
from tests.database import disposed
from tests.geo.coverage_sql import coverage_in_sql

pytestmark = pytest.mark.browser
Watch = Callable[..., Watched]

TABLET = (1024, 768)
DAY, TIME = "2026-03-01", "10:00"
PAGE = f"/maps/coverage?as_of={DAY}&at={TIME}"


@pytest.fixture(scope="module")
def asked(sql: Engine) -> Iterator[Session]:
    """The database, asked without the application."""
    with Session(sql) as session:
        yield session


@pytest.fixture(scope="module")
def coverage(asked: Session) -> Coverage:
    """What a notebook gets for the moment of the page."""
    return measure_coverage(asked, as_of=DAY, at=TIME)


def drawn_values(watched: Watched, level: int) -> dict[str, dict[str, float | None]]:
    return dict(
        watched.state(
            f"[...self.grids.byCode.values()].filter(g => g.level === {level}).map(g => [g.code, g.values])"
        )
    )


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_map_draws_what_sql_and_the_notebook_say(
    watch: Watch, asked: Session, coverage: Coverage, level: int
) -> None:
    watched = watch()
    watched.open(f"{PAGE}&level={level}")
    in_sql = coverage_in_sql(asked, get_zone(asked), coverage.moment)
    drawn = drawn_values(watched, level)
    notebook = coverage.frames[level]
    assert set(drawn) == set(notebook.index)
    for key in COVERAGE_MEASURES:
        shown = pd.Series({code: values[key] for code, values in drawn.items()}, dtype=float).sort_index()
        close = {"rtol": 0, "atol": 0.5000001 * 10.0 ** -MEASURES[key].decimals}
        expected = notebook[key].sort_index() * MEASURES[key].shown_per
        np.testing.assert_allclose(shown, expected, err_msg=key, **close)
        if key in in_sql:
            apart = in_sql[key].reindex(shown.index) * MEASURES[key].shown_per
            both = shown.notna() & apart.notna()
            np.testing.assert_allclose(shown[both], apart[both], err_msg=key, **close)
    assert {"workers", "vacancies", "in_reach_share", "on_duty", "view_share"} <= set(in_sql)


def test_the_figures_on_the_labels_are_those_of_sql(watch: Watch, asked: Session, coverage: Coverage) -> None:
    watched = watch(WALL)
    page = watched.open(f"{PAGE}&measure=workers&level=2")
    expected = coverage_in_sql(asked, get_zone(asked), coverage.moment)["workers"]
    labels = page.locator(".wangge-label-own").evaluate_all(
        "all => all.map(l => [l.dataset.code, l.querySelector('.wangge-label-value').textContent])"
    )
    assert len(labels) > 15
    assert {code: float(value) for code, value in labels} == {
        code: expected.get(code, 0.0) for code, _ in labels
    }


def test_measures_switch_without_a_reload_and_stay_in_the_address(watch: Watch) -> None:
    watched = watch()
    page = watched.open(PAGE)
    loads = len([url for url in watched.requests if "/maps/coverage" in url])
    select = page.locator(".wangge-measures")
    assert select.locator("optgroup").count() == 6
    for key in COVERAGE_MEASURES:
        select.select_option(key)
        counts = page.locator(".wangge-class-count").all_inner_texts()
        assert sum(int(re.sub(r"\D", "", count)) for count in counts) == 138
        assert f"measure={key}" in page.url
    assert len([url for url in watched.requests if "/maps/coverage" in url]) == loads


def test_day_time_and_function_are_asked_by_the_form(watch: Watch) -> None:
    watched = watch()
    page = watched.open(PAGE)
    page.fill("#at", "03:00")
    page.locator("#function").select_option("elders_canteen")
    page.locator(".apply").click()
    page.wait_for_load_state("networkidle")
    assert f"as_of={DAY}" in page.url
    assert re.search(r"at=03(:|%3A)00", page.url)
    assert "function=elders_canteen" in page.url
    night = watched.state(
        "self.grids.levels.at(-1).features.features.map(f => f.properties.values.in_reach_share)"
    )
    assert set(night) <= {0, None}
    page.locator(".preset-alone").click()
    page.wait_for_load_state("networkidle")
    assert "as_of=" not in page.url


SHOWN = """[...document.querySelectorAll('.wangge-spot-icon .wangge-symbol-%s')]
    .map(s => Number((s.querySelector('text') || {textContent: 1}).textContent))
    .reduce((sum, n) => sum + n, 0)"""


@pytest.mark.parametrize(
    ("key", "family", "table"),
    [("sites", "site", "service_site"), ("teams", "team", "team"), ("cameras", "camera", "camera")],
)
def test_every_place_stands_on_the_map_alone_or_gathered(
    watch: Watch, sql: Engine, key: str, family: str, table: str
) -> None:
    watched = watch(WALL)
    page = watched.open(PAGE)
    assert not any(f"/{key}" in url for url in watched.requests)  # asked for when first shown
    show_layers(watched, key)
    page.locator(f".wangge-spot-icon .wangge-symbol-{family}").first.wait_for()
    query = f"SELECT count(*) FROM {table} WHERE valid @> CAST(:day AS date)"
    with sql.connect() as connection:
        count = connection.scalar(text(query), {"day": DAY})
    assert page.evaluate(SHOWN % family) == count
    kinds = page.locator(".wangge-kind-count").all_inner_texts()
    assert sum(map(int, kinds)) == count


def test_the_ground_cameras_see_is_drawn(watch: Watch, sql: Engine) -> None:
    watched = watch()
    page = watched.open(PAGE)
    show_layers(watched, "views")
    with sql.connect() as connection:
        count = connection.scalar(text("SELECT count(*) FROM camera WHERE view IS NOT NULL"))
    assert page.locator("path.wangge-view").count() == count


def test_the_card_of_a_camera_draws_what_it_sees_and_names_who_runs_it(watch: Watch, sql: Engine) -> None:
    watched = watch()
    page = watched.open(PAGE)
    show_layers(watched, "cameras")
    query = """
        SELECT c.code, o.name AS runner, c.filed_on, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat
        FROM camera c JOIN organisation o ON o.code = c.organisation_code
        WHERE c.view IS NOT NULL AND c.filed_on IS NOT NULL ORDER BY c.code LIMIT 1
    """
    with sql.connect() as connection:
        camera = connection.execute(text(query)).one()
    watched.state(f"map.setView([{camera.lat}, {camera.lon}], 18, {{animate: false}}) && null")
    page.locator(f"[data-place='{camera.code}']").press("Enter")
    page.locator("path.wangge-view-chosen").wait_for()
    assert page.locator("path.wangge-view").count() == 1
    facts = {key: page.locator(f"[data-place={key}] dd").inner_text() for key in ("run_by", "filed_on")}
    assert facts == {"run_by": camera.runner, "filed_on": camera.filed_on.isoformat()}
    page.keyboard.press("Escape")
    assert page.locator("path.wangge-view").count() == 0


def test_english_titles_have_english_signs(watch: Watch) -> None:
    page = watch().open(f"{PAGE}&lang=en")
    titles = page.locator(".wangge-gap-button, [data-gap]").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label') || one.innerText)"
    )
    assert len(titles) > 20
    assert not [title for title in titles if re.search("[：，（）]", title)]


def test_the_card_of_a_site_says_what_it_offers_and_whether_it_is_open(watch: Watch, sql: Engine) -> None:
    watched = watch()
    page = watched.open(PAGE)
    show_layers(watched, "sites")
    query = """
        SELECT s.code, s.name, ST_X(s.geom) AS lon, ST_Y(s.geom) AS lat, bool_or(
            o.weekday = 7 AND o.opens_minute <= 600 AND 600 < o.closes_minute) AS open
        FROM service_site s JOIN site_opening o ON o.site_code = s.code AND o.valid @> CAST(:day AS date)
        GROUP BY s.code ORDER BY s.code
    """
    with sql.connect() as connection:
        sites = [row._asdict() for row in connection.execute(text(query), {"day": DAY})]
    for site in (next(s for s in sites if s["open"]), next(s for s in sites if not s["open"])):
        watched.state(f"map.setView([{site['lat']}, {site['lon']}], 18, {{animate: false}}) && null")
        page.locator(f"[data-place='{site['code']}']").press("Enter")
        card = page.locator(".wangge-card")
        assert card.locator(".wangge-card-name").inner_text() == site["name"]
        assert card.locator("[data-open]").get_attribute("data-open") == str(site["open"]).lower()
        assert card.locator(".wangge-function").count() >= 1
        page.locator(".wangge-people[aria-busy=false]").wait_for()
        page.keyboard.press("Escape")
        assert card.is_hidden()


def test_hostile_text_of_places_stays_text(watch: Watch) -> None:
    name = "<img src=x onerror=window.hacked=1>"
    feature = {
        "type": "Feature",
        "id": name,
        "geometry": {"type": "Point", "coordinates": [113.86, 27.63]},
        "properties": {
            "kind": name,
            "name": name,
            "address": name,
            "functions": [name],
            "hours": {name: name},
        },
    }
    watched = watch()
    page = watched.open(PAGE)
    page.route("**/sites?*", lambda route: route.fulfill(json={"features": [feature]}))
    page.route("**/people*", lambda route: route.fulfill(json={"holders": [holder(name)]}))
    show_layers(watched, "sites")
    watched.state("map.setView([27.63, 113.86], 17, {animate: false}) && null")
    page.locator(".wangge-spot-icon[data-place^='<img']").click()
    page.locator(".wangge-holder").wait_for()
    assert page.locator(".wangge-card-name").inner_text() == name
    assert page.locator(".wangge-holder-name").inner_text() == name
    assert page.locator("img[src=x]").count() == 0
    assert page.evaluate("window.hacked") is None


def holder(name: str) -> dict[str, Any]:
    target = {"kind": "site", "code": name, "name": name, "level": None}
    texts = dict.fromkeys(("post", "post_zh", "post_en", "name", "phone", "stand_in", "stand_in_phone"), name)
    return {"target": target, "rank": "primary", "away": True, "on_duty": True, **texts}


def test_the_gap_list_is_the_notebooks_and_leads_to_each_place(watch: Watch, coverage: Coverage) -> None:
    watched = watch()
    page = watched.open(PAGE)
    gaps = coverage.gaps
    assert page.locator("#gaps").get_attribute("data-gaps") == str(len(gaps))
    people = page.locator(".wangge-gap-people strong").all_inner_texts()
    shown = [int(number.replace(",", "")) for number in people]
    assert shown == pytest.approx(gaps["people"].head(len(people)).tolist(), abs=0.51)
    kind = gaps["kind"].value_counts().index[-1]
    page.locator("[data-filter='gaps.kind']").select_option(kind)
    fitting = gaps[gaps["kind"] == kind]
    assert f"{len(fitting):,}" in page.locator(".wangge-gaps-count").inner_text()
    page.locator(".wangge-gap-button").first.press("Enter")
    first = fitting.iloc[0]
    assert first["grid_code"] in page.locator(".wangge-card-code").inner_text()
    watched.until("document.querySelector('.wangge-map').wanggeMap.getZoom() === 16")
    lon, lat = watched.state("[map.getCenter().lng, map.getCenter().lat]")
    assert (lon, lat) == pytest.approx((first.geometry.x, first.geometry.y), abs=0.02)
    assert page.locator(".wangge-spot-chosen").count() == 1
    if len(fitting) > 1:
        page.locator("[data-step='gaps.after']").click()
        assert fitting.iloc[1]["grid_code"] in page.locator(".wangge-card-code").inner_text()
    page.locator(".wangge-back").click()
    assert page.locator(".wangge-card").is_hidden()
    assert page.locator(".wangge-gaps").is_visible()


def test_a_vacant_post_stands_before_those_who_hold_others(watch: Watch, coverage: Coverage) -> None:
    gaps = coverage.gaps
    empty = gaps[(gaps["kind"] == "vacancy") & (gaps["what"] == "committee_director")].iloc[0]
    page = watch().open(f"/maps/coverage?grid={empty['grid_code']}")
    page.locator(".wangge-people[aria-busy=false]").wait_for()
    first = page.locator(".wangge-people-list").first.locator(".wangge-holder").first
    assert first.get_attribute("data-post") == "committee_director"
    assert first.locator(".wangge-badge-missing").inner_text() == "空岗"


def test_gaps_are_filtered_by_people(watch: Watch, coverage: Coverage) -> None:
    page = watch().open(PAGE)
    page.locator("[data-filter='gaps.at_least']").select_option("500")
    expected = int((coverage.gaps["people"] >= 500).sum())
    assert f"{expected:,}" in page.locator(".wangge-gaps-count").inner_text()


def test_on_a_phone_the_gaps_are_a_sheet(watch: Watch) -> None:
    watched = watch(PHONE)
    page = watched.open(PAGE)
    assert page.locator(".wangge-gaps").is_hidden()
    page.locator(".wangge-gaps-opener").tap()
    box = page.locator(".wangge-gaps").bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] > 844 * 0.2
    page.locator(".wangge-gap-button").first.tap()
    assert page.locator(".wangge-card").is_visible()
    assert page.locator(".wangge-gaps").is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_building_card_says_who_answers_and_what_it_holds(watch: Watch, sql: Engine) -> None:
    watched = watch()
    page = watched.open(f"{PAGE}&level=3")
    query = """
        SELECT b.code, ST_Y(b.label_point) AS lat, ST_X(b.label_point) AS lon, b.households, p.name
        FROM building b JOIN assignment a ON a.building_code = b.code AND a.post = 'building_head'
            AND a.rank = 'primary' AND a.valid @> CAST(:day AS date)
        JOIN person p ON p.id = a.person_id
        WHERE b.households > 0 AND b.neighbourhood_code IS NOT NULL ORDER BY b.code LIMIT 1
    """
    with sql.connect() as connection:
        building = connection.execute(text(query), {"day": DAY}).one()
    watched.state(f"map.setView([{building.lat}, {building.lon}], 18, {{animate: false}}) && null")
    at = watched.state(f"map.latLngToContainerPoint([{building.lat}, {building.lon}])")
    box = page.locator(".wangge-map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    card = page.locator(".wangge-card")
    page.locator(".wangge-people[data-of=building][aria-busy=false]").wait_for()
    assert building.code in card.locator(".wangge-card-code").inner_text()
    assert building.name in card.locator("[data-post=building_head]").first.inner_text()
    shown = card.locator("[data-key=households] .wangge-figure-value")
    shown.wait_for()
    assert int(shown.inner_text().replace(",", "")) == building.households
    for subject in ("neighbourhood", "grid"):
        card.locator(f"[data-subject={subject}]").click()
        page.locator(f".wangge-people[data-of={subject}][aria-busy=false]").wait_for()
    statistics = card.locator("[data-page=statistics]").get_attribute("href") or ""
    assert f"unit={building.code[:12]}" in statistics
    density = card.locator("[data-page=density]")
    assert "grid=" in (density.get_attribute("href") or "")
    density.click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".wangge-card-code").is_visible()


def test_planners_see_posts_without_names(watch: Watch, chromium: Browser, served: Served) -> None:
    with disposed(served.database.urls.owner) as engine, Session(engine) as session, session.begin():
        add_account(session, "plan.ner", "规划员", [Role.PLANNER])
    watched = watch(state=sign_in(chromium, served, "plan.ner"))
    page = watched.open(PAGE)
    watched.state("self.choose(self.grids.levels.at(-1).features.features[0].id) || null")
    page.locator(".wangge-people[aria-busy=false]").wait_for()
    names = page.locator(".wangge-holder-name").all_inner_texts()
    assert len(names) > 1
    assert set(names) == {"姓名不显示"}
    assert page.locator(".wangge-holder-phone").count() == 0


@pytest.mark.parametrize("size", [WALL, DESK, TABLET, PHONE])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_cut_at_any_size_in_either_language(
    watch: Watch, size: tuple[int, int], lang: str
) -> None:
    watched = watch(size)
    page = watched.open(f"{PAGE}&lang={lang}")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate("document.documentElement.scrollHeight") <= size[1]
    panels = page.locator(
        ".wangge-panel-body, .wangge-gaps, .wangge-panel-search, .wangge-zoom, .wangge-gaps-opener"
    )
    boxes = [panel.bounding_box() for panel in panels.all() if panel.is_visible()]
    for box in boxes:
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
    assert not any(overlap(one, two) for place, one in enumerate(boxes) for two in boxes[place + 1 :])
    wide = page.locator(".wangge-panel-body, .wangge-gaps").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).length"
    )
    assert wide == 0


def test_the_moment_is_the_zones(coverage: Coverage) -> None:
    assert coverage.moment == datetime.fromisoformat(f"{DAY}T{TIME}:00+08:00")
