"""The statistics page and the appraisal sheets as people use them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.browser.conftest import DESK, PHONE, WALL, Watched
from tests.demo_zones import DEMO_DAY

pytestmark = pytest.mark.browser
Watch = Callable[..., Watched]

PERSONS = """
    SELECT count(DISTINCT a.person_id) FROM assignment a JOIN post po ON po.code = a.post AND po.is_personnel
    WHERE a.valid @> CAST(:day AS date)
"""
MONTHS = """
    SELECT to_char(timezone('Asia/Shanghai', at), 'YYYY-MM-01'), count(*) FROM service_record
    WHERE at >= CAST(:since AS timestamptz) GROUP BY 1 ORDER BY 1
"""
SINCE = "2025-04-01T00:00:00+08:00"


def number(words: str) -> float:
    return float(re.sub(r"[^\d.-]", "", words))


def column(page: Any, table: str, key: str) -> dict[str, str]:
    """Texts of a column by the row's code, as shown."""
    return dict(
        page.evaluate(
            """([id, key]) => {
                const table = document.getElementById(id), heads = [...table.tHead.rows[0].cells];
                const place = heads.findIndex((head) => head.dataset.key === key);
                const rows = [...table.tBodies[0].rows];
                return rows.map((row) => [row.dataset.code, row.cells[place].textContent]);
            }""",
            [table, key],
        )
    )


def address(section: str, **more: str) -> str:
    return f"/statistics?section={section}" + "".join(f"&{name}={value}" for name, value in more.items())


@pytest.mark.parametrize("size", [DESK, WALL, PHONE])
@pytest.mark.parametrize("section", ["roster", "services", "places"])
def test_nothing_runs_over_the_edge(watch: Watch, size: tuple[int, int], section: str) -> None:
    page = watch(size).open(address(section))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".tiles strong").first.inner_text()
    assert page.locator("svg.chart rect").count() > 5


def test_the_roster_equals_plain_sql(watch: Watch, sql: Engine) -> None:
    page = watch(DESK).open(address("roster", as_of=str(DEMO_DAY)))
    with sql.connect() as connection:
        persons = connection.scalar(text(PERSONS), {"day": DEMO_DAY})
    assert persons is not None
    assert persons > 1000
    assert number(page.locator(".tiles [data-key=persons] strong").inner_text()) == persons
    assert number(page.locator("#roster-table tfoot td").first.inner_text()) == persons


def test_chart_and_table_show_the_same_months(watch: Watch, sql: Engine) -> None:
    page = watch(DESK).open(address("services", **{"from": "2025-04-01", "to": "2199-12-31"}))
    with sql.connect() as connection:
        expected = {row[0]: row[1] for row in connection.execute(text(MONTHS), {"since": SINCE})}
    assert expected
    shown = {code: number(value) for code, value in column(page, "months-table", "count").items()}
    assert {code: value for code, value in shown.items() if value} == expected
    drawn = page.locator("#months svg .chart-value").all_text_contents()
    assert [number(value) for value in drawn] == [value for value in shown.values() if value]
    heights = page.locator("#months svg.chart rect.series-1").evaluate_all(
        "(bars) => bars.map((bar) => bar.height.baseVal.value)"
    )
    appeals = [number(value) for value in column(page, "months-table", "kind.appeal").values()]
    assert heights == pytest.approx([n / max(appeals) * max(heights) for n in appeals if n], abs=0.2)


def test_the_file_is_the_table(watch: Watch) -> None:
    watched = watch(DESK)
    page = watched.open(address("services", by="kind", period="all"))
    link = page.locator("#services a.take").nth(1).get_attribute("href")
    content = page.request.get(watched.origin + link).body().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content)))
    shown = column(page, "services-table", "count")
    assert {line[0]: float(line[2]) for line in lines[1:-1]} == {code: number(n) for code, n in shown.items()}
    assert float(lines[-1][2]) == sum(map(number, shown.values()))


def test_a_click_sorts_and_a_third_restores(watch: Watch) -> None:
    page = watch(DESK).open(address("roster", as_of=str(DEMO_DAY)))
    head = page.locator("#roster-table thead th[data-key=persons]")

    def values() -> list[float]:
        return [number(value) for value in column(page, "roster-table", "persons").values()]

    first = values()
    assert first != sorted(first, reverse=True)
    head.click()
    assert (head.get_attribute("aria-sort"), values()) == ("descending", sorted(first, reverse=True))
    head.press("Enter")
    assert (head.get_attribute("aria-sort"), values()) == ("ascending", sorted(first))
    head.click()
    assert (head.get_attribute("aria-sort"), values()) == ("none", first)


def test_a_copied_table_pastes_as_cells(watch: Watch) -> None:
    page = watch(DESK).open(address("roster", as_of=str(DEMO_DAY)))
    page.context.grant_permissions(["clipboard-read"])
    button = page.locator("[data-select=roster-table]")
    button.click()
    assert "已复制" in button.inner_text()
    lines = page.evaluate("navigator.clipboard.readText()").strip().split("\n")
    rows = page.locator("#roster-table tr").count()
    width = page.locator("#roster-table thead th").count()
    assert [len(line.split("\t")) for line in lines if line.strip()] == [width] * rows
    assert lines[-1].split("\t")[0] == "合计"


def test_heads_and_sums_stay_in_sight(watch: Watch) -> None:
    page = watch(DESK).open(address("roster", by="grid", as_of=str(DEMO_DAY)))
    scroller = page.locator("#roster .scroller")
    top = scroller.bounding_box()["y"]
    scroller.evaluate("(box) => { box.scrollTop = 600 }")
    head = page.locator("#roster-table thead th").first.bounding_box()
    assert head["y"] == pytest.approx(top, abs=2)
    foot, box = page.locator("#roster-table tfoot th").bounding_box(), scroller.bounding_box()
    assert foot["y"] + foot["height"] == pytest.approx(box["y"] + box["height"], abs=3)


def test_filters_stay_in_the_address(watch: Watch) -> None:
    page = watch(DESK).open(address("services", period="all"))
    page.locator("select[name=kind]").select_option("mediation")
    page.locator(".ask form button").click()
    page.wait_for_load_state("networkidle")
    assert "kind=mediation" in page.url
    assert "unit=" not in page.url
    assert page.locator("select[name=kind]").input_value() == "mediation"


def test_a_unit_leads_to_its_grids(watch: Watch, sql: Engine) -> None:
    page = watch(DESK).open(address("services", period="all"))
    row = page.locator("#services-table tbody tr[data-code]").first
    code, count = row.get_attribute("data-code"), number(row.locator("td").first.inner_text())
    row.locator("a").click()
    page.wait_for_load_state("networkidle")
    grids = column(page, "services-table", "count")
    assert all(grid.startswith(code) for grid in grids if grid)
    assert sum(map(number, grids.values())) <= count


@pytest.mark.parametrize("section", ["roster", "services", "places"])
def test_english_has_no_chinese_of_ours(watch: Watch, section: str) -> None:
    page = watch(DESK).open(address(section, lang="en"))
    words = page.evaluate(
        "[...document.querySelectorAll('.tabs a, .ask label, .tile-label, h2, thead th, .takes, dt, dd')]"
        ".filter((each) => !each.querySelector('select')).map((each) => each.textContent).join(' ')"
    )
    # the zone's own lists name their projects and video networks in Chinese in either language
    assert not re.search(r"[\u4e00-\u9fff]", words.replace("党建", "").replace("雪亮工程", "")), words


def test_paper_shows_whole_tables(watch: Watch) -> None:
    page = watch(DESK).open(address("roster", by="grid", as_of=str(DEMO_DAY)))
    page.emulate_media(media="print")
    assert page.locator(".bar").is_hidden()
    scroller = page.locator("#roster .scroller")
    assert scroller.evaluate("(box) => box.scrollHeight - box.clientHeight") == 0


def test_a_sheet_from_opening_to_its_evidence(watch: Watch, sql: Engine) -> None:
    watched = watch(DESK)
    page = watched.open("/appraisals")
    year = str(date.today().year)  # noqa: DTZ011 - the page opens sheets of the year it is
    page.locator("form[data-api='/appraisals'] input[name=period]").fill(year)
    with page.expect_navigation():
        page.locator("form[data-api='/appraisals'] button").click()
    page.locator(".scroller tbody a").first.click()
    page.wait_for_load_state("networkidle")
    page.locator("textarea[name=statement]").fill("全年入户宣讲，调解纠纷。")
    with page.expect_navigation():
        page.locator("form[data-api$=statement] button").click()
    assert page.locator("textarea[name=statement]").input_value() == "全年入户宣讲，调解纠纷。"
    page.locator("[data-level='3'] input[value=good]").check()
    with page.expect_navigation():
        page.locator("form[data-api$=opinions] button").click()
    assert page.locator("[data-level='3'] .grade").inner_text() == "称职"
    assert page.locator("form[data-api$=opinions]").count() == 0  # the second level is for another person
    total = number(page.locator("tfoot td").first.inner_text())
    page.locator("tfoot a").click()
    page.wait_for_load_state("networkidle")
    assert number(page.locator("[data-counted]").get_attribute("data-counted")) == total
    assert page.locator("table.records tbody tr").count() == min(total, 100)
