"""The browser libraries and fonts the maps need: our own copies, never an address on the network.

Folium names its libraries by addresses of content delivery networks. Each address it may ask for is mapped
to a file installed from ``layers/assets/package-lock.json`` or written by us (``layers/browser``); an
address that is not known raises, so that no page can ever load anything from outside.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import folium
from folium.plugins import HeatMap

from geo.errors import InvalidInput, NotFound
from layers import fonts

_HERE = Path(__file__).parent
_INSTALLED = _HERE / "assets" / "node_modules"
_OWN = _HERE / "browser"
_FONT = _INSTALLED / "@fontsource-variable/noto-sans-sc"

_FILES: dict[str, Path] = {
    fonts.STYLE: _FONT / "index.css",
    "leaflet.js": _INSTALLED / "leaflet/dist/leaflet.js",
    "leaflet.css": _INSTALLED / "leaflet/dist/leaflet.css",
    "leaflet-heat.js": _INSTALLED / "leaflet.heat/dist/leaflet-heat.js",
    "protomaps-leaflet.js": _INSTALLED / "protomaps-leaflet/dist/protomaps-leaflet.js",
    "supercluster.js": _INSTALLED / "supercluster/dist/supercluster.min.js",
    "swagger-ui-bundle.js": _INSTALLED / "swagger-ui-dist/swagger-ui-bundle.js",
    "swagger-ui.css": _INSTALLED / "swagger-ui-dist/swagger-ui.css",
} | {path.name: path for path in sorted([*_OWN.glob("*.js"), *_OWN.glob("*.css")])}
_FILES |= fonts.font_files(_FONT)

# Folium's own addresses, read from Folium itself so that a new version of it cannot slip one through.
_UPSTREAM: dict[str, str] = (
    {url: "leaflet.js" for name, url in folium.Map.default_js if name == "leaflet"}
    | {url: "leaflet.css" for name, url in folium.Map.default_css if name == "leaflet_css"}
    | {url: "leaflet-heat.js" for _, url in HeatMap.default_js}
)

_OURS = "wangge:"
_SOURCE_MAP = re.compile(rb"(?m)^(//# sourceMappingURL=.*|/\*# sourceMappingURL=.*?\*/)\s*$")
_IMAGE = re.compile(rb"url\((images/[\w.-]+)\)")


@dataclass(frozen=True)
class Library:
    """One script, style sheet or slice of a font.

    Attributes
    ----------
    name
        File name, the last part of its address.
    path
        Where the file lies.
    """

    name: str
    path: Path

    @cached_property
    def content(self) -> bytes:
        """The file as it is sent: images of a style sheet inlined, references to source maps cut."""
        try:
            if self.name == fonts.STYLE:
                return fonts.font_style(_FONT, lambda file: get_library(file).address("..")).encode()
            raw = self.path.read_bytes()
        except FileNotFoundError as missing:
            raise NotFound(
                f"browser library {self.path} is not installed; run 'npm ci' in layers/assets"
            ) from missing
        return raw if self.is_font else _IMAGE.sub(self._inlined, _SOURCE_MAP.sub(b"", raw))

    def _inlined(self, match: re.Match[bytes]) -> bytes:
        image = (self.path.parent / match.group(1).decode()).read_bytes()
        return b"url(data:image/png;base64," + base64.b64encode(image) + b")"

    @cached_property
    def digest(self) -> str:
        """Short hash of the content, part of the address so that browsers may keep it for ever."""
        return hashlib.sha256(self.content).hexdigest()[:16]

    @cached_property
    def integrity(self) -> str:
        """Subresource integrity of the content."""
        return "sha384-" + base64.b64encode(hashlib.sha384(self.content).digest()).decode()

    @property
    def is_style(self) -> bool:
        """Whether it is a style sheet rather than a script."""
        return self.name.endswith(".css")

    @property
    def is_font(self) -> bool:
        """Whether it is a font, which is compressed in itself."""
        return self.name.endswith(".woff2")

    @property
    def media_type(self) -> str:
        """Media type to send it as."""
        if self.is_font:
            return "font/woff2"
        return f"text/{'css' if self.is_style else 'javascript'}; charset=utf-8"

    def address(self, base: str) -> str:
        """Return where it is served, below ``base``."""
        return f"{base}/{self.digest}/{self.name}"


@cache
def get_library(name: str) -> Library:
    """Return the library with that file name.

    Raises
    ------
    NotFound
        If there is none.
    """
    if name not in _FILES:
        known = ", ".join(known for known in _FILES if not known.endswith(".woff2"))
        raise NotFound(f"there is no browser library {name!r}; known are {known}")
    return Library(name, _FILES[name])


def find_library(name: str, digest: str) -> Library | None:
    """Return the library as addressed by a page, or None if this version does not exist."""
    if name not in _FILES:
        return None
    library = get_library(name)
    return library if library.digest == digest else None


def library_for(url: str) -> Library:
    """Return our copy of what a part of a page asks for.

    Parameters
    ----------
    url
        An address used by Folium, or ``wangge:NAME`` for a file by name.

    Raises
    ------
    InvalidInput
        If there is no copy: the page would load something from the network.
    """
    name = url.removeprefix(_OURS) if url.startswith(_OURS) else _UPSTREAM.get(url)
    if name is None:
        raise InvalidInput(
            f"{url} would be loaded from the network; install it and list it in layers.libraries"
        )
    return get_library(name)


def own(*names: str) -> list[tuple[str, str]]:
    """Return files by name in the form of Folium's ``default_js`` and ``default_css``.

    >>> own("core.js")
    [('core.js', 'wangge:core.js')]
    """
    return [(name, _OURS + name) for name in names]
