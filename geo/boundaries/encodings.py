"""Which encoding old text is in: declared, or found with evidence, or asked for; never silently garbled."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass

from geo.errors import InvalidFile

#: What people and .cpg files write, and the superset that decodes it.
_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "936": "gb18030",
    "ansi 936": "gb18030",
    "gb18030": "gb18030",
    "950": "cp950",
    "ansi 950": "cp950",
    "big5": "cp950",
    "big-5": "cp950",
    "cp950": "cp950",
    "big5-hkscs": "big5hkscs",
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "65001": "utf-8",
    "utf-8-sig": "utf-8-sig",
}
_SHOWN = {"gb18030": "GB18030", "cp950": "Big5", "utf-8": "UTF-8", "big5hkscs": "Big5-HKSCS"}
#: By how much one reading must look more like a language than the other.
_MARGIN = 0.15
_SAMPLE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding and why it was chosen."""

    name: str
    evidence: str

    @property
    def shown(self) -> str:
        """The name as people write it."""
        return _SHOWN.get(self.name, self.name)


def declared_encoding(name: str, whence: str) -> Encoding:
    """An encoding somebody names.

    Raises
    ------
    InvalidFile
        There is no encoding of that name.
    """
    key = name.strip().lower().replace("_", "-")
    resolved = _ALIASES.get(key, key)
    try:
        info = codecs.lookup(resolved)
    except LookupError as error:
        raise InvalidFile(f"encoding {name[:40]!r} is not known; use UTF-8, GB18030 (GBK) or Big5") from error
    if not getattr(info, "_is_text_encoding", True):
        raise InvalidFile(f"encoding {name[:40]!r} is no text encoding; use UTF-8, GB18030 (GBK) or Big5")
    return Encoding(resolved, whence)


def find_encoding(samples: Iterable[bytes], what: str) -> Encoding:
    """Choose among UTF-8, GB18030 and Big5 by what the bytes themselves show.

    Raises
    ------
    InvalidFile
        They are none of the three, or could be two of them.
    """
    text = b"\n".join(_some(samples))
    if text.isascii():
        return Encoding("utf-8", "all text is ASCII")
    if _decodes(text, "utf-8"):
        return Encoding("utf-8", "all text is valid UTF-8")
    readings = {name: _likeness(text, name) for name in ("gb18030", "cp950")}
    best = max(readings, key=lambda name: readings[name])
    other = min(readings, key=lambda name: readings[name])
    if readings[best] < 0.5 or readings[best] - readings[other] < _MARGIN:
        raise InvalidFile(
            f"{what}: the encoding of its text cannot be told "
            f"(common characters: GB18030 {readings['gb18030']:.0%}, Big5 {readings['cp950']:.0%}); "
            "say --encoding GB18030, Big5 or UTF-8"
        )
    example = _example(text, best)
    return Encoding(
        best,
        f"no encoding is declared; as {_SHOWN[best]} {readings[best]:.0%} of the Chinese characters are "
        f"common ones, as {_SHOWN[other]} {readings[other]:.0%}; for example {example!r}",
    )


def decode(raw: bytes, encoding: Encoding, where: str) -> str:
    """Decode strictly.

    Raises
    ------
    InvalidFile
        The bytes are not in that encoding.
    """
    try:
        return raw.decode(encoding.name)
    except UnicodeDecodeError as error:
        raise InvalidFile(
            f"{where}: {raw[error.start : error.start + 8]!r} is no {encoding.shown} text "
            f"({encoding.evidence}); say --encoding GB18030, Big5 or UTF-8"
        ) from error


def _some(samples: Iterable[bytes]) -> Iterable[bytes]:
    size = 0
    for sample in samples:
        if not sample.isascii():
            size += len(sample)
            yield sample
        if size > _SAMPLE_BYTES:
            return


def _decodes(text: bytes, encoding: str) -> bool:
    # A sample may end within a character, so the end is not held to be final.
    try:
        codecs.getincrementaldecoder(encoding)().decode(text, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _likeness(text: bytes, encoding: str) -> float:
    """Share of the characters beyond ASCII that are among its commonest; 0 if it cannot be decoded."""
    try:
        decoded = codecs.getincrementaldecoder(encoding)().decode(text, final=False)
    except UnicodeDecodeError:
        return 0.0
    foreign = [character for character in decoded if character > "\x7f"]
    return sum(_is_common(character, encoding) for character in foreign) / len(foreign) if foreign else 0.0


def _is_common(character: str, encoding: str) -> bool:
    """Whether a character is on the first level of GB 2312 or of Big5, or their punctuation."""
    try:
        lead, *rest = character.encode("gb2312" if encoding == "gb18030" else "big5")
    except UnicodeEncodeError:
        return False
    if not rest:
        return False
    return (
        0xB0 <= lead <= 0xD7 or lead in (0xA1, 0xA3)
        if encoding == "gb18030"
        else 0xA4 <= lead <= 0xC6 or lead in (0xA1, 0xA2)
    )


def _example(text: bytes, encoding: str) -> str:
    decoded = text.decode(encoding, errors="ignore")
    return next((line.strip()[:20] for line in decoded.splitlines() if not line.isascii()), "")
