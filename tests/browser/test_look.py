"""How pages and maps look: by day and by night, on every size of screen, with and without Chinese fonts."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.conftest import DESK, PHONE, QUIET, WALL, Served, Watched, find_chromium, listen

pytestmark = pytest.mark.browser
Watch = Callable[..., Watched]
TABLET = (1024, 768)

THEME = "document.documentElement.dataset.theme"
# Mean brightness, 0 to 255, of what is painted on the land below the grids.
LAND = """() => {
    let [sum, painted] = [0, 0];
    for (const canvas of document.querySelectorAll('.leaflet-wangge-land-pane canvas')) {
        if (!canvas.width) continue;
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        for (let at = 0; at < data.length; at += 400) {
            if (data[at + 3] < 255) continue;
            sum += (data[at] + data[at + 1] + data[at + 2]) / 3;
            painted += 1;
        }
    }
    return painted ? sum / painted : null;
}"""
# How many different pictures some letters make in a font; missing letters all make the same box.
DIFFERENT = """font => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 40 });
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const pictures = [...'萍乡经济技术开发区网格覆盖图'].map(letter => {
        context.clearRect(0, 0, 40, 40);
        context.font = `500 24px ${font}`;
        context.fillText(letter, 4, 30);
        return context.getImageData(0, 0, 40, 40).data.join();
    });
    return new Set(pictures).size;
}"""
LETTERS = 14
# From now on, know of everything written on a canvas whether its letters had come by then.
KEEP_BOOK = """() => {
    const { prototype } = CanvasRenderingContext2D;
    const { fillText, clearRect } = prototype;
    window.written = new Map();
    window.early = 0;
    prototype.clearRect = function (...box) {
        window.written.set(this.canvas, []);
        return clearRect.apply(this, box);
    };
    prototype.fillText = function (text, ...at) {
        const there = document.fonts.check(this.font, text);
        if (!there) window.early += 1;
        if (window.written.has(this.canvas)) window.written.get(this.canvas).push(there);
        return fillText.call(this, text, ...at);
    };
}"""
NAMES_STAND = """(() => {
    const all = [...document.querySelectorAll('.leaflet-wangge-names-pane canvas')]
        .flatMap(canvas => window.written.get(canvas) || []);
    return all.length > 20 && all.every(Boolean);
})()"""


def test_the_switch_turns_day_into_night_and_is_remembered(watch: Watch) -> None:
    watched = watch(DESK)
    page = watched.open("/maps/coverage")
    assert page.evaluate(THEME) == "day"
    by_day, asked = page.evaluate(LAND), len(watched.requests)
    fills = page.locator("path.wangge-grid").evaluate_all("all => all.map(one => one.getAttribute('fill'))")
    page.locator("[data-theme-switch]").click()
    watched.until(f"({LAND})() < 80")
    assert by_day > 200
    assert page.evaluate(THEME) == "night"
    assert len(watched.requests) == asked, "the same tiles are painted anew"
    dark = page.locator("path.wangge-grid").evaluate_all("all => all.map(one => one.getAttribute('fill'))")
    assert set(dark).isdisjoint(fills)
    page = watched.open("/")
    assert page.evaluate(THEME) == "night"
    assert page.locator(".picture-night").first.is_visible()
    assert page.locator(".picture-day").first.is_hidden()
    page.locator("[data-theme-switch]").click()
    assert page.evaluate(THEME) == "day"


def test_without_a_choice_the_system_decides(watch: Watch) -> None:
    watched = watch(DESK)
    watched.page.emulate_media(color_scheme="dark")
    page = watched.open("/maps/density?period=all")
    assert page.evaluate(THEME) == "night"
    page.emulate_media(color_scheme="light")
    watched.until(f"{THEME} === 'day'")


def test_the_legend_has_the_colours_of_the_map_in_both_themes(watch: Watch) -> None:
    watched = watch(DESK)
    page = watched.open("/maps/coverage")
    for _ in ("day", "night"):
        drawn = page.locator("path.wangge-grid").evaluate_all("all => all.map(p => getComputedStyle(p).fill)")
        shown = page.locator(".wangge-swatch").evaluate_all(
            "all => all.map(s => getComputedStyle(s).backgroundColor)"
        )
        assert set(shown) == set(drawn)
        page.locator("[data-theme-switch]").click()


def test_every_kind_has_a_symbol_of_its_own(watch: Watch) -> None:
    page = watch(DESK).open("/maps/coverage")
    lists = tomllib.loads(resources.files("geo").joinpath("code_lists.toml").read_text())
    wanted = {
        f"{family}.{row['code']}"
        for family, name in (
            ("site", "site_kinds"),
            ("team", "team_kinds"),
            ("party", "party_org_kinds"),
            ("camera", "camera_kinds"),
        )
        for row in lists[name]
    }
    keys = page.evaluate("wangge.symbolKeys()")
    assert wanted <= set(keys)
    drawn = dict(page.evaluate("wangge.symbolKeys().map(key => [key, wangge.symbol(key).innerHTML])"))
    assert len(set(drawn.values())) == len(keys)
    outlines = page.evaluate(
        "wangge.symbolKeys().map(key => [key.split('.')[0],"
        " wangge.symbol(key).querySelector('.wangge-symbol-body').getAttribute('d')])"
    )
    assert len({outline for _, outline in outlines}) == len({family for family, _ in outlines}) == 6


def test_a_symbol_says_what_else_is_known(watch: Watch) -> None:
    page = watch(DESK).open("/maps/coverage")
    turned = page.evaluate("wangge.symbol('camera.bullet', {direction_deg: 135, state: 'offline'}).outerHTML")
    assert "rotate(135 12 12)" in turned
    assert "wangge-symbol-struck" in turned
    titled = page.evaluate("wangge.symbol('site.farm_library', {title: '<b>书屋</b>', count: 120}).outerHTML")
    assert "&lt;b&gt;书屋" in titled
    assert "99+" in titled
    assert page.evaluate(
        "wangge.symbol('site.unheard_of').innerHTML === wangge.symbol('site.other').innerHTML"
    )


@pytest.mark.parametrize("theme", ["day", "night"])
@pytest.mark.parametrize("size", [WALL, DESK, TABLET, PHONE])
@pytest.mark.parametrize("path", ["/", "/maps/coverage"])
def test_pages_fit_every_screen(watch: Watch, path: str, size: tuple[int, int], theme: str) -> None:
    watched = watch(size)
    watched.page.emulate_media(color_scheme="dark" if theme == "night" else "light")
    page = watched.open(path)
    assert page.evaluate(THEME) == theme
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    inside = page.locator(".bar a, .bar button").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).filter(box => box.width)"
        ".map(box => [box.left, box.right])"
    )
    assert min(left for left, _ in inside) >= 0
    assert max(right for _, right in inside) <= size[0]


def test_nothing_is_loaded_where_there_are_fonts(watch: Watch) -> None:
    found = subprocess.run(["fc-list", ":lang=zh-cn", "family"], check=True, capture_output=True, text=True)
    assert found.stdout, "this test needs a Chinese font: apt-get install fonts-noto-cjk"
    watched = watch(DESK)
    page = watched.open("/maps/coverage")
    watched.state("map.setZoom(17, {animate: false}) && null")
    page.wait_for_load_state("networkidle")
    assert [url for url in watched.requests if ".woff2" in url] == []
    assert page.evaluate(DIFFERENT, "sans-serif") == LETTERS


@pytest.fixture
def fontless(chromium: Browser, tmp_path: Path) -> Iterator[Browser]:
    """A Chromium on a machine without East Asian fonts."""
    languages = "".join(
        f'<pattern><patelt name="lang"><string>{language}</string></patelt></pattern>'
        for language in ("zh-cn", "zh-tw", "zh-hk", "ja", "ko")
    )
    config = tmp_path / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<cachedir>{tmp_path}</cachedir><selectfont><rejectfont>{languages}</rejectfont></selectfont></fontconfig>"
    )
    browser = chromium.browser_type.launch(
        executable_path=find_chromium(),
        args=QUIET,
        env={"FONTCONFIG_FILE": str(config), "HOME": str(tmp_path)},
    )
    yield browser
    browser.close()


def test_our_own_letters_come_where_there_are_none(fontless: Browser, served: Served, signed_in: Any) -> None:
    context = fontless.new_context(storage_state=signed_in, viewport={"width": DESK[0], "height": DESK[1]})
    watched = Watched(context.new_page(), served.url)
    listen(watched)
    page = watched.page
    held: list[Route] = []
    let_through: list[bool] = []
    page.add_init_script(f"({KEEP_BOOK})()")
    page.route("**/*.woff2", lambda route: route.continue_() if let_through else held.append(route))
    page.goto(served.url + "/maps/coverage", wait_until="domcontentloaded")
    assert page.evaluate(DIFFERENT, "sans-serif") < LETTERS / 2, "this browser has Chinese letters of its own"
    watched.until("Boolean(document.querySelector('.wangge-map')?.wanggeMap)")
    watched.state("map.setView(self.bounds.getCenter(), 17, {animate: false}) && null")
    watched.until("window.early > 20")  # boxes, until the letters are let through
    let_through.append(True)
    for route in held:
        route.continue_()
    watched.until(NAMES_STAND)
    font = page.evaluate("getComputedStyle(document.body).fontFamily")
    assert page.evaluate(DIFFERENT, font) == LETTERS
    assert 3 < len({url for url in watched.requests if ".woff2" in url}) < 40
    context.close()
    watched.check()
