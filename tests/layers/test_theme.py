"""One source of colours: complete by day and by night, and legible in both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.pages.render import STATIC
from layers import libraries
from layers.libraries import get_library
from layers.style import NO_DATA_COLORS, Theme
from tests.layers.color_vision import contrast, lightness

BROWSER = Path(libraries.__file__).parent / "browser"
SHEETS = sorted([*BROWSER.glob("*.css"), *STATIC.glob("*.css")])
SCRIPTS = "".join(path.read_text() for path in BROWSER.glob("*.js"))
PROPERTY = re.compile(r"(--[\w-]+):\s*([^;]+);")
TEXT, GRAPHIC = 4.5, 3.0  # WCAG 2.2 AA: 1.4.3 and 1.4.11

GROUNDS_OF_TEXT = {
    "ink": "paper ground tint well chosen-ground",
    "soft": "paper ground well chosen-ground tint",
    "accent": "paper ground well tint",
    "on-accent": "accent-ground accent-strong",
    "warn": "paper",
    "fault": "fault-ground paper",
    "done": "done-ground paper",
    "notice-ink": "notice-ground",
    "bar-ink": "bar bar-button",
    "bar-strong": "bar bar-button bar-button-over",
    "glyph": "site team party camera gap incident",
    **dict.fromkeys(("label", "label-code", "label-parent", "name-road", "name-water", "name-land"), "halo"),
    "name-building": "halo",
}
GROUNDS_OF_GRAPHICS = {
    "border-1": "map-ground casing",
    "border-2": "casing",
    "border-3": "casing",
    "chosen": "chosen-casing",
    "pin": "pin-casing",
    "field-line": "paper",
    "focus": "ground",
    "glyph-party": "party",
    "bar-mark": "bar",
    **dict.fromkeys(("site", "team", "party", "camera", "gap", "incident"), "map-ground"),
}


def colors(theme: Theme) -> dict[str, str]:
    day, night = get_library("theme.css").content.decode().split(':root[data-theme="night"]')
    values = dict(PROPERTY.findall(day))
    return values | dict(PROPERTY.findall(night)) if theme == "night" else values


def pairs(grounds: dict[str, str]) -> list[tuple[str, str]]:
    return [(ink, ground) for ink, names in grounds.items() for ground in names.split()]


@pytest.mark.parametrize("theme", ["day", "night"])
@pytest.mark.parametrize(("ink", "ground"), pairs(GROUNDS_OF_TEXT))
def test_text_is_legible(ink: str, ground: str, theme: Theme) -> None:
    known = colors(theme)
    assert contrast(known[f"--{ink}"], known[f"--{ground}"]) >= TEXT


@pytest.mark.parametrize("theme", ["day", "night"])
@pytest.mark.parametrize(("mark", "ground"), pairs(GROUNDS_OF_GRAPHICS))
def test_marks_stand_out(mark: str, ground: str, theme: Theme) -> None:
    known = colors(theme)
    assert contrast(known[f"--{mark}"], known[f"--{ground}"]) >= GRAPHIC


def test_night_has_a_colour_for_every_one_of_day() -> None:
    day, night = get_library("theme.css").content.decode().split(':root[data-theme="night"]')
    assert {name for name, _ in PROPERTY.findall(day)} - {name for name, _ in PROPERTY.findall(night)} == {
        "--font"
    }


def test_surfaces_are_dark_by_night() -> None:
    known = colors("night")
    surfaces = {
        name: value for name, value in known.items() if re.match(r"--(land|water|building|road)-", name)
    }
    surfaces |= {
        name: known[name] for name in ("--map-ground", "--paper", "--ground", "--well", "--tint", "--bar")
    }
    assert len(surfaces) > 40
    assert max(lightness(value) for value in surfaces.values()) < 48


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_other_sheets_take_their_colours_from_it(sheet: Path) -> None:
    text = sheet.read_text()
    own = set(re.findall(r"(--[\w-]+):", text)) | set(re.findall(r'setProperty\("(--[\w-]+)"', SCRIPTS))
    assert set(re.findall(r"var\((--[\w-]+)[,)]", text)) <= set(colors("night")) | own
    if sheet.name not in {"theme.css", "paper.css"}:  # paper is white, by night too
        rules = " ".join(re.findall(r"\{([^{}]*)\}", text))
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\([^)]*\)|:\s*(?:white|black)\b", rules) == []


@pytest.mark.parametrize("script", sorted(BROWSER.glob("*.js")), ids=lambda path: path.name)
def test_scripts_hold_no_colours(script: Path) -> None:
    assert re.findall(r"#[0-9a-fA-F]{6}\b|rgba?\([^)]*\)", script.read_text()) == []
    asked = re.findall(r'theme\.color\("(--[\w-]+)"\)', script.read_text())
    assert set(asked) <= set(colors("day"))


@pytest.mark.parametrize("theme", ["day", "night"])
def test_what_is_not_known_looks_the_same_in_pictures(theme: Theme) -> None:
    assert NO_DATA_COLORS[theme] == colors(theme)["--no-data"]
