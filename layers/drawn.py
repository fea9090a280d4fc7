"""What every part of our maps has in common: a call of one function in our browser modules."""

from __future__ import annotations

from typing import Any, ClassVar

from folium.elements import JSCSSMixin
from folium.map import Layer
from folium.template import Template

from layers.inert import inert_json
from layers.libraries import own


class Drawn(JSCSSMixin, Layer):
    """A layer or control drawn by ``wangge.<function>(options)`` in the browser.

    Subclasses say the function and give its options, which are only ever passed as inert JSON. It stands
    among other Folium layers: ``layer.add_to(map)`` is all there is to do.
    """

    function: ClassVar[str]
    default_js = own("core.js")
    default_css = own("map.css")

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = wangge.{{ this.function }}({{ this.inert_options() }});\n"
        "{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__(overlay=True, control=False)
        self._name = type(self).__name__

    def options(self) -> dict[str, Any]:
        """Return what the browser function is given."""
        raise NotImplementedError

    def inert_options(self) -> str:
        """Return the options as text for the page."""
        return inert_json(self.options())
