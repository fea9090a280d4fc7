"""The coverage map on paper."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Watched, overlap, show_layers

pytestmark = pytest.mark.browser
Watch = Callable[..., Watched]

DAY, TIME = "2026-03-01", "10:00"
PAGE = f"/maps/coverage?as_of={DAY}&at={TIME}"
A4_POINTS, A3_POINTS = (595, 842), (842, 1191)
PAPERS = [("A4", "landscape"), ("A4", "portrait"), ("A3", "landscape"), ("A3", "portrait")]


@pytest.mark.parametrize(("size", "turned"), PAPERS)
def test_a_sheet_of_paper_holds_everything(watch: Watch, size: str, turned: str) -> None:
    watched = watch()
    page = watched.open(f"{PAGE}&measure=norm_share")
    show_layers(watched, "sites", "cameras")
    page.evaluate("window.print = () => { window.printed = true }")
    page.locator(".wangge-print").click()
    page.locator(f"[data-paper={size}-{turned}]").click()
    watched.until("window.printed === true")
    check_sheet(page)
    pdf = page.pdf(prefer_css_page_size=True)
    short, long = A4_POINTS if size == "A4" else A3_POINTS
    wanted = (short, long) if turned == "portrait" else (long, short)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert [(float(w), float(h)) for w, h in boxes] == [pytest.approx(wanted, abs=1)]
    watched.until("!document.documentElement.classList.contains('wangge-on-paper')")
    assert page.locator(".wangge-panel-body").is_visible()


def test_paper_is_printed_by_day_even_from_the_night(watch: Watch) -> None:
    """The browser's own command, which waits for nothing: legend and names stand as the map is drawn."""
    watched = watch()
    page = watched.open(f"{PAGE}&measure=norm_share")
    page.evaluate("window.wangge.theme.show('day')")
    by_day = swatches(page, ".wangge-panel .wangge-classes")
    page.evaluate("window.wangge.theme.show('night')")
    assert swatches(page, ".wangge-panel .wangge-classes") != by_day
    laid = page.evaluate(
        """() => {
            window.dispatchEvent(new Event("beforeprint"));
            const map = document.querySelector(".wangge-map").getBoundingClientRect();
            const all = [...document.querySelectorAll(".wangge-label")];
            const names = all.map((each) => each.getBoundingClientRect());
            return [names.length, names.every((r) => r.left >= map.left && r.right <= map.right)];
        }"""
    )
    assert laid[0] > 40
    assert laid[1]
    assert swatches(page, ".wangge-sheet-side .wangge-classes") == by_day
    explained = page.locator(".wangge-sheet-side [data-symbol^='gap.']").count() > 0
    assert explained == (page.locator("[data-gap]").count() > 0)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "day"


def swatches(page: Page, within: str) -> list[str]:
    colours: list[str] = page.locator(f"{within} .wangge-swatch").evaluate_all(
        "all => all.map(one => getComputedStyle(one).backgroundColor)"
    )
    return colours


def check_sheet(page: Page) -> None:
    """Title, date, legend, symbols, scale, notice and source stand on the sheet, none over another."""
    parts = {}
    for part in (
        ".wangge-sheet-head",
        ".wangge-sheet-side",
        ".wangge-sheet-foot",
        ".leaflet-control-scale-line",
    ):
        parts[part] = page.locator(part).bounding_box()
    sheet = page.locator(".wangge-map").bounding_box()
    assert sheet is not None
    for box in parts.values():
        assert box is not None
        assert box["x"] >= sheet["x"] - 1
        assert box["x"] + box["width"] <= sheet["x"] + sheet["width"] + 1
        assert box["y"] + box["height"] <= sheet["y"] + sheet["height"] + 1
    boxes = list(parts.values())
    assert not any(overlap(one, two) for place, one in enumerate(boxes) for two in boxes[place + 1 :])
    words = page.locator(".wangge-map").inner_text()
    for said in (
        "负担与标准之比",
        "三级网格",
        "2026年3月1日 星期日 10:00",
        "虚构",
        "数据来源",
        "服务阵地",
        "视频点",
    ):
        assert said in words
    side = page.locator(".wangge-sheet-side")
    assert side.evaluate(
        "side => side.scrollHeight <= side.clientHeight + 1 && side.scrollWidth <= side.clientWidth + 1"
    )
    for panel in (".wangge-panel", ".wangge-gaps", ".bar", ".wangge-zoom", ".filters"):
        assert page.locator(panel).first.is_hidden()
