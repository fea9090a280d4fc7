"""A Folium figure as a page, or as parts of a page, with nothing left to load from outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from typing import Any

from branca.element import CssLink, Element, Figure, JavascriptLink

from geo.errors import InvalidInput
from layers.libraries import Library, library_for


@dataclass(frozen=True)
class PageParts:
    """What a page is put together from; each is trusted markup.

    Attributes
    ----------
    head
        Style sheets and libraries.
    body
        The elements of the map.
    script
        The script element that draws it; comes after the body.
    """

    head: str
    body: str
    script: str


class MapFigure(Figure):
    """The root of a map: as Folium's own, but its libraries are ours.

    ``render()`` gives a whole page with every library inside it, for notebooks and saved files, where
    there is no server; ``parts(nonce=…, assets=…)`` gives what the web server puts into its own page.
    """

    def parts(self, *, nonce: str = "", assets: str | None = None) -> PageParts:
        """Render the map for a page.

        Parameters
        ----------
        nonce
            Put on every script and style element, for a content security policy; empty for none.
        assets
            Address below which our libraries are served; None writes them into the page.

        Raises
        ------
        InvalidInput
            If a part asks for anything from the network, or brings script or style elements of its own
            which the nonce could not be put on.
        """
        tags = _Tags(nonce, assets)
        with self._as_it_was():
            for child in list(self._children.values()):
                child.render()
            head = "\n".join(tags.head(element) for element in self.header._children.values())  # noqa: SLF001
            body = self.html.render()
            script = tags.script(self.script.render())
        for markup in (head, body):
            _check_local(markup)
        return PageParts(head, body, script)

    @contextmanager
    def _as_it_was(self) -> Iterator[None]:
        """Drop afterwards what rendering adds: Folium's layers would be added again with every rendering."""
        places = (self.header, self.html, self.script)
        before = [place._children.copy() for place in places]  # noqa: SLF001
        try:
            yield
        finally:
            for place, children in zip(places, before, strict=True):
                place._children = children  # noqa: SLF001

    def render(self, **kwargs: Any) -> str:  # noqa: ARG002 - the signature is Branca's
        """Return a whole page that needs neither server nor network."""
        parts = self.parts()
        title = f"<title>{escape(self.title)}</title>\n" if self.title else ""
        return (
            f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n{title}{parts.head}\n'
            f'</head>\n<body class="wangge-page">\n{parts.body}\n{parts.script}\n</body>\n</html>\n'
        )


class _Tags:
    """Writes script, style and link elements with a nonce."""

    def __init__(self, nonce: str, assets: str | None) -> None:
        self._nonce = f' nonce="{escape(nonce)}"' if nonce else ""
        self._assets = assets

    def head(self, element: Element) -> str:
        if isinstance(element, JavascriptLink | CssLink):
            return self._library(library_for(element.url))
        markup: str = element.render()
        if "<meta http-equiv=" in markup:
            return ""
        if self._nonce and ("<script" in markup.lower() or "<style" in markup.lower()):
            raise InvalidInput(
                f"{element.get_name()} brings a script or style of its own, which the page's security policy "
                "would block; draw it with a layer of the layers package"
            )
        return markup

    def script(self, code: str) -> str:
        return f"<script{self._nonce}>\n{code}\n</script>"

    def _library(self, library: Library) -> str:
        if self._assets is not None:
            return self._linked(library, library.address(self._assets))
        tag = "style" if library.is_style else "script"
        text = library.content.decode().replace(f"</{tag}", f"<\\/{tag}")
        return f"<{tag}{self._nonce}>{text}</{tag}>"

    def _linked(self, library: Library, address: str) -> str:
        checked = f'integrity="{library.integrity}"{self._nonce}'
        if library.is_style:
            return f'<link rel="stylesheet" href="{escape(address)}" {checked}>'
        return f'<script src="{escape(address)}" {checked}></script>'


class _LoadFinder(HTMLParser):
    """Finds what markup makes a browser load."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        loading = {"src", "srcset", "poster", "data"} | (
            {"href"} if tag in {"link", "image", "use"} else set()
        )
        for name, value in attrs:
            if name in loading and value and value.strip().lower().startswith(("http:", "https:", "//")):
                self.foreign.append(value)


def _check_local(markup: str) -> None:
    finder = _LoadFinder()
    finder.feed(markup)
    if finder.foreign:
        raise InvalidInput(
            f"the page would load {', '.join(finder.foreign)} from the network; serve a copy of it instead"
        )
