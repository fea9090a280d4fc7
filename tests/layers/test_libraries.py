"""Browser libraries: our own copies, or a loud refusal."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import folium
import pytest
from folium.plugins import Draw, HeatMap

from geo.errors import InvalidInput, NotFound
from layers import libraries
from layers.libraries import Library, find_library, get_library, library_for

ASSETS = Path(libraries.__file__).parent / "assets"


def test_folium_own_addresses_lead_to_our_copies() -> None:
    urls = dict(folium.Map.default_js) | dict(folium.Map.default_css) | dict(HeatMap.default_js)
    assert library_for(urls["leaflet"]).name == "leaflet.js"
    assert library_for(urls["leaflet_css"]).name == "leaflet.css"
    assert library_for(urls["leaflet-heat.js"]).name == "leaflet-heat.js"


@pytest.mark.parametrize(
    "url", [url for _, url in Draw.default_js] + ["//cdn.example/x.js", "wangge:nothing.js"]
)
def test_everything_else_is_refused(url: str) -> None:
    with pytest.raises((InvalidInput, NotFound)):
        library_for(url)


@pytest.mark.parametrize("name", list(libraries._FILES))
def test_content_asks_for_nothing_more(name: str) -> None:
    content = get_library(name).content
    assert b"sourceMappingURL=" not in content or name.startswith("swagger")
    assert b"url(images/" not in content


def test_address_and_integrity_follow_the_content(tmp_path: Path) -> None:
    file = tmp_path / "one.js"
    file.write_text("let a = 1;")
    one = Library("one.js", file)
    assert one.digest in one.address("/static/vendor")
    assert one.integrity == "sha384-" + base64.b64encode(hashlib.sha384(b"let a = 1;").digest()).decode()
    file.write_text("let a = 2;")
    assert Library("one.js", file).digest != one.digest


def test_only_the_version_there_is_can_be_found() -> None:
    library = get_library("leaflet.js")
    assert find_library("leaflet.js", library.digest) is library
    assert find_library("leaflet.js", "0" * 16) is None
    assert find_library("../package.json", library.digest) is None


def test_a_library_not_installed_says_how(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="npm ci"):
        _ = Library("gone.js", tmp_path / "gone.js").content


def test_the_lock_pins_every_package_and_names_no_registry() -> None:
    wanted = json.loads((ASSETS / "package.json").read_text())["dependencies"]
    text = (ASSETS / "package-lock.json").read_text()
    assert all(version[0].isdigit() for version in wanted.values())
    assert "http" not in text
    packages = json.loads(text)["packages"]
    assert all("integrity" in package for path, package in packages.items() if path)
