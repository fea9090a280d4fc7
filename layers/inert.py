"""Data into a script without any part of it ever becoming script, markup or template."""

from __future__ import annotations

import json
import re

_UNSAFE = re.compile(r"[<>&'\u2028\u2029]|\{(?=[{%#])")


def inert_json(value: object) -> str:
    r"""Return ``value`` as JSON that is inert inside a script element of a Folium page.

    Everything that could end the script element, start markup or, because Branca renders each part of a page
    through Jinja a second time, start a template expression is written as a ``\uXXXX`` escape. Outside of
    strings compact JSON never has two such characters in a row, so the text stays equal as JSON.

    Raises
    ------
    ValueError
        For NaN and infinities, which JSON does not have; write ``None``.

    >>> inert_json("</script>{{ 7 * 7 }}")
    '"\\u003c/script\\u003e\\u007b{ 7 * 7 }}"'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
