"""Pages made of maps: nothing from outside, a nonce on everything, hostile text inert."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import folium
import pytest
from folium.plugins import Draw

import layers
from geo.errors import InvalidInput
from layers import GridMap, TileSource, XyzBasemap
from tests.layers.test_inert import HOSTILE
from tests.layers.toy import toy_zone


class Loads(HTMLParser):
    """Collects what a page makes a browser load, and its inline scripts and styles."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        for name, value in attrs:
            if value and (name == "src" or (name == "href" and tag == "link")):
                self.loaded.append(value)


def full_map(name: str | None = None) -> GridMap:
    grids = toy_zone()
    if name is not None:
        grids["name"] = name
        grids["kind"] = name
    return layers.coverage_map(grids, tiles=TileSource(), level_labels=dict.fromkeys((1, 2, 3), name or "级"))


def test_a_saved_map_loads_nothing() -> None:
    page = Loads(full_map().get_root().render())
    assert page.loaded == []
    assert sum(tag == "script" for tag, _ in page.tags) > 5


def test_a_served_map_loads_our_files_only_and_checks_them() -> None:
    parts = full_map().parts(nonce="N0", assets="/static/vendor")
    page = Loads(parts.head + parts.body + parts.script)
    assert page.loaded
    assert all(
        re.fullmatch(r"/static/vendor/[0-9a-f]{16}/[\w.-]+\.(js|css)", address) for address in page.loaded
    )
    for tag, attributes in page.tags:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        if tag in {"script", "style", "link"}:
            assert attributes["nonce"] == "N0"
            assert ("integrity" in attributes) == ("src" in attributes or "href" in attributes)


def test_a_map_renders_the_same_twice() -> None:
    drawn = full_map()
    assert drawn.parts(nonce="N") == drawn.parts(nonce="N")


def test_it_shows_in_a_notebook() -> None:
    shown = full_map()._repr_html_()
    assert shown.count("<iframe") == 1
    assert "wangge.map" in shown


@pytest.mark.parametrize("nonce", ["", "N0"])
def test_hostile_names_stay_data(nonce: str) -> None:
    parts = full_map(HOSTILE).parts(nonce=nonce, assets="/static/vendor")
    markup = parts.head + parts.body + parts.script
    page = Loads(markup)
    assert {tag for tag, _ in page.tags} <= {"link", "script", "div"}
    assert sum(tag == "script" for tag, _ in page.tags) == markup.count("</script>")
    assert "\\u007b{ 7*7 }}" in parts.script
    assert "onerror" not in parts.head + parts.body


def test_a_hostile_nonce_attribution_or_title_stays_text() -> None:
    drawn = layers.coverage_map(
        toy_zone(), basemap=XyzBasemap("https://tiles.example/{z}/{x}/{y}.png", HOSTILE)
    )
    drawn.figure.title = HOSTILE
    whole = drawn.get_root().render()
    assert "<img" not in whole
    assert '"><script' not in drawn.parts(nonce='"><script>').script


@pytest.mark.parametrize(
    "part", [Draw(), folium.Marker([27.6, 113.9], icon=folium.Icon()), folium.Map(tiles=None)]
)
def test_parts_that_need_the_network_are_refused(part: folium.elements.MacroElement) -> None:
    drawn = full_map()
    if isinstance(part, folium.Map):
        drawn.figure.header.add_child(folium.elements.JavascriptLink("https://cdn.example/x.js"))
    elif isinstance(part, folium.Marker):
        drawn.figure.html.add_child(folium.elements.Element('<img src="//pictures.example/x.png">'))
    else:
        part.add_to(drawn)
    with pytest.raises(InvalidInput, match="network"):
        drawn.parts(assets="/static/vendor")


def test_parts_with_scripts_of_their_own_are_refused_where_a_nonce_is_needed() -> None:
    drawn = full_map()
    drawn.figure.header.add_child(folium.elements.Element("<style>body { color: red }</style>"))
    with pytest.raises(InvalidInput, match="security policy"):
        drawn.parts(nonce="N", assets="/static/vendor")
    assert "color: red" in drawn.parts(assets="/static/vendor").head


def test_folium_layers_that_need_nothing_can_be_added() -> None:
    drawn = full_map()
    folium.CircleMarker([27.65, 113.9], radius=4).add_to(drawn)
    assert "L.circleMarker" in drawn.parts(nonce="N", assets="/static/vendor").script


def test_a_layer_without_a_map_says_so() -> None:
    with pytest.raises(InvalidInput, match="not on a map"):
        layers.maps.Legend().render()
