"""What every part of our maps has in common: a call of one function in our browser modules."""

from __future__ import annotations

from typing import Any, ClassVar

from branca.element import Element, Figure
from folium.elements import JSCSSMixin
from folium.map import Layer

from geo.errors import InvalidInput
from layers.inert import inert_json
from layers.libraries import own


class Verbatim(Element):
    """Text that goes into a page as it is."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **kwargs: Any) -> str:  # noqa: ARG002 - the signature is Branca's
        """Return the text."""
        return self._text


class Drawn(JSCSSMixin, Layer):
    """A layer or control drawn by ``wangge.<function>(options)`` in the browser.

    Subclasses say the function and give its options, which are only ever passed as inert JSON. It stands
    among other Folium layers: ``layer.add_to(map)`` is all there is to do.
    """

    function: ClassVar[str]
    default_js = own("core.js")
    default_css = own("theme.css", "map.css")

    def __init__(self) -> None:
        super().__init__(overlay=True, control=False)
        self._name = type(self).__name__

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]  # as Folium's own layers do
        """Put the call into the figure's script.

        Folium would render the text as a template once more, data included; it is put there as it is.
        """
        code = f"var {self.get_name()} = wangge.{self.function}({inert_json(self.options())});"
        figure = self.get_root()
        if not isinstance(figure, Figure):
            raise InvalidInput(f"{self._name} is not on a map; add it to one before drawing it")
        figure.script.add_child(Verbatim(code), name=self.get_name())
        super().render(**kwargs)  # type: ignore[no-untyped-call]

    def options(self) -> dict[str, Any]:
        """Return what the browser function is given."""
        raise NotImplementedError
