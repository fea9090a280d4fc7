"""How far apart two colours look, also to colour-blind eyes.

Simulation: Viénot, Brettel, Mollon (1999), "Digital video colourmaps for checking the legibility of displays
by dichromats", in linear RGB. Difference: CIE76 in CIELAB (D65). Contrast: WCAG 2.2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_TO_LMS = np.array([[17.8824, 43.5161, 4.11935], [3.45565, 27.1554, 3.86714], [0.0299566, 0.184309, 1.46709]])
_SEEN = {
    "normal": np.eye(3),
    "protanopia": np.array([[0, 2.02344, -2.52581], [0, 1, 0], [0, 0, 1]]),
    "deuteranopia": np.array([[1, 0, 0], [0.494207, 0, 1.24827], [0, 0, 1]]),
}
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = _TO_XYZ @ np.ones(3)
VISIONS = tuple(_SEEN)


def difference(one: str, other: str, vision: str) -> float:
    """Delta E between two colours like ``#ffeda0`` as that kind of eye sees them."""
    return float(np.linalg.norm(_lab(one, vision) - _lab(other, vision)))


def lightness(color: str) -> float:
    """CIE L* of a colour, 0 to 100."""
    return float(_lab(color, "normal")[0])


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21: WCAG 2.2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    return float((_TO_XYZ @ _linear(color))[1])


def _linear(color: str) -> Floats:
    rgb = np.array([int(color[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _lab(color: str, vision: str) -> Floats:
    seen = np.linalg.inv(_TO_LMS) @ _SEEN[vision] @ _TO_LMS @ _linear(color)
    x, y, z = _root(_TO_XYZ @ np.clip(seen, 0, 1) / _WHITE)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _root(share: Floats) -> Floats:
    return np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
