"""Text from users does nothing in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import text
from sqlalchemy.orm import Session

import layers
from geo.accounts import add_account
from geo.permissions import Role
from tests import builders
from tests.browser.conftest import Served, Watched, listen, serving, sign_in
from tests.database import TestDatabase, disposed
from tests.layers.test_inert import HOSTILE
from tests.layers.toy import toy_zone

pytestmark = pytest.mark.browser

NAME = "</script><img src=x onerror='window.hacked=1'><svg onload='window.hacked=2'>{{ 7*7 }}\u2028\"`"


@pytest.fixture
def hostile(new_database: Callable[[], TestDatabase]) -> TestDatabase:
    """A zone in which every name is an attack."""
    database = new_database()
    with disposed(database.urls.owner) as engine, Session(engine) as session:
        zone = builders.add_zone(session, name=NAME, name_en=NAME, notice_zh=NAME, notice_en=NAME)
        codes = [zone.code_prefix + end for end in ("001", "001001", "001001001")]
        for code in codes:
            builders.add_grid(session, code, builders.square(), name=NAME)
        builders.add_building(session, grid_code=codes[2], name=NAME, address=NAME)
        builders.add_incident(session, lon=113.805, lat=27.605, description=NAME, address_text=NAME)
        session.execute(text("UPDATE incident_category SET name_zh = :name, name_en = :name"), {"name": NAME})
        add_account(session, "eve", NAME, [Role.CENTRE_HEAD])
        session.commit()
    return database


@pytest.mark.parametrize("path", ["/", "/maps/coverage", "/maps/density?period=all"])
def test_hostile_names_are_only_shown(
    watch: Callable[..., Watched], hostile: TestDatabase, chromium: Browser, tmp_path: Path, path: str
) -> None:
    with serving(hostile, tmp_path) as url:
        watched = watch(origin=url, state=sign_in(chromium, Served(url, hostile), "eve"))
        page = watched.open(path)
        if path != "/":
            watched.state("map.setView(self.bounds.getCenter(), 17, {animate: false}) && null")
            watched.click_grid("360371001001001")
            page.wait_for_load_state("networkidle")
            assert page.locator(".wangge-card-name").evaluate("name => name.textContent") == NAME
            page.locator(".wangge-search-input").fill("<img")
            assert page.locator(".wangge-search-hit").count() > 0
            page.mouse.move(700, 500)
        assert page.locator("img[src=x], svg[onload]").count() == 0
        assert page.evaluate("window.hacked") is None
        assert "49" not in page.locator("header").first.inner_text()
        watched.check()


def test_an_injected_handler_or_script_is_blocked_by_the_policy(watch: Callable[..., Watched]) -> None:
    watched = watch()
    page = watched.open("/maps/coverage")
    page.evaluate(
        """() => {
            const box = document.createElement('div');
            box.innerHTML = '<img src="data:," onerror="window.hacked=1"><b style="color:red">x</b>';
            document.body.append(box);
            const script = document.createElement('script');
            script.textContent = 'window.hacked=2';
            document.body.append(script);
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    assert any("Content Security Policy" in complaint for complaint in watched.complaints)
    with pytest.raises(Exception, match="Content Security Policy"):
        page.add_script_tag(content="eval('window.hacked=3')")
    assert page.evaluate("window.hacked") is None
    watched.complaints.clear()


def test_a_saved_map_works_from_a_file_without_server_or_network(chromium: Browser, tmp_path: Path) -> None:
    grids = toy_zone()
    grids["name"] = HOSTILE
    file = tmp_path / "map.html"
    layers.coverage_map(grids).save(file)
    context = chromium.new_context(offline=True)
    watched = Watched(context.new_page(), file.as_uri().removesuffix("/map.html"))
    listen(watched)
    page = watched.open("/map.html")
    assert page.locator("path.wangge-grid").count() == 24
    assert page.evaluate("window.hacked") is None
    context.close()
    watched.check()
