"""Chinese letters for machines that have none: Noto Sans SC in slices, loaded when one is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

FAMILY = "Wangge Sans"
STYLE = "fonts.css"

# Full and PostScript names by which browsers find a font that is installed; one of them is enough.
_INSTALLED_NAMES = (
    "Noto Sans CJK SC",
    "NotoSansCJKsc-Regular",
    "Noto Sans SC",
    "NotoSansSC-Regular",
    "Source Han Sans SC",
    "SourceHanSansSC-Regular",
    "Source Han Sans CN",
    "PingFang SC",
    "PingFangSC-Regular",
    "HarmonyOS Sans SC",
    "Microsoft YaHei",
    "MicrosoftYaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "SimSun",
)
_FACE = re.compile(r"@font-face \{(.*?)\}", re.DOTALL)
# Slices with Chinese letters are numbered; those named after an alphabet every machine has itself.
_FILE = re.compile(r"url\(\./files/([\w-]+-\d+-wght-normal\.woff2)\)")
_RANGE = re.compile(r"unicode-range: *([^;]+);")


def font_files(package: Path) -> dict[str, Path]:
    """Return the slices of a Fontsource package by file name; empty where it is not installed."""
    return {path.name: path for path in sorted((package / "files").glob("*.woff2"))}


def font_style(package: Path, address: Callable[[str], str]) -> str:
    """Write the style sheet of the font.

    Parameters
    ----------
    package
        Folder of a Fontsource package with variable weights.
    address
        Where the slice of that file name is served.

    Returns
    -------
    str
        One ``@font-face`` a slice that has Chinese letters. Fonts of the reader's own machine come first in
        each, so that nothing is loaded where there is one.
    """
    own = ", ".join(f'local("{name}")' for name in _INSTALLED_NAMES)
    faces = _FACE.findall((package / "index.css").read_text())
    return "\n".join(_face(face, own, address) for face in faces if _FILE.search(face))


def _face(face: str, own: str, address: Callable[[str], str]) -> str:
    (file,), (letters,) = _FILE.findall(face), _RANGE.findall(face)
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: 100 900; font-display: swap; '
        f'src: {own}, url("{address(file)}") format("woff2"); unicode-range: {letters}; }}'
    )
